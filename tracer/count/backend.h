/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A backend counts calls of many functions at once. A new one is one file with
 * this table, and one line in cmd_count.c.
 *
 *   in:  the functions and their addresses, and which processes to follow
 *   out: their numbers, in the counts; what was lost
 */
#ifndef DIALTONE_BACKEND_H
#define DIALTONE_BACKEND_H

#include "counts.h"
#include "process/target.h"

#define COUNT_WHY 256

struct count_request {
	const struct target *target;
	struct counts *counts;
	const struct sites *sites;
	uint32_t buffer_bytes; /* for each CPU, if the backend has one */
};

/* What did not get into the numbers. */
struct count_drops {
	uint64_t overrun;  /* the buffer was full */
	uint64_t missed;   /* called while the counter itself was running */
	uint64_t no_room;  /* the table of functions was full */
	uint64_t flooded;  /* came faster than they could be counted */
	uint64_t unlisted; /* tasks that could not be followed: no room */
};

struct count_backend {
	const char *name;    /* for --backend */
	const char *through; /* "through kprobe.multi" */

	/*
	 * Attaches and begins to count. Only this needs privileges: the process
	 * drops them before it calls any of the others. On error a sentence for
	 * the user is in @why, and nothing stays attached: -EOPNOTSUPP, this
	 * kernel lacks what the backend needs; -EPERM, this process may not.
	 */
	int (*open)(void **state, const struct count_request *request,
		    char why[COUNT_WHY]);

	/*
	 * About 20 times a second: reads what has arrived. May be NULL. 0 or
	 * -errno.
	 */
	int (*tick)(void *state);

	/* Brings the counts up to now, or a few ms behind. 0 or -errno. */
	int (*read)(void *state);

	/* What is called from now on counts as control only. 0 or -errno. */
	int (*cut)(void *state);

	/* Detaches, then brings the counts and the drops up to date. */
	int (*stop)(void *state, struct count_drops *drops);

	void (*close)(void *state); /* NULL is ignored */
};

extern const struct count_backend count_multi;
extern const struct count_backend count_ftrace;

#endif
