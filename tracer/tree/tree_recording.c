// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A recording of `tracer tree`:
 *
 *   tree 1 CALL KERNEL instance|global FUNCTIONS   the first line
 *   self TID SELFTESTS FROM TO LOST                the second
 *   comm TID NAME
 *   C TIME TID CONTEXT DESCRIPTOR                  into the system call
 *   R TIME TID CONTEXT RESULT                      out of it
 *   > TIME TID CONTEXT FUNCTION                    into a function
 *   < TIME TID CONTEXT FUNCTION NANOSECONDS        out of it
 *   P TIME TID CONTEXT DEVICE BYTES                a packet
 *   - TIME TID CONTEXT, + TIME TID CONTEXT         off a CPU, on a CPU
 *
 * CONTEXT is t, s or h: task, softirq, hardirq. Times are nanoseconds.
 */
#include "tree_recording.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "record/recording.h"
#include "record/text.h"

#define VERSION   1
#define NAME_SIZE 256

static const char kinds[] = {
	[TREE_CALL] = 'C', [TREE_RESULT] = 'R', [TREE_ENTRY] = '>',
	[TREE_EXIT] = '<', [TREE_PACKET] = 'P', [TREE_OFF] = '-',
	[TREE_ON] = '+',
};
static const char contexts[] = {
	[TREE_TASK] = 't',
	[TREE_SOFTIRQ] = 's',
	[TREE_HARDIRQ] = 'h',
};

static void write_event(FILE *out, const struct tree_event *event)
{
	fprintf(out, "%c %" PRIu64 " %d %c", kinds[event->kind], event->ts_ns,
		event->tid, contexts[event->context]);
	if (event->name)
		fprintf(out, " %s", event->name);
	if (event->kind <= TREE_RESULT || event->kind == TREE_EXIT ||
	    event->kind == TREE_PACKET)
		fprintf(out, " %" PRId64, event->value);
	fputc('\n', out);
}

static void write_comm(FILE *out, pid_t tid, const char *comm)
{
	char buf[4 * 16 + 1];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	text_escape(&text, comm, strnlen(comm, 16), true);
	fprintf(out, "comm %d %s\n", tid, buf);
}

void tree_recording_write(FILE *out, const struct tree_log *log)
{
	fprintf(out, "tree %d %s %s %s %u\n", VERSION, log->syscall,
		log->kernel, log->instance ? "instance" : "global",
		log->functions);
	fprintf(out, "self %d %u %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		log->self, log->walks, log->show_from, log->show_to, log->lost);
	tree_log_comms(log, write_comm, out);
	for (size_t i = 0; i < log->len; i++)
		write_event(out, &log->events[i]);
}

/* The index of @c in @letters of @len, or -1. */
static int letter(const char *letters, size_t len, char c)
{
	const char *found = memchr(letters, c, len);

	return found ? found - letters : -1;
}

static int read_event(struct tree_log *log, const char *line)
{
	char kind, context, name[NAME_SIZE] = "";
	struct tree_event event = {0};
	const char *rest;
	int at = 0, k, c;

	if (sscanf(line, "%c %" SCNu64 " %d %c%n", &kind, &event.ts_ns,
		   &event.tid, &context, &at) != 4)
		return -EINVAL;
	k = letter(kinds, sizeof(kinds), kind);
	c = letter(contexts, sizeof(contexts), context);
	if (k < 0 || c < 0)
		return -EINVAL;
	event.kind = k;
	event.context = c;
	rest = line + at;
	switch (event.kind) {
	case TREE_CALL:
	case TREE_RESULT:
		if (sscanf(rest, "%" SCNd64, &event.value) != 1)
			return -EINVAL;
		break;
	case TREE_ENTRY:
		if (sscanf(rest, "%255s", name) != 1)
			return -EINVAL;
		break;
	case TREE_EXIT:
	case TREE_PACKET:
		if (sscanf(rest, "%255s %" SCNd64, name, &event.value) != 2)
			return -EINVAL;
		break;
	case TREE_OFF:
	case TREE_ON:
		break;
	}
	event.name = *name ? name : NULL;
	return tree_log_add(log, &event);
}

static int tree_recording_comm(struct tree_log *log, const char *line)
{
	char escaped[4 * 16 + 1], comm[4 * 16 + 1];
	pid_t tid;

	if (sscanf(line, "comm %d %64[^\n]", &tid, escaped) != 2)
		return -EINVAL;
	comm[text_unescape(comm, sizeof(comm), escaped)] = '\0';
	return tree_log_comm(log, tid, comm);
}

static int read_first(struct tree_log *log, const char *line)
{
	char call[16], kernel[128], where[16];
	int version;

	if (sscanf(line, "tree %d %15s %127s %15s %u", &version, call, kernel,
		   where, &log->functions) != 5 ||
	    version != VERSION)
		return -EINVAL;
	log->instance = strcmp(where, "instance") == 0;
	log->syscall = tree_log_word(log, call);
	log->kernel = tree_log_word(log, kernel);
	return log->syscall && log->kernel ? 0 : -ENOMEM;
}

static int read_second(struct tree_log *log, const char *line)
{
	return sscanf(line, "self %d %u %" SCNu64 " %" SCNu64 " %" SCNu64 "",
		      &log->self, &log->walks, &log->show_from, &log->show_to,
		      &log->lost) == 5 ?
		       0 :
		       -EINVAL;
}

static int read_line(struct tree_log *log, const struct line_reader *reader)
{
	const char *line = reader->line;

	if (reader->number == 1)
		return read_first(log, line);
	if (reader->number == 2)
		return read_second(log, line);
	if (strncmp(line, "comm ", 5) == 0)
		return tree_recording_comm(log, line);
	return read_event(log, line);
}

int tree_recording_read(FILE *in, struct tree_log *log, unsigned long *line)
{
	struct line_reader reader = {.file = in};
	int len, err = 0;

	while (!err && (len = line_reader_next(&reader)) > 0)
		err = log->len < TREE_EVENTS_MAX ? read_line(log, &reader) :
						   -E2BIG;
	if (!err && len < 0)
		err = len;
	if (!err && reader.number < 2)
		err = -EINVAL;
	*line = reader.number;
	line_reader_fini(&reader);
	tree_log_sort(log);
	return err;
}
