/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The functions of this kernel that ftrace can watch, and globs over them.
 *
 *   in:  available_filter_functions of tracefs (Documentation/trace/ftrace.rst)
 *   out: their names, sorted, each once; those that a glob matches
 */
#ifndef DIALTONE_FUNCTIONS_H
#define DIALTONE_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>

#define FUNCTIONS_GLOB 64 /* octets, with the NUL */

struct functions {
	char *text;   /* the file, cut into names */
	char **names; /* into @text, sorted */
	size_t len;
};

/* Reads @path. 0, or -errno; -ENODATA: the file names none. */
int functions_load(struct functions *functions, const char *path);
void functions_fini(struct functions *functions);

/*
 * Notes in @chosen, one for each of @functions->len, which of them @glob
 * (fnmatch(3)) matches; what was chosen before stays chosen. Compiler copies
 * (".isra.0", ".constprop.0") are functions of their own; ".cold" is no
 * beginning of one and never matches. Returns how many @glob matches.
 */
size_t functions_match(const struct functions *functions, const char *glob,
		       bool chosen[]);

/*
 * Up to @max names near to @glob, its wildcards let go, nearest first. Returns
 * how many; they live as long as @functions.
 */
size_t functions_near(const struct functions *functions, const char *glob,
		      const char *near[], size_t max);

/*
 * Up to @max globs near to @glob that match something, nearest first: what
 * stands before its first wildcard is held against the beginnings of all names,
 * so that "tpc_*" finds "tcp_*". Returns how many.
 */
size_t functions_near_globs(const struct functions *functions, const char *glob,
			    char near[][FUNCTIONS_GLOB], size_t max);

/* For bsearch(3) in @names. */
int functions_by_name(const void *a, const void *b);

#endif
