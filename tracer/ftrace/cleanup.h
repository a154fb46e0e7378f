/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The cleanup helper: a process that restores something when this one no longer
 * needs it, however this one ends: also by kill -9, which no process can catch.
 *
 * It is used in normal runs too, so that the path for emergencies is tested
 * every day.
 */
#ifndef DIALTONE_CLEANUP_H
#define DIALTONE_CLEANUP_H

#include <sys/types.h>

struct cleanup {
	pid_t pid; /* 0: there is none */
	int alive; /* the end of a pipe; its closing is the sign */
};

/*
 * Forks a process with its own session that waits for the end of this one, or
 * for cleanup_end(), and then calls @put_back with @argument, which must need
 * only memory. It keeps the descriptor @keep (-1: none) and no other, and is
 * ready when this returns. 0 or -errno.
 */
int cleanup_start(struct cleanup *cleanup, int (*put_back)(void *argument),
		  void *argument, int keep);

/*
 * Lets it call @put_back and waits for it. Returns the result of @put_back;
 * -ESRCH if the cleanup helper was killed before, -ECHILD if there is none.
 */
int cleanup_end(struct cleanup *cleanup);

#endif
