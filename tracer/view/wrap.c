// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Breaks text into lines.
 *
 *   in:  a paragraph
 *   out: its lines, one by one
 */
#include "wrap.h"

#include <string.h>

bool wrap_next(const char **rest, struct text *line, size_t columns)
{
	size_t taken = 0; /* bytes of *rest that the line has */

	text_init(line, line->buf, line->size);
	*rest += strspn(*rest, " ");
	while ((*rest)[taken]) {
		const char *word = *rest + taken;
		size_t len = strcspn(word + (taken > 0), " ") + (taken > 0);
		size_t before = line->len;

		text_printf(line, "%.*s", (int)len, word);
		if (taken && (line->cut || text_columns(line->buf) > columns)) {
			line->buf[before] = '\0'; /* it goes to the next line */
			line->len = before;
			line->cut = false;
			break;
		}
		taken += len;
	}
	if (!taken)
		return false;
	*rest += taken;
	*rest += strspn(*rest, " ");
	return true;
}
