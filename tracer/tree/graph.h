/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The live side of `tracer tree`: ftrace's function-graph tracer over the
 * networking functions, for the followed tasks alone; also entry and exit of
 * the system call, the packets that are queued to a device, and the scheduler's
 * events about when a task had a CPU.
 *
 * Only graph_open() and graph_start() need root: what comes after them uses
 * open descriptors, or the cleanup helper.
 *
 *   in:  tracefs, through libtracefs and libtraceevent
 *   out: events in a struct tree_log
 */
#ifndef DIALTONE_GRAPH_H
#define DIALTONE_GRAPH_H

#include <event-parse.h>
#include <stdio.h>

#include "ftrace/ftrace_rings.h"
#include "ftrace/ftrace_save.h"
#include "kernel/ksyms.h"
#include "tree_log.h"
#include "tree_scope.h"

/* The formats that the kernel describes; they last as long as their handle. */
struct graph_decoder {
	struct tep_event *entry, *exit, *packet, *sched;
	struct tep_event *call[SCOPE_ROOTS], *result[SCOPE_ROOTS];
	struct tep_format_field *entry_func, *exit_func, *calltime, *rettime;
	struct tep_format_field *bytes, *next_pid;
};

struct graph {
	struct ftrace_saved saved;
	struct ftrace_rings rings;
	FILE *comms; /* saved_cmdlines, to be read at the end */
	struct tep_handle *tep;
	struct graph_decoder decoder;
	struct ksyms *ksyms;
	struct tree_log *log;
	int err; /* of the callback */
};

/* To be closed with graph_close() from here on. */
#define GRAPH_CLOSED                                                     \
	{                                                                \
		.saved = FTRACE_SAVED_NONE, .rings = FTRACE_RINGS_CLOSED \
	}

/*
 * Takes the tracer and prepares it for the system call @scope, with a ring of
 * @buffer_kib KiB a CPU; nothing runs yet. @log, which must outlive @graph,
 * gets the number of watched functions. 0; -EBUSY: another user has ftrace;
 * -ENOTSUP: this kernel cannot; or -errno. On error @why is a sentence.
 */
int graph_open(struct graph *graph, const struct tree_scope *scope,
	       unsigned int buffer_kib, struct tree_log *log,
	       char why[FTRACE_WHY]);

/*
 * Follows these tasks (0: none) and their children, from now on, and opens what
 * is read and written from here on. 0 or -errno, and @why is a sentence.
 */
int graph_start(struct graph *graph, pid_t self, pid_t command,
		char why[FTRACE_WHY]);

/*
 * Reads all that waits in the rings into the log. 0 or -errno; -ENOSPC: the log
 * has more than TREE_EVENTS_MAX events, and no more was read.
 */
int graph_drain(struct graph *graph);

/*
 * Stops the events; reads the last ones, the names of tasks and the drops.
 * Returns what graph_drain() does.
 */
int graph_stop(struct graph *graph);

/* Restores ftrace. 0, or -errno, and @why says what is left. */
int graph_close(struct graph *graph, char why[FTRACE_WHY]);

#endif
