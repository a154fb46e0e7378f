/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rings of ftrace, one for each CPU, through descriptors that are opened
 * once: tracefs requires root only to open a file, so a process that has
 * dropped its privileges can still read and can stop the tracing.
 * tracefs_iterate_raw_events(3) opens the files anew each time.
 *
 *   in:  per_cpu/cpuN/trace_pipe_raw and stats, tracing_on
 *   out: raw records, for ftrace_events.c or graph.c to read
 */
#ifndef DIALTONE_FTRACE_RINGS_H
#define DIALTONE_FTRACE_RINGS_H

#include <event-parse.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ftrace.h"

struct ftrace_ring {
	int raw;   /* trace_pipe_raw; -1: there is no such CPU */
	int stats; /* -1 as well */
};

struct ftrace_rings {
	struct tep_handle *tep;
	struct ftrace_ring *rings; /* by the CPU's number */
	size_t len;
	int on;   /* tracing_on */
	bool off; /* the tracing: the rings are filled no more */
	struct kbuffer *kbuffer;
	void *page;
	size_t page_bytes;
};

#define FTRACE_RINGS_CLOSED \
	{                   \
		.on = -1    \
	}

/*
 * Opens the rings of @ftrace, whose instance may be NULL: the shared one. Call
 * it after the tracer is set: while the rings are open, the kernel lets no
 * process change it (tracing_set_tracer(): EBUSY). @tep has the page header and
 * the events that are needed, and must last. 0 or -errno, and nothing is open.
 */
int ftrace_rings_open(struct ftrace_rings *rings, const struct ftrace *ftrace,
		      struct tep_handle *tep);

/* Writes tracing_on. 0 or -errno. */
int ftrace_rings_switch(struct ftrace_rings *rings, bool on);

/*
 * Takes one @record of @cpu, which is an @event. A result other than 0 ends the
 * reading.
 */
typedef int ftrace_take(struct tep_event *event, struct tep_record *record,
			int cpu, void *context);

/*
 * Passes the waiting events to @take, a page of each CPU in turn: in order
 * within a CPU, not between them. Events that the tep_handle does not know are
 * ignored. While the tracing is on, the kernel may fill a ring as fast as it is
 * read: then a later call takes the rest. 0 or -errno; 0 also if @take stopped.
 */
int ftrace_rings_read(struct ftrace_rings *rings, ftrace_take *take,
		      void *context);

/* How many events a ring has lost, by the text of its per_cpu/cpuN/stats. */
uint64_t ftrace_stats_lost(const char *stats);

/*
 * Events that the ring of any CPU has lost (per_cpu/cpuN/stats). Returns
 * -errno where that cannot be read.
 */
int ftrace_rings_lost(const struct ftrace_rings *rings, uint64_t *lost);

/* Closes what is open; ignores FTRACE_RINGS_CLOSED. */
void ftrace_rings_close(struct ftrace_rings *rings);

#endif
