/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Finds the name that was probably meant. The edit distance is how many
 * characters have to be inserted, removed, changed or swapped with a neighbour
 * (Damerau and Levenshtein, as optimal string alignment); upper and lower case
 * count as equal.
 */
#ifndef DIALTONE_EDIT_DISTANCE_H
#define DIALTONE_EDIT_DISTANCE_H

#include <stddef.h>

#define NEAREST_NAME 64 /* bytes of a name that are looked at */
#define NEAREST_MAX  8  /* names that are kept */

struct nearest {
	const char *name;
	const char **near; /* the caller's: nearest first */
	size_t distances[NEAREST_MAX];
	size_t len, max;
};

/* The edit distance of the first NEAREST_NAME bytes of the two. */
size_t edit_distance(const char *a, const char *b);

/*
 * Looks for names similar to @name; @near has room for @max (at most
 * NEAREST_MAX).
 */
void nearest_init(struct nearest *nearest, const char *name, const char *near[],
		  size_t max);

/*
 * Keeps @candidate, a pointer that must last, if it is near enough: a third of
 * the name's length, or 1. Of two that are equally near, the one that was tried
 * first comes first.
 */
void nearest_try(struct nearest *nearest, const char *candidate);

#endif
