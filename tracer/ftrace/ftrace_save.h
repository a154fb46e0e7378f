/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Saves, uses and restores the kernel's function-graph tracer: other users are
 * not disturbed, and it is restored whatever happens to this process.
 *
 * Some kernels let a private instance use it (6.12 and 7.2 do; 5.10 and 6.1
 * return EINVAL). On the others the one shared tracer is used, but only if its
 * settings are the defaults, so that they can be restored. A lock file tells
 * the next run what a dead one has left.
 *
 *   in:  tracefs, /run/dialtone-tree
 *   out: struct ftrace_saved, to work in
 */
#ifndef DIALTONE_FTRACE_SAVE_H
#define DIALTONE_FTRACE_SAVE_H

#include <stdbool.h>
#include <stddef.h>

#include "cleanup.h"
#include "ftrace.h"

#define SAVE_MARKER 128

struct ftrace_saved {
	struct ftrace ftrace; /* its instance is NULL for the shared tracer */
	struct cleanup cleanup;
	bool leftover_restored; /* what a dead run had left */
	int lock_fd;            /* the lock file; -1 */
	/* what the shared tracer had: the lock file's content */
	char marker[SAVE_MARKER]; /* set_graph_function: the sign of ours */
	char clock[32];
	int buffer_kib;
	int on, function_fork, event_fork;
};

#define FTRACE_SAVED_NONE                                                   \
	{                                                                   \
		.ftrace = FTRACE_CLOSED, .lock_fd = -1, .cleanup.alive = -1 \
	}

/*
 * Takes the tracer. @roots, NULL at the end, are the functions that are then
 * written to set_graph_function of the shared tracer (an instance has no such
 * file); they mark it as ours. 0; -EBUSY: another user has it; -ENOTSUP: this
 * kernel has none; or -errno. On error the reason is in @why, and nothing is
 * taken.
 */
int ftrace_save(struct ftrace_saved *saved, const char *const *roots,
		char why[FTRACE_WHY]);

/* Restores it, if it was taken. 0, or -errno, and @why says what is left. */
int ftrace_restore(struct ftrace_saved *saved, char why[FTRACE_WHY]);

#endif
