/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Is a run of `tracer stack` complete: are all calls among the stacks, and is
 * "0 calls" reliable? Pure.
 *
 *   in:  struct stack_run, the result of the run
 *   out: reasons to doubt, each with its remedy; none: it is complete
 */
#ifndef DIALTONE_STACK_JUDGE_H
#define DIALTONE_STACK_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "stack_plan.h"
#include "stacks.h"

#define STACK_REASONS (2 * STACK_FUNCTIONS + 5)
#define STACK_REASON  256

/* Everything that a view needs. */
struct stack_run {
	const struct stack_plan *plan; /* with counts at the end */
	const struct stacks *stacks;   /* named */
	uint64_t undecoded;            /* events that could not be decoded */
	uint64_t unfollowed;           /* processes: the table was full */
	bool user;                     /* user frames were asked for */
	const char *user_doubt;        /* why some are missing; NULL */
	bool canary_sang;              /* kprobes fired, at the end too */
	char reasons[STACK_REASONS][STACK_REASON];
	unsigned int reasons_len;
};

/* Fills in the reasons. */
void stack_judge(struct stack_run *run);

/* Calls that a followed task made and no stack shows. */
uint64_t stack_run_lost(const struct stack_run *run);

/* Calls in softirq on top of a task that is not followed. */
uint64_t stack_run_softirq(const struct stack_run *run);

#endif
