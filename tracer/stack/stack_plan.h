/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The functions of `tracer stack`: the names that the user gave, the functions
 * that this kernel has, and the state of each probe. Pure: stack_live.c
 * attaches.
 *
 *   in:  names from the command line, the answers of kernel and self-test
 *   out: which function to try next; the state of each probe
 */
#ifndef DIALTONE_STACK_PLAN_H
#define DIALTONE_STACK_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/stack.h"

struct stack_function {
	const char *asked;  /* as on the command line */
	const char *symbol; /* the probed function; NULL: none yet */
	unsigned int next;  /* the candidate to try next */
	char tried[200];    /* candidates that failed, and why */
	bool never_fired;   /* the self-test did not make it fire */
	uint64_t heard_before, heard_after; /* hits by the self-test's walks */
	struct stack_counts counts;         /* at the end */
	uint64_t missed; /* calls that the kernel itself could not show */
};

struct stack_plan {
	struct stack_function functions[STACK_FUNCTIONS];
	unsigned int len;
};

/* 0; -ENOSPC: too many, -EEXIST: it is there, -EINVAL: no function's name. */
int stack_plan_add(struct stack_plan *plan, const char *name);

/*
 * The next name to try for the function: the name that the user gave, then the
 * other candidates of its step in the probe plan, or the current name of an old
 * function. NULL: no name is left.
 */
const char *stack_plan_next(struct stack_function *function);

/* Notes that @symbol was rejected, and why. */
void stack_plan_reject(struct stack_function *function, const char *symbol,
		       const char *why);

/*
 * The step of the probe plan that @symbol is a candidate of, by name; NULL. The
 * self-test uses every step, so such a function must fire.
 */
const char *stack_plan_step(const char *symbol);

/* The state of a probe. */
enum probe_state {
	PROBE_TESTED,      /* the self-test fired it before and after the run */
	PROBE_ALIVE,       /* it fired, and no self-test reaches it */
	PROBE_UNTESTED,    /* it never fired, and no self-test reaches it */
	PROBE_NEVER_FIRED, /* the self-test passed, and it did not fire */
	PROBE_SILENCED, /* it fired for the first self-test, not for the last */
};

enum probe_state stack_plan_state(const struct stack_function *function);

/* "tested", "alive", "untested", "deaf", "silenced" */
const char *stack_plan_state_name(enum probe_state state);

#endif
