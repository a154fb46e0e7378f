// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Folds a call tree. See tree_fold.h. */
#include "tree_fold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tree_totals.h"

static bool has_own_packet(const struct tree_call *call, size_t node)
{
	struct tree_totals totals =
		tree_totals_between(call, node, tree_behind(call, node));

	return totals.packets > totals.irq_packets;
}

static bool shown(const struct tree_call *call, size_t node, unsigned int depth,
		  bool to_packets)
{
	if (!depth || call->nodes[node].depth < depth)
		return true;
	return to_packets && call->nodes[node].context == TREE_TASK &&
	       has_own_packet(call, node);
}

/* Behind @node and those beside it, of its context, that are not shown. */
static size_t fold_end(const struct tree_call *call, size_t node,
		       unsigned int depth, bool to_packets)
{
	const struct tree_node first = call->nodes[node];

	do {
		node = tree_behind(call, node);
	} while (node < call->len && call->nodes[node].depth == first.depth &&
		 call->nodes[node].context == first.context &&
		 !shown(call, node, depth, to_packets));
	return node;
}

int tree_fold(const struct tree_call *call, unsigned int depth, bool to_packets,
	      struct tree_rows *rows)
{
	*rows = (struct tree_rows){0};
	if (call->len == 0)
		return 0;
	rows->rows = calloc(call->len, sizeof(*rows->rows)); /* at most */
	if (!rows->rows)
		return -ENOMEM;
	for (size_t i = 0; i < call->len;) {
		struct tree_row *row = &rows->rows[rows->len++];

		row->node = i;
		row->fold = !shown(call, i, depth, to_packets);
		row->behind = row->fold ? fold_end(call, i, depth, to_packets) :
					  i + 1;
		i = row->behind;
	}
	return 0;
}

static bool same(const struct tree_call *a, const struct tree_row *a_row,
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
	       same(a, &a_rows->rows[common], b, &b_rows->rows[common]))
		common++;
	return common;
}
