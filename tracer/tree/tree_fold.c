// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Folds a call tree. See tree_fold.h. */
#include "tree_fold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tree_totals.h"

/* The options of folding. */
struct look {
	const struct tree_call *call;
	unsigned int depth;
	bool to_packets;
};

static struct tree_totals beneath(const struct look *look, size_t node)
{
	return tree_totals_between(look->call, node,
				   tree_behind(look->call, node));
}

/* Interrupts come at any moment and would make two equal trees differ. */
static bool passed_over(const struct look *look, size_t at)
{
	const struct tree_node *node = &look->call->nodes[at];

	if (!look->to_packets)
		return false;
	return node->kind == NODE_OFF ||
	       (node->context != TREE_TASK && !beneath(look, at).packets);
}

static bool shown(const struct look *look, size_t at)
{
	const struct tree_node *node = &look->call->nodes[at];
	struct tree_totals totals;

	if (!look->depth || node->depth < look->depth)
		return true;
	if (!look->to_packets || node->context != TREE_TASK)
		return false;
	totals = beneath(look, at);
	return totals.packets > totals.irq_packets;
}

/* Behind @at and its siblings, of its context, that are not shown. */
static size_t fold_end(const struct look *look, size_t at)
{
	const struct tree_call *call = look->call;
	const struct tree_node *first = &call->nodes[at];
	const struct tree_node *next;

	do {
		at = tree_behind(call, at);
		next = &call->nodes[at];
	} while (at < call->len && next->depth == first->depth &&
		 (passed_over(look, at) ||
		  (next->context == first->context && !shown(look, at))));
	return at;
}

int tree_fold(const struct tree_call *call, unsigned int depth, bool to_packets,
	      struct tree_rows *rows)
{
	const struct look look = {call, depth, to_packets};

	*rows = (struct tree_rows){0};
	if (call->len == 0)
		return 0;
	rows->rows = calloc(call->len, sizeof(*rows->rows)); /* at most */
	if (!rows->rows)
		return -ENOMEM;
	for (size_t i = 0; i < call->len;) {
		struct tree_row *row = &rows->rows[rows->len];

		if (passed_over(&look, i)) {
			i = tree_behind(call, i);
			continue;
		}
		row->node = i;
		row->fold = !shown(&look, i);
		row->behind = row->fold ? fold_end(&look, i) : i + 1;
		i = row->behind;
		rows->len++;
	}
	return 0;
}

static bool tree_same(const struct tree_call *a, const struct tree_row *a_row,
		      const struct tree_call *b, const struct tree_row *b_row)
{
	const struct tree_node *x = &a->nodes[a_row->node];
	const struct tree_node *y = &b->nodes[b_row->node];

	if (a_row->fold != b_row->fold || x->depth != y->depth)
		return false;
	return a_row->fold || (x->kind == y->kind && x->context == y->context &&
			       (!x->name || strcmp(x->name, y->name) == 0));
}

size_t tree_common(const struct tree_call *a, const struct tree_rows *a_rows,
		   const struct tree_call *b, const struct tree_rows *b_rows)
{
	size_t common = 0;

	while (common < a_rows->len && common < b_rows->len &&
	       tree_same(a, &a_rows->rows[common], b, &b_rows->rows[common]))
		common++;
	return common;
}
