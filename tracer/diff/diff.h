/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Two runs, compared: their sockets, the steps of each, and the functions. */
#ifndef DIALTONE_DIFF_H
#define DIALTONE_DIFF_H

#include "steps.h"

enum diff_kind {
	DIFF_SAME,
	DIFF_ONLY_A,
	DIFF_ONLY_B,
	DIFF_CHANGED, /* the same call with other arguments, or another result */
	DIFF_ERRNO,   /* and one of the two results is an error, or both are */
	DIFF_COUNT,   /* the same step, so many times in a row */
	DIFF_ORDER,   /* both have it, in another place */
};

struct diff_row {
	enum diff_kind kind;
	enum lane_of_socket lane;
	const struct diff_step *a, *b; /* NULL: it has none */
};

/* Two sockets next to each other, or one alone. */
struct diff_pair {
	const struct diff_socket *a, *b;
	struct diff_row *rows; /* of a pair, lane by lane */
	unsigned int len, room;
	unsigned int differences; /* of these rows */
	bool moved; /* alike, but not in the same place among the sockets */
};

/* A step of the plan that two kernels show by different functions. */
struct diff_function {
	const char *step;
	const char *a, *b; /* the functions, or what happened to them */
};

struct diff_side {
	const char *path;
	const struct past_run *run;
	struct diff_run sockets;
};

/* Zeroed is empty. */
struct diff {
	struct diff_side a, b;
	struct diff_pair *pairs;
	unsigned int len;
	struct diff_function functions[STEP_MAX];
	unsigned int functions_len;
	unsigned int differences; /* 0: the runs are the same */
	unsigned int steps;       /* that were compared */
	bool functions_too;       /* both runs have watched functions */
	bool cut;                 /* a lane was longer than ALIGN_MAX */
};

/*
 * Compares the runs that diff.a and diff.b have; both must outlive it. 0 or
 * -ENOMEM; then, too, diff_fini() frees it.
 */
int diff_compare(struct diff *diff);

void diff_fini(struct diff *diff);

/* "errno", "only A": a word for each kind but the first. */
const char *diff_kind_name(enum diff_kind kind);

/* "calls", "sent", "received", "states" */
const char *diff_lane_name(enum lane_of_socket lane);

#endif
