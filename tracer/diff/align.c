// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The longest common subsequence, by the usual table.
 *
 *   in:  two lists
 *   out: which elements stand next to each other
 */
#include "align.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

/* length[a][b]: of what is common to the lists from a and from b on. */
struct table {
	uint16_t *lengths;
	unsigned int a_len, b_len;
};

static uint16_t *table_at(const struct table *table, unsigned int a,
			  unsigned int b)
{
	return &table->lengths[(size_t)a * (table->b_len + 1) + b];
}

static void table_fill(const struct table *table,
		       bool (*same)(const void *lists, unsigned int a,
				    unsigned int b),
		       const void *lists)
{
	for (unsigned int a = table->a_len; a-- > 0;)
		for (unsigned int b = table->b_len; b-- > 0;) {
			uint16_t down = *table_at(table, a + 1, b);
			uint16_t right = *table_at(table, a, b + 1);

			if (same(lists, a, b))
				*table_at(table, a, b) =
					*table_at(table, a + 1, b + 1) + 1;
			else
				*table_at(table, a, b) =
					down > right ? down : right;
		}
}

static void add_pair(struct alignment *alignment, int a, int b)
{
	alignment->pairs[alignment->len++] = (struct aligned){a, b};
}

/* Walks the table from its corner: where nothing is lost, side by side. */
static void walk(struct alignment *alignment, const struct table *table,
		 bool (*same)(const void *lists, unsigned int a,
			      unsigned int b),
		 const void *lists)
{
	unsigned int a = 0, b = 0;

	while (a < table->a_len || b < table->b_len) {
		if (a < table->a_len && b < table->b_len && same(lists, a, b))
			add_pair(alignment, (int)a++, (int)b++);
		else if (b == table->b_len ||
			 (a < table->a_len &&
			  *table_at(table, a + 1, b) >=
				  *table_at(table, a, b + 1)))
			add_pair(alignment, (int)a++, -1);
		else
			add_pair(alignment, -1, (int)b++);
	}
}

int align(struct alignment *alignment, unsigned int a_len, unsigned int b_len,
	  bool (*same)(const void *lists, unsigned int a, unsigned int b),
	  const void *lists)
{
	struct table table = {.a_len = a_len, .b_len = b_len};

	*alignment = (struct alignment){0};
	table.lengths = calloc((size_t)(a_len + 1) * (b_len + 1),
			       sizeof(*table.lengths));
	alignment->pairs =
		calloc((size_t)a_len + b_len + 1, sizeof(*alignment->pairs));
	if (!table.lengths || !alignment->pairs) {
		free(table.lengths);
		free(alignment->pairs);
		alignment->pairs = NULL;
		return -ENOMEM;
	}
	table_fill(&table, same, lists);
	walk(alignment, &table, same, lists);
	free(table.lengths);
	return 0;
}
