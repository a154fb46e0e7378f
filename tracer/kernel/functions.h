/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The functions of this kernel that ftrace can watch, and globs over them.
 *
 *   in:  available_filter_functions of tracefs (Documentation/trace/ftrace.rst)
 *   out: their names; where they are; those that a glob matches
 */
#ifndef DIALTONE_FUNCTIONS_H
#define DIALTONE_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FUNCTIONS_GLOB 64 /* bytes, with the NUL */

struct function_place {
	const char *name;
	uint64_t address;
};

struct functions {
	char *text;   /* the file, cut into names */
	char **names; /* into @text; static functions may share one */
	size_t len;
	/*
	 * Where they are: an entry for each function, even if names repeat; or
	 * NULL.
	 */
	struct function_place *places;
	size_t places_len;
};

/*
 * Reads @path, with lines "NAME…" or, as available_filter_functions_addrs has
 * them (Linux 6.5), "ADDRESS NAME…". 0, or -errno; -ENODATA: it has no names.
 */
int functions_load(struct functions *functions, const char *path);
void functions_fini(struct functions *functions);

/*
 * Marks in @chosen, one for each of @functions->len, which of them @glob
 * (fnmatch(3)) matches; earlier marks stay. Compiler copies (".isra.0",
 * ".constprop.0") are functions of their own; ".cold" is not the beginning of a
 * function and never matches. Returns how many @glob matches.
 */
size_t functions_match(const struct functions *functions, const char *glob,
		       bool chosen[]);

/* Is there a function of exactly that name? */
bool functions_have(const struct functions *functions, const char *name);

/*
 * For "did you mean …?" messages. Both functions sort @names and remove
 * duplicates. This one finds up to @max names similar to @glob without its
 * wildcards, best first. Returns how many; they live as long as @functions.
 */
size_t functions_near(struct functions *functions, const char *glob,
		      const char *near[], size_t max);

/*
 * Up to @max globs similar to @glob that match something, best first: the part
 * before its first wildcard is compared with the beginnings of all names, so
 * that "tpc_*" finds "tcp_*". Returns how many.
 */
size_t functions_near_globs(struct functions *functions, const char *glob,
			    char near[][FUNCTIONS_GLOB], size_t max);

#endif
