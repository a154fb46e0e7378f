/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One line of the text view, and where its columns are:
 *
 *     0.031 ms  echo-client 4242   connect(3, 127.0.0.1:9007)
 *     0.034 ms                       ┊ udp_connect               what it does
 *     TIME      WHO                BODY (at 33, below a call 35) REMARK (at 63)
 */
#ifndef DIALTONE_LINE_H
#define DIALTONE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "record/text.h"
#include "view.h"

enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_DIM,
	STYLE_GREEN,
	STYLE_RED,
	STYLE_YELLOW,
	STYLE_CYAN,
	STYLE_ITALIC,
};

struct line {
	int64_t time_ns; /* since the first line */
	const char *who; /* NULL: the same as above */
	bool below;      /* the body is below a call, two columns in */
	const char *body;
	const char *remark; /* NULL: none */
	bool is_fact;       /* the remark: bold, and never cut */
	enum style style;   /* of the body */
	unsigned int edge;  /* a gloss is cut there; 0: nowhere */
};

/* Writes the line; errors stay in ferror(@out). */
void line_write(FILE *out, bool colour, const struct line *line);

/* Writes @string in @style, in no more than its own columns. */
void line_styled(FILE *out, bool colour, enum style style, const char *string);

/* Indents to the body of a line below a call, and @deeper columns more. */
void line_indent(FILE *out, int deeper);

/*
 * Breaks one of our own texts, with single spaces between its words: puts the
 * next line of *@rest, at most @columns wide, into @line, which it empties
 * first, and moves *@rest past it. A longer word is alone on its line. Returns
 * false, and no line, at the end.
 */
bool wrap_next(const char **rest, struct text *line, size_t columns);

/* A sentence that may come from a recording: it is escaped. */
void sentence_write(const struct view_options *options, const char *sentence);

/*
 * The same, broken at words where options.edge says that the terminal would
 * break it. The first @columns of the line are taken, and the next lines begin
 * below. A command that the sentence names, as in "run `tracer tcp`", gets the
 * name that the user types (options.program): in a recording it is tracer.
 */
void sentence_wrap(const struct view_options *options, const char *sentence,
		   unsigned int columns);

/*
 * As much of it as fits after @columns; options.edge must be larger than these.
 */
void sentence_cut(const struct view_options *options, const char *sentence,
		  unsigned int columns);

#endif
