/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What `tracer tree` watches: the system calls that it knows, the kernel
 * function where each begins, and which functions are networking.
 */
#ifndef DIALTONE_TREE_SCOPE_H
#define DIALTONE_TREE_SCOPE_H

#include <stddef.h>

#define SCOPE_ROOTS 4

struct tree_scope {
	const char *name; /* of the system call; NULL ends the table */
	/* the functions to be watched with all beneath; as calltree_build()
	   wants them. NULL ends the list */
	const char *roots[SCOPE_ROOTS];
	/* tracepoints sys_enter_NAME, sys_exit_NAME; NULL ends the list */
	const char *boundaries[SCOPE_ROOTS];
};

extern const struct tree_scope tree_scopes[];

/* The entry of that name, or NULL. */
const struct tree_scope *tree_scope_find(const char *name);

/*
 * A basic regular expression with GNU's \| (regex(7)) that matches the names of
 * the networking functions and the roots, for tracefs_function_filter(3). The
 * caller frees it; NULL: no memory.
 */
char *tree_scope_pattern(void);

#endif
