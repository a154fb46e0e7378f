/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which nodes of a tree are shown: a connect(2) over TCP has hundreds.
 *
 *   in:  a call, how many levels to show
 *   out: rows, each a node or a summary of nodes that are not shown
 */
#ifndef DIALTONE_TREE_FOLD_H
#define DIALTONE_TREE_FOLD_H

#include "calltree.h"

struct tree_row {
	size_t node;   /* the first of them, if it is a fold */
	size_t behind; /* index behind the last */
	bool fold;
};

struct tree_rows {
	struct tree_row *rows;
	size_t len;
};

/*
 * Nodes less than @depth deep (0: all) become rows of their own; of the others
 * neighbours of one context are folded into one. @to_packets: to compare two
 * trees. Every node of the task's own on the way to a packet of its own is a
 * row then; what an interrupt did without a packet, and time without a CPU, is
 * none. 0 or -ENOMEM; the caller frees @rows->rows.
 */
int tree_fold(const struct tree_call *call, unsigned int depth, bool to_packets,
	      struct tree_rows *rows);

/*
 * How many rows two folded trees begin with in common: the same function at the
 * same depth, or a fold at the same place.
 */
size_t tree_common(const struct tree_call *a, const struct tree_rows *a_rows,
		   const struct tree_call *b, const struct tree_rows *b_rows);

#endif
