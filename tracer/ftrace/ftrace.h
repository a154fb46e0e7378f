/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A private instance of ftrace: a directory below instances/ of tracefs with a
 * ring buffer, a tracer and filters of its own, so that other users of ftrace
 * are not disturbed (Documentation/trace/ftrace.rst, "Instances").
 *
 * The kernel keeps such a directory when its creator dies, and only root may
 * remove it; the tracer is no longer root when it reads the records. So a
 * cleanup helper removes it. In case both die, its name says which process
 * created it, dialtone-PID-STARTED, and a tracer that opens an instance first
 * removes those of dead tracers. Until then a dead tracer's instance records
 * nothing: when its open free_buffer is closed, the kernel stops it and frees
 * its buffer at once.
 */
#ifndef DIALTONE_FTRACE_H
#define DIALTONE_FTRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <tracefs.h>

#include "cleanup.h"

#define FTRACE_WHY 256

struct ftrace {
	struct tracefs_instance *instance; /* NULL: not open */
	int free_buffer;                   /* held open; -1 */
	struct cleanup cleanup;            /* removes the instance */
};

#define FTRACE_CLOSED                                                     \
	{                                                                 \
		.instance = NULL, .free_buffer = -1, .cleanup.alive = -1, \
	}

/*
 * Makes the instance, stopped (tracing_on is 0) and with CLOCK_MONOTONIC as its
 * clock. On error a sentence for the user is in @why: -EPERM, -ENOENT (no
 * tracefs here, or no right to use it), or the kernel's error.
 */
int ftrace_open(struct ftrace *ftrace, char why[FTRACE_WHY]);

/*
 * Removes the instance, with all its settings; no file of it may be open.
 * Ignores FTRACE_CLOSED. 0 or -errno: it still exists, and the next tracer
 * removes it.
 */
int ftrace_close(struct ftrace *ftrace);

/*
 * Calls @attempt again as long as it returns -EBUSY, for three seconds: a
 * process that is being killed closes its files one after the other, and until
 * then the kernel refuses. Returns what @attempt did.
 */
int ftrace_patiently(int (*attempt)(void *argument), void *argument);

/*
 * Writes @text, one word or line, into @file of the instance, as root. 0 or
 * -errno.
 */
int ftrace_write(const struct ftrace *ftrace, const char *file,
		 const char *text);

/*
 * Loads the format of one event into @tep: of all events only a few are needed.
 * 0; -ENOENT: there is none; -EBADMSG: not understood.
 */
int ftrace_read_format(struct tep_handle *tep, const char *system,
		       const char *event);

/*
 * Is @name, "dialtone-4242-91723", the instance of a dead tracer? The name has
 * the tracer's start time, which a later process with the same pid does not
 * share (proc_pid_stat(5), starttime).
 */
bool ftrace_is_stale(const char *name);

#endif
