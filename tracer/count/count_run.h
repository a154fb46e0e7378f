/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One run of `tracer count`, from the command's start to its end. cmd_count.c
 * chooses the functions before it and prints the counts after it.
 */
#ifndef DIALTONE_COUNT_RUN_H
#define DIALTONE_COUNT_RUN_H

#include "count_options.h"
#include "count_verdict.h"
#include "backend.h"
#include "kernel/functions.h"
#include "kernel/selftest.h"
#include "process/child.h"

struct count_run {
	struct count_options options;
	struct functions functions;
	struct counts counts;
	struct sites sites;
	struct count_request request;
	const struct count_backend *backend;
	void *state; /* the backend's */
	struct selftest selftest;
	struct child child;
	struct count_evidence evidence;
	int signals;     /* signalfd; -1 */
	bool cannot_run; /* the command's exec failed */
	char why[COUNT_WHY];
};

#define COUNT_RUN                                       \
	{                                               \
		.signals = -1, .child = CHILD_NONE,     \
		.selftest = {.udp = true, .tcp = true}, \
	}

/* Adds the functions that the self-tests and exec(2) must call. */
void count_run_canaries(struct count_run *run);

/*
 * Attaches with the backend that was asked for, or the first that this kernel
 * has. On error the reason is in @run->why: -EOPNOTSUPP, -EPERM, or the
 * kernel's.
 */
int count_run_open(struct count_run *run);

/*
 * Runs from the first self-test to detaching; fills @run->evidence. 0 or
 * -errno, with the reason in @run->why unless it is empty; or @run->cannot_run.
 */
int count_run_all(struct count_run *run);

void count_run_close(struct count_run *run);

#endif
