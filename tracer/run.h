/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One run of `tracer udp`, `tcp` or `both`: drains the two witnesses into the
 * pipeline, sends self-tests, and reports what was lost.
 *
 *   in:  what cmd_trace.c has opened
 *   out: records for the pipeline
 */
#ifndef DIALTONE_RUN_H
#define DIALTONE_RUN_H

#include "kernel/live.h"
#include "kernel/selftest.h"
#include "options.h"
#include "pipeline.h"
#include "process/child.h"
#include "record/kept.h"
#include "wire/capture.h"

struct run {
	struct record_sink sink; /* both witnesses push here: run_push() */
	struct trace_options options;
	struct plan plan;
	struct live *live;
	struct capture *capture;
	struct pipeline *pipeline;
	struct selftest selftest;
	struct kept kept; /* of the packets, for --pcapng */
	struct child child;
	int signals;           /* signalfd */
	uint64_t events;       /* pushed so far */
	uint64_t walk_from_ns; /* the self-test that the capture should see */
	bool captured_ipv4, captured_ipv6; /* and has it? */
	uint32_t wire_control;
	uint16_t wire_unseen; /* as in struct record_control */
	uint64_t cut_ns;      /* later records do not count; 0: no limit */
	uint64_t lost_kernel, lost_wire, missed, missed_calls, unread,
		unwatched, unfollowed; /* reported so far */
	uint64_t reported_ns;
	uint64_t report_ns;   /* the end of the minute, and */
	unsigned int minutes; /* how many have passed */
	bool reported_full;   /* --max-size was reached */
	char why[LIVE_WHY];
};

/*
 * Opens the capture, for the protocols of the run. 0, or the exit status; then it
 * has printed why. @argv is for a remedy.
 */
int run_open_capture(struct run *run, char **argv);

/* The sink of both witnesses; @sink is the run's first member. */
int run_push(struct record_sink *sink, struct record *record);

/* Pushes the meta record: what this run is. All return 0 or -errno. */
int run_begin(struct run *run);

/*
 * Sends a self-test, which counts as control, and waits until the capture has
 * seen it, one second at most. On error the reason is in @run->why.
 */
int run_control(struct run *run);

/* Prints on standard error that all is ready: scripts wait for this line. */
void run_say_ready(const struct run *run);

/* Until a signal, the command's end, -d or -n. */
int run_watch(struct run *run);

/* After a command's end: until its connections are finished. */
int run_linger(struct run *run);

/* Pushes the results of the self-tests, the drops and the tally. */
int run_end(struct run *run);

#endif
