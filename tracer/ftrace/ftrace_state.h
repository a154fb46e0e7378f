/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The state of the shared function-graph tracer: whether it is in use, what has
 * to be saved, and how it is restored.
 *
 *   in:  files of tracefs (Documentation/trace/ftrace.rst)
 *   out: the same files
 */
#ifndef DIALTONE_FTRACE_STATE_H
#define DIALTONE_FTRACE_STATE_H

#include "ftrace_save.h"

/*
 * Is a file that a graph in @instance (NULL: global) depends on already set?
 * @why then has the file and its content.
 */
bool ftrace_state_in_use(struct tracefs_instance *instance,
			 char why[FTRACE_WHY]);

/* Is its state what a run with this marker would have left? */
bool ftrace_state_is_ours(const struct ftrace_saved *saved);

/* Notes what will be changed of the global tracer. */
void ftrace_state_save(struct ftrace_saved *saved);

/* Puts the global tracer back as noted: 0, or -errno of the first failure. */
int ftrace_state_restore(const struct ftrace_saved *saved);

#endif
