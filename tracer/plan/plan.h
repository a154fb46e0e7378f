/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The probe plan: for each step of the story, which kernel function shows it.
 *
 * Function names differ between kernels, and a function that exists may no
 * longer be on the path. So a step has candidates, best first: the first one
 * that can be attached is tried with a self-test, and if it does not fire, it
 * is marked "never fired" and the next one is tried.
 *
 *   in: the table of steps, --probe, the kernel's answers
 *   out: struct plan_choice, for the meta record and `tracer doctor`
 */
#ifndef DIALTONE_PLAN_H
#define DIALTONE_PLAN_H

#include <stdbool.h>
#include "record/record.h"
#include "steps.h"

struct plan_entry {
	bool wanted;        /* its protocol is followed */
	const char *forced; /* --probe: this function and no other */
	const char *symbol; /* attached now; NULL: nothing is */
	bool never_fired;   /* attached, and the self-test did not trigger it */
	bool excused;       /* nothing is attached, and nothing is missed */
	unsigned int next;  /* the candidate to try next */
	char tried[200];    /* candidates that failed, and why */
};

struct plan {
	struct plan_entry entries[STEP_MAX];
};

/* Wants the steps of the given protocols, with nothing attached yet. */
void plan_init(struct plan *plan, bool udp, bool tcp);

/*
 * Takes "STEP=FUNCTION", the argument of --probe; @arg must outlive the plan.
 * -EINVAL: not of that form, -ENOENT: no step has that name.
 */
int plan_force(struct plan *plan, const char *arg);

/*
 * The next function to attach for @step, or NULL when there is none left. It
 * does not return a function again.
 */
const char *plan_next(struct plan *plan, enum step step);

/* Notes that @function was rejected for @step, and why. */
void plan_reject(struct plan *plan, enum step step, const char *function,
		 const char *why);

/* Is the step wanted, with a probe that is attached and has fired? */
bool plan_is_live(const struct plan *plan, enum step step);

/* How many steps are live, and how many should be but are not. */
unsigned int plan_live(const struct plan *plan);
unsigned int plan_lacking(const struct plan *plan);

/* Puts a copy of the wanted steps into @meta, which owns it. 0 or -ENOMEM. */
int plan_to_meta(const struct plan *plan, struct meta *meta);

#endif
