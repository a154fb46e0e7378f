/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel side of `tracer stack`, live: open, attach, test, drain, stop.
 *
 *   in:  which processes to follow, the functions of the plan
 *   out: events of bpf/stack.bpf.c into struct stacks; counts
 */
#ifndef DIALTONE_STACK_LIVE_H
#define DIALTONE_STACK_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/selftest.h"
#include "process/target.h"
#include "stack_plan.h"
#include "stacks.h"

#define STACK_WHY 256

struct stack_live;

struct stack_live_options {
	const struct target *target;
	bool user;           /* take the user's frames as well */
	uint32_t ring_bytes; /* a power of two times the page size */
	unsigned int functions;
};

/* Loads. On error a sentence for the user is in @why; else 0. */
int stack_live_open(struct stack_live **live,
		    const struct stack_live_options *options,
		    char why[STACK_WHY]);
void stack_live_close(struct stack_live *live);

/*
 * Attaches the @i-th function of @plan under the first of its names that can be
 * probed on this kernel. 0, or the kernel's error for the name asked for.
 */
int stack_live_attach(struct stack_live *live, struct stack_plan *plan,
		      unsigned int i);

/*
 * Runs the self-test. Before the run (@first), a function of the probe plan
 * that does not fire is replaced by its next candidate. Returns 0, or the
 * self-test's error; *@sang is true if the canary fired.
 */
int stack_live_test(struct stack_live *live, struct stack_plan *plan,
		    struct selftest *selftest, bool first, bool *sang);

/* A map without contents, for mapping_watch_open(). */
int stack_live_mapping_fd(const struct stack_live *live);

/* Becomes readable when a good part of the ring has filled. */
int stack_live_fd(const struct stack_live *live);

/* Folds what waits in the ring. 0 or -ENOMEM. */
int stack_live_drain(struct stack_live *live, struct stacks *stacks);

/* Events that could not be decoded. */
uint64_t stack_live_undecoded(const struct stack_live *live);

/* Counts of the processes that should be followed; mapped memory. */
const struct followed_counts *
stack_live_followed(const struct stack_live *live);

/* All probes off; nothing comes into the ring any more. */
void stack_live_detach(struct stack_live *live);

/* Reads the counts of all functions into @plan. */
void stack_live_counts(const struct stack_live *live, struct stack_plan *plan);

/*
 * Prints on standard error, in one line, why no probe could be put on @function
 * (@err: -errno), and similar names; returns the exit status.
 */
int stack_refused(const char *function, int err);

#endif
