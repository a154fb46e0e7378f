/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The events of one run of `tracer tree`: the only output of the live side
 * (graph.c), and the only input of the pure side.
 *
 *   in:  events of ftrace, or a recording (tree_recording.c)
 *   out: the events in order of time, every string kept once
 */
#ifndef DIALTONE_TREE_LOG_H
#define DIALTONE_TREE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* What a CPU was doing (common_flags; Documentation/trace/ftrace.rst). */
enum tree_context {
	TREE_TASK,
	TREE_SOFTIRQ,
	TREE_HARDIRQ,
};

enum tree_kind {
	TREE_CALL,   /* into the system call; value: its descriptor */
	TREE_RESULT, /* out of it; value: what it returned */
	TREE_ENTRY,  /* into the function @name */
	TREE_EXIT,   /* out of it; value: nanoseconds since its entry */
	TREE_PACKET, /* queued to the device @name; value: bytes, link header
			included */
	TREE_OFF,    /* the task leaves its CPU */
	TREE_ON,     /* and has one again */
};

struct tree_event {
	uint64_t ts_ns;   /* CLOCK_MONOTONIC */
	uint32_t seq;     /* set by tree_log_add(): the order of arrival */
	pid_t tid;        /* of the initial pid namespace */
	const char *name; /* NULL where the kind has none */
	int64_t value;
	enum tree_kind kind : 8;
	enum tree_context context : 8;
};

/* The most events that a run takes, or a recording: 40 bytes each. */
#define TREE_EVENTS_MAX 4000000

struct tree_comm; /* the name of a task */
struct tree_word; /* one of the strings */

struct tree_log {
	const char *syscall; /* "connect" */
	const char *kernel;  /* uname -r */
	bool instance;       /* of an ftrace instance, not the global tracer */
	unsigned int functions;      /* watched */
	pid_t self;                  /* the tracer's own: its self-tests */
	uint64_t show_from, show_to; /* but in this time its calls are shown */
	unsigned int walks;          /* self-tests sent */
	uint64_t lost;               /* events, by ftrace's own count */

	struct tree_event *events;
	size_t len, room;
	struct tree_comm *comms;
	struct tree_word *words;
};

/* @string as it is kept: it lives as long as @log. NULL: no memory. */
const char *tree_log_word(struct tree_log *log, const char *string);

/* Adds a copy of @event and of its name. 0 or -ENOMEM. */
int tree_log_add(struct tree_log *log, const struct tree_event *event);

/* Notes the name of a task; the first stays. 0 or -ENOMEM. */
int tree_log_comm(struct tree_log *log, pid_t tid, const char *comm);

/* The name of @tid, or "". */
const char *tree_log_find_comm(const struct tree_log *log, pid_t tid);

/* Calls @each with the name of each task, in the order of tree_log_comm(). */
void tree_log_comms(const struct tree_log *log,
		    void (*each)(FILE *out, pid_t tid, const char *comm),
		    FILE *out);

/* Orders by time; CPUs are read one after the other, and tasks move. */
void tree_log_sort(struct tree_log *log);

void tree_log_fini(struct tree_log *log);

#endif
