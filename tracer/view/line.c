// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Columns and colours of the text view, and where a text is broken.
 *
 *   in:  the parts of a line; a paragraph
 *   out: the line, aligned, on a stream; the paragraph's lines, one by one
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "record/text.h"

#define TIME_COLUMNS      14
#define WHO_COLUMNS       19
#define BODY_COLUMN       33
#define BELOW_COLUMNS     2
#define REMARK_COLUMNS    30 /* from the body on */
#define GLOSS_COLUMNS_MIN 6

void line_styled(FILE *out, bool colour, enum style style, const char *string)
{
	static const char *const codes[] = {
		[STYLE_PLAIN] = "",         [STYLE_BOLD] = "\033[1m",
		[STYLE_DIM] = "\033[2m",    [STYLE_GREEN] = "\033[1;32m",
		[STYLE_RED] = "\033[1;31m", [STYLE_YELLOW] = "\033[1;33m",
		[STYLE_CYAN] = "\033[36m",  [STYLE_ITALIC] = "\033[3m",
	};

	if (colour && style != STYLE_PLAIN)
		fprintf(out, "%s%s\033[0m", codes[style], string);
	else
		fputs(string, out);
}

/* Returns the columns that @string has with the blanks after it. */
static size_t pad(FILE *out, const char *string, size_t columns)
{
	size_t taken = text_columns(string);
	/* a long column still keeps its distance to the next one */
	size_t blanks = taken < columns ? columns - taken : 2;

	fprintf(out, "%*s", (int)blanks, "");
	return taken + blanks;
}

/* @left columns of the line are taken. What is left of a few is no help. */
static void line_write_gloss(FILE *out, const struct line *line, bool colour,
			     size_t left)
{
	size_t room = line->edge > left ? line->edge - left : 0;
	char cut[256];

	if (!line->edge || text_columns(line->remark) <= room) {
		line_styled(out, colour, STYLE_DIM, line->remark);
		return;
	}
	if (room < GLOSS_COLUMNS_MIN)
		return;
	snprintf(cut, sizeof(cut), "%.*s…",
		 text_first_columns(line->remark, room - 1), line->remark);
	line_styled(out, colour, STYLE_DIM, cut);
}

void line_indent(FILE *out, int deeper)
{
	fprintf(out, "%*s", BODY_COLUMN + BELOW_COLUMNS + deeper, "");
}

void line_write(FILE *out, bool colour, const struct line *line)
{
	const char *who = line->who ? line->who : "";
	size_t to_remark = REMARK_COLUMNS, left;
	char time[32];

	snprintf(time, sizeof(time), "%9.3f ms  ", line->time_ns / 1e6);
	line_styled(out, colour, STYLE_DIM, time);
	fputs(who, out);
	left = TIME_COLUMNS + pad(out, who, WHO_COLUMNS);
	if (line->below) {
		fprintf(out, "%*s", BELOW_COLUMNS, "");
		to_remark -= BELOW_COLUMNS;
		left += BELOW_COLUMNS;
	}
	line_styled(out, colour, line->style, line->body);
	if (line->remark && *line->remark) {
		left += pad(out, line->body, to_remark);
		if (line->is_fact)
			line_styled(out, colour, STYLE_BOLD, line->remark);
		else
			line_write_gloss(out, line, colour, left);
	}
	putc('\n', out);
}

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

#define SENTENCE_SIZE        1024
#define SENTENCE_COLUMNS_MIN 40 /* a terminal that has fewer is left alone */

void sentence_write(const struct view_options *options, const char *sentence)
{
	text_write(options->out, sentence);
}

/* @sentence with the user's name of the program; NULL: as it is. To be freed. */
static char *sentence_named(const struct view_options *options,
			    const char *sentence)
{
	static const char tracer[] = "`tracer ";
	const char *at = options->program ? strstr(sentence, tracer) : NULL;
	char *named;

	if (!at ||
	    asprintf(&named, "%.*s`%s %s", (int)(at - sentence), sentence,
		     options->program, at + strlen(tracer)) < 0)
		return NULL;
	return named;
}

static void sentence_wrap_named(const struct view_options *options,
				const char *sentence, unsigned int columns)
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

void sentence_wrap(const struct view_options *options, const char *sentence,
		   unsigned int columns)
{
	char *named = sentence_named(options, sentence);

	sentence_wrap_named(options, named ? named : sentence, columns);
	free(named);
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
