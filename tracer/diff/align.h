/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Puts two lists next to each other, by their longest common subsequence: what
 * diff(1) does with lines.
 */
#ifndef DIALTONE_ALIGN_H
#define DIALTONE_ALIGN_H

#include <stdbool.h>

/* The places of two elements; -1: only the other list has it. */
struct aligned {
	int a, b;
};

struct alignment {
	struct aligned *pairs; /* in order */
	unsigned int len;
};

/* More elements are not compared: the table takes 2 bytes for each pair. */
#define ALIGN_MAX 2000

/*
 * Sets @alignment, the caller's to free, for lists of @a_len and @b_len (at most
 * ALIGN_MAX each), where @same says whether two elements are the same. 0 or
 * -ENOMEM.
 */
int align(struct alignment *alignment, unsigned int a_len, unsigned int b_len,
	  bool (*same)(const void *lists, unsigned int a, unsigned int b),
	  const void *lists);

#endif
