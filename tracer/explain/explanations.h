/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the tracer can say about a name that it prints: one sentence for
 * --explain, and a paragraph for `tracer explain`.
 *
 * There is one text for each kind of name, such as udp.txt; the head of `tables`
 * shows an entry. "Every kernel that the lab knows" is what was measured on
 * Debian's kernels 5.10, 6.1, 6.12 and 7.2; other versions are those of the
 * commits upstream.
 *
 *   in:  names, as the views print them
 *   out: struct explanation
 */
#ifndef DIALTONE_EXPLANATIONS_H
#define DIALTONE_EXPLANATIONS_H

#include <stddef.h>

struct explanation {
	const char *name;     /* as it is printed; NULL ends a table */
	const char *source;   /* files of the kernel, ", " between them */
	const char *sentence; /* what it does; begins the paragraph too */
	const char *rest;     /* the rest of the paragraph */
};

struct explanation_table {
	const char *kind; /* "system call" */
	const struct explanation *entries;
};

/* All tables; the last has no entries (NULL). No name is in two. */
extern const struct explanation_table explanation_tables[];

/*
 * The entry of exactly that name, or of the function that the compiler made it
 * from: "do_softirq.part.0" is a part of do_softirq. NULL if there is none.
 */
const struct explanation *explanation_find(const char *name);

/*
 * Accepts what people write: "connect(2)", "udp_rcv()", "TCP_SYN_SENT",
 * "established" are found too. *@kind is set when the result is not NULL.
 */
const struct explanation *explanation_look_up(const char *name,
					      const char **kind);

/*
 * Up to @max names near to @name, nearest first; returns how many. "Near": no
 * more than every third character has to be changed.
 */
size_t explanation_near(const char *name, const char *near[], size_t max);

#endif
