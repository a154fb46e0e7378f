// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Writes sentences as wide as the terminal. See sentence.h.
 *
 *   in:  a sentence, where the terminal breaks lines
 *   out: text, escaped
 */
#include "sentence.h"

#include <string.h>

#include "record/text.h"
#include "wrap.h"

#define SENTENCE_SIZE        1024
#define SENTENCE_COLUMNS_MIN 40 /* a terminal that has fewer is left alone */

void sentence_write(const struct view_options *options, const char *sentence)
{
	text_write(options->out, sentence);
}

void sentence_wrap(const struct view_options *options, const char *sentence,
		   unsigned int columns)
{
	char safe[4 * SENTENCE_SIZE], line[4 * SENTENCE_SIZE];
	struct text text, wrapped = {.buf = line, .size = sizeof(line)};
	const char *rest = safe;
	bool first = true;

	if (options->edge < columns + SENTENCE_COLUMNS_MIN) {
		sentence_write(options, sentence);
		return;
	}
	text_init(&text, safe, sizeof(safe));
	text_escape(&text, sentence, strlen(sentence), false);
	if (text.cut) {
		sentence_write(options, sentence);
		return;
	}
	while (wrap_next(&rest, &wrapped, options->edge - columns)) {
		if (!first)
			fprintf(options->out, "\n%*s", (int)columns, "");
		fputs(line, options->out);
		first = false;
	}
}

void sentence_cut(const struct view_options *options, const char *sentence,
		  unsigned int columns)
{
	size_t room = options->edge - columns;
	char safe[4 * SENTENCE_SIZE];
	struct text text;

	text_init(&text, safe, sizeof(safe));
	text_escape(&text, sentence, strlen(sentence), false);
	if (text_columns(safe) <= room)
		fputs(safe, options->out);
	else
		fprintf(options->out, "%.*s…",
			text_first_columns(safe, room - 1), safe);
}
