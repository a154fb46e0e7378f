// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Folds rounds that are equal: a client that asks a thousand times does a
 * thousand times the same. Rounds may be within rounds.
 *
 *   in:  the rows of a panel, with their lanes and phases
 *   out: the same rows without those that came again
 */
#include "picture_fold.h"

#include <stdlib.h>

#define FOLD_MIN 4 /* rows of a round: fewer are no round */
#define FOLD_MAX 256

/* What is equal in equal rounds: neither times nor ports. */
static uint64_t row_signature(const struct picture_row *row)
{
	char what[128];
	struct text text;
	uint64_t hash = 14695981039346656037ULL; /* FNV-1a */

	text_init(&text, what, sizeof(what));
	if (row->record.type == RECORD_ENTER || row->record.type == RECORD_EXIT)
		text_printf(&text, "%d %d %lld", row->record.syscall.id,
			    row->also_len,
			    row->record.type == RECORD_EXIT ?
				    (long long)row->record.syscall.ret :
				    0);
	else
		row_what(&text, row);
	text_printf(&text, " %d %d", row->record.type, row->lane);
	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)what[i]) * 1099511628211ULL;
	return hash;
}

/* Are the last @rows of @len rows the same again as those before them? */
static bool is_repeated(const struct picture_row *all, size_t len, size_t rows)
{
	const struct picture_row *again = all + len - rows,
				 *once = again - rows;

	if (again[rows - 1].more ||
	    (once[rows - 1].more && once[rows - 1].more_rows != rows))
		return false;
	for (size_t i = rows; i-- > 0;) {
		if (once[i].signature != again[i].signature)
			return false;
		if (i != rows - 1 && (once[i].more != again[i].more ||
				      once[i].more_rows != again[i].more_rows))
			return false;
	}
	return true;
}

/* The rows that are left when a round that came again is taken away. */
static size_t fold_last(struct picture_row *rows, size_t len)
{
	for (size_t round = FOLD_MIN; round <= FOLD_MAX && 2 * round <= len;
	     round++) {
		struct picture_row *last = &rows[len - round - 1];

		if (!is_repeated(rows, len, round))
			continue;
		for (size_t i = len - round; i < len; i++)
			free(rows[i].came_to);
		last->more++;
		last->more_rows = (unsigned int)round;
		return len - round;
	}
	return len;
}

void panel_fold(struct panel *panel)
{
	size_t first = 0, len = 0;

	while (first < panel->len && panel->rows[first].phase != PHASE_LATER)
		first++;
	for (size_t i = first; i < panel->len; i++) {
		struct picture_row *rows = panel->rows + first;

		rows[len] = panel->rows[i];
		rows[len].signature = row_signature(&rows[len]);
		len = fold_last(rows, len + 1);
	}
	panel->len = first + len;
}
