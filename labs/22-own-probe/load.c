/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Loads an eBPF program, attaches it, and runs a command under it.
 *
 *	load OBJECT COMMAND [ARG...]
 *
 * It sets key 0 of the map `target` to the process of the command, and prints the
 * map `calls` when the command has ended. It prints the end of what the verifier
 * said. If the kernel refuses the program, the last line is the message.
 *
 * In: an object of clang -target bpf. Out: "loaded", "family 2 port 9007: 3" for
 * each key. Exit status: 0; 1 refused, or an error.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct key {
	__u32 family, port;
};

#define MOST_LINES 1000 /* of the verifier's log; a loop makes it very long */

static char verifier_log[1 << 20];

static int silent(enum libbpf_print_level level, const char *format,
		  va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

/* Where the log's last line begins: "processed 52 insns ...". */
static const char *log_end(void)
{
	const char *end = verifier_log;

	while (strncmp(end, "processed ", 10) != 0 && strchr(end, '\n'))
		end = strchr(end, '\n') + 1;
	return end;
}

/* Where the last `count` lines before `end` begin. */
static const char *last_lines(const char *end, int count)
{
	while (end > verifier_log && (end[-1] != '\n' || count-- > 0))
		end--;
	return end;
}

/* Prints the log, without the line "processed ...". */
static void print_log(void)
{
	const char *end = log_end(), *line = last_lines(end, MOST_LINES);
	int length;

	if (line > verifier_log)
		puts("verifier: (the beginning of the log is left out)");
	for (; line < end; line += length + 1) {
		length = (int)strcspn(line, "\n");
		printf("verifier: %.*s\n", length, line);
	}
}

/*
 * Prints the log; its last line but one is the message. Before Linux 6.4 a log
 * that is too long has only its beginning, and no message.
 */
static void print_refused(int err)
{
	const char *end = log_end(), *message = last_lines(end, 1);

	print_log();
	if (err == -ENOSPC && strncmp(end, "processed ", 10) != 0)
		puts("refused: the log is too long; is there a loop?");
	else if (message < end)
		printf("refused: %.*s\n", (int)strcspn(message, "\n"), message);
	else
		printf("refused: %s\n", strerror(-err));
}

/* Loads all programs of the object. 0 or -errno; the log is in verifier_log. */
static int load_logged(struct bpf_object *object, int level)
{
	struct bpf_program *program = bpf_object__next_program(object, NULL);

	bpf_program__set_log_level(program, (__u32)level);
	bpf_program__set_log_buf(program, verifier_log, sizeof(verifier_log));
	return bpf_object__load(object);
}

/*
 * Prints "loaded", and "processed 52 insns", which ends the log. Of a program that
 * it accepts the verifier keeps the rest at level 2 only. There a long log is an
 * error (ENOSPC), so a second object is loaded for it, and closed again.
 */
static void print_accepted(const char *file)
{
	struct bpf_object *again = bpf_object__open(file);
	const char *end = log_end();
	char processed[80];

	snprintf(processed, sizeof(processed), "%.*s", (int)strcspn(end, "("),
		 end);
	if (again && load_logged(again, 2) == 0)
		print_log();
	bpf_object__close(again);
	puts("loaded");
	printf("verifier: %s\n", processed);
}

/* Loads the object that was opened from that file. 0 or -errno, after a line. */
static int load(struct bpf_object *object, const char *file)
{
	int err;

	if (!bpf_object__next_program(object, NULL)) {
		puts("refused: the object has no program");
		return -ENOENT;
	}
	err = load_logged(object, 1);
	if (err)
		print_refused(err);
	else
		print_accepted(file);
	return err;
}

/* A child that executes the command once the pipe is closed. Its ID or -errno. */
static pid_t prepare(char **command, int pipe_fds[2])
{
	pid_t pid;
	char byte;

	if (pipe(pipe_fds) < 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		close(pipe_fds[1]);
		while (read(pipe_fds[0], &byte, 1) > 0)
			;
		close(pipe_fds[0]);
		execvp(command[0], command);
		fprintf(stderr, "%s: %s\n", command[0], strerror(errno));
		_exit(127);
	}
	close(pipe_fds[0]);
	return pid < 0 ? -errno : pid;
}

static int set_target(struct bpf_object *object, pid_t pid)
{
	int fd = bpf_object__find_map_fd_by_name(object, "target");
	const __u32 first = 0, value = (__u32)pid;

	return fd < 0 ? fd : bpf_map_update_elem(fd, &first, &value, BPF_ANY);
}

static void print_calls(struct bpf_object *object)
{
	int fd = bpf_object__find_map_fd_by_name(object, "calls");
	struct key key, *last = NULL;
	__u64 count;

	while (bpf_map_get_next_key(fd, last, &key) == 0) {
		if (bpf_map_lookup_elem(fd, &key, &count) == 0)
			printf("family %u port %u: %llu\n", key.family,
			       key.port, (unsigned long long)count);
		last = &key;
	}
}

/* Runs the command with the program attached. 0 or -errno, after a line. */
static int watch(struct bpf_object *object, char **command)
{
	struct bpf_program *program = bpf_object__next_program(object, NULL);
	struct bpf_link *link = bpf_program__attach(program);
	int pipe_fds[2], err = link ? 0 : -errno;
	pid_t pid;

	if (err) {
		printf("not attached: %s\n", strerror(-err));
		return err;
	}
	pid = prepare(command, pipe_fds);
	err = pid < 0 ? pid : set_target(object, pid);
	if (pid > 0) {
		close(pipe_fds[1]);
		waitpid(pid, NULL, 0);
	}
	bpf_link__destroy(link);
	if (err)
		printf("cannot run the command: %s\n", strerror(-err));
	else
		print_calls(object);
	return err;
}

int main(int argc, char **argv)
{
	struct bpf_object *object;
	int err;

	if (argc < 3) {
		fprintf(stderr, "usage: %s OBJECT COMMAND...\n", argv[0]);
		return 64;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* the command prints, too */
	libbpf_set_print(silent);
	object = bpf_object__open(argv[1]);
	err = object ? load(object, argv[1]) : -errno;
	if (!object)
		printf("%s: %s\n", argv[1], strerror(-err));
	if (!err)
		err = watch(object, argv + 2);
	bpf_object__close(object);
	return err != 0;
}
