// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Performs a list of socket operations and reports what each call did. It is
 * the program under study of the differential fuzzer.
 *
 *   play_program PROGRAM LOG     read PROGRAM, append one JSON line a call to LOG
 *
 * PROGRAM has one operation a line. S and T are slots of the socket table.
 *
 *   socket S KIND            udp4 udp6 tcp4 tcp6 udplite ping raw-udp raw-tcp
 *   bind S ADDRESS PORT
 *   connect S ADDRESS PORT   ADDRESS also: unspec, bad (pointer), short (length)
 *   send S FORM LEN [ADDRESS PORT]
 *                            send sendto sendmsg sendmmsg write writev
 *                            flood (20 times sendto)
 *   option S NAME            nonblock reuse fastopen linger
 *   dup S T                  slot T gets a second descriptor of the socket
 *   close S
 *   wait S                   until writable, at most 100 ms
 *   thread N, fork N         the next N operations run in a thread, in a child
 *   join                     wait until the threads and children have ended
 *   times N [MICROSECONDS]   do the next operation N times, with a pause
 *
 * Each datagram starts with the inode of the socket that sent it. A capture then
 * shows the sender, which a port does not when two sockets share it.
 *
 * judge.py compares the log with what the tracer printed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "play.h"

/* What a thread does: operations first … first + len - 1. */
struct part {
	struct play *play;
	int first, len;
};

const char *op_word(const struct op *op, int at)
{
	return at < op->words ? op->word[at] : "";
}

int op_number(const struct op *op, int at)
{
	return atoi(op_word(op, at));
}

static void do_join(struct play *play)
{
	while (play->threads > 0)
		pthread_join(play->thread[--play->threads], NULL);
	while (wait(NULL) > 0)
		;
}

static void run(struct play *play, int first, int end);

static void *run_part(void *argument)
{
	struct part *part = argument;

	run(part->play, part->first, part->first + part->len);
	free(part);
	return NULL;
}

static void start_thread(struct play *play, int first, int len)
{
	struct part *part = malloc(sizeof(*part));

	if (!part || play->threads == THREADS)
		exit(70);
	*part = (struct part){play, first, len};
	if (pthread_create(&play->thread[play->threads++], NULL, run_part,
			   part))
		exit(70);
}

static void start_child(struct play *play, int first, int len)
{
	pid_t child = fork();

	if (child < 0)
		exit(70);
	if (child > 0)
		return;
	play->threads = 0; /* those of the parent */
	run(play, first, first + len);
	do_join(play);
	_exit(0);
}

/* Operations first … end - 1, those alongside them started on the way. */
static void run(struct play *play, int first, int end)
{
	int times = 1, pause_us = 0;

	for (int at = first; at < end && at < play->ops; at++) {
		const struct op *op = &play->op[at];
		int count = op_number(op, 1);

		if (strcmp(op_word(op, 0), "thread") == 0) {
			start_thread(play, at + 1, count);
			at += count;
			continue;
		} else if (strcmp(op_word(op, 0), "fork") == 0) {
			start_child(play, at + 1, count);
			at += count;
			continue;
		} else if (strcmp(op_word(op, 0), "join") == 0) {
			do_join(play);
			continue;
		} else if (strcmp(op_word(op, 0), "times") == 0) {
			times = count;
			pause_us = op_number(op, 2);
			continue;
		}
		for (int i = 0; i < times; i++) {
			play_call(play, at);
			if (pause_us)
				usleep(pause_us);
		}
		times = 1;
		pause_us = 0;
	}
}

static int read_program(struct play *play, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL, *rest, *next;
	size_t room = 0;

	if (!file)
		return -errno;
	while (play->ops < OPS_MAX && getline(&line, &room, file) > 0) {
		struct op *op = &play->op[play->ops];

		rest = strdup(line); /* kept: the words are in it */
		while (op->words < WORDS &&
		       (next = strtok_r(rest, " \n", &rest)) && *next != '#')
			op->word[op->words++] = next;
		if (op->words)
			play->ops++;
	}
	free(line);
	fclose(file);
	return 0;
}

int main(int argc, char **argv)
{
	static struct play play;
	int log;

	if (argc != 3 || read_program(&play, argv[1])) {
		fprintf(stderr, "usage: play_program PROGRAM LOG\n");
		return 64;
	}
	log = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (log < 0 || dup2(log, LOG_FD) < 0) {
		perror(argv[2]);
		return 73;
	}
	close(log);
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < SLOTS; i++)
		play.slot[i] = (struct slot){-1, 0, "none"};
	run(&play, 0, play.ops);
	do_join(&play);
	return 0;
}
