/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel side, live: open, load, attach, self-test, drain, stop.
 *
 *   in: which processes to follow, and the plan
 *   out: records of the witnesses "syscall" and "kernel", through a sink
 *
 * File descriptors hold everything (BPF links), so the kernel removes the
 * probes when the tracer ends, even after kill -9.
 */
#ifndef DIALTONE_LIVE_H
#define DIALTONE_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/plan.h"
#include "process/target.h"
#include "record/record.h"
#include "selftest.h"

#define LIVE_WHY 256

struct live;

struct live_options {
	bool udp, tcp;
	enum tier tier;
	struct target target;
	bool want_stack;
	uint32_t ring_bytes; /* a power of two times the page size; 0: 16 MiB */
};

/*
 * Loads and attaches; attaching chooses @plan, which is kept until
 * live_close(). On error a sentence for the user is in @why, and nothing stays
 * attached. -EPERM, -EOPNOTSUPP: this machine cannot do it (exit 77).
 */
int live_open(struct live **live, const struct live_options *options,
	      struct plan *plan, char why[LIVE_WHY]);
void live_close(struct live *live);

/*
 * Runs the self-test. A probe that does not fire is replaced by the next
 * candidate of its step, until all fire or no candidate is left. A forced probe
 * (--probe) stays, and is marked never fired.
 */
int live_self_test(struct live *live, struct selftest *selftest,
		   char why[LIVE_WHY]);

/* How many self-tests each witness has seen in full: for `control`. */
int live_control(struct live *live, struct selftest *selftest,
		 char why[LIVE_WHY]);
uint32_t live_control_syscall(const struct live *live);
uint32_t live_control_kernel(const struct live *live);

/* Becomes readable when a good part of the ring has filled. */
int live_fd(const struct live *live);

/*
 * Pushes the waiting events of the ring, as records: at most a full ring's
 * (ring.h). 0, or the sink's error. Events that cannot be decoded are counted as
 * lost.
 */
int live_drain(struct live *live, struct record_sink *sink);

/* Events lost so far: the ring had no room, or they could not be decoded. */
uint64_t live_lost(const struct live *live);

/*
 * After live_stop(): events, of any process, that were missed because another
 * program was running on that CPU. See attachment_missed().
 */
uint64_t live_missed(const struct live *live);

/* The same for system calls, which live_missed() leaves out. */
uint64_t live_missed_calls(const struct live *live);

/*
 * How often a followed task may have called connect(2) in a way that is not
 * traced: a 32-bit program's connect(2), or any io_uring_enter(2).
 */
uint64_t live_unwatched(const struct live *live);

/* Processes that should be followed, and for which there was no room. */
uint64_t live_unfollowed(const struct live *live);

/*
 * Turns the probes off and waits until those that still run have counted their
 * events, which live_drain() then returns.
 */
void live_stop(struct live *live);

/* What the probes counted, and what came out of the ring so far. */
void live_tally(const struct live *live, struct record_tally *tally);

#endif
