// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Draws the rows of a panel. See svg.h; svg_panel.c draws what is around them.
 *
 *   in:  a picture that is finished
 *   out: elements of SVG
 */
#include "svg_draw.h"

#include <netinet/in.h>

const struct svg_lane svg_lanes[] = {
	[LANE_CLIENT] = {76, "client"},
	[LANE_CLIENT_KERNEL] = {206, "client’s kernel"},
	[LANE_WIRE] = {468, "the wire"},
	[LANE_SERVER_KERNEL] = {582, "server’s kernel"},
	[LANE_SERVER] = {812, "server"},
};

#define WHAT_MAX 96 /* columns of a call; no line is as wide */
#define NAME_MAX 32 /* of what is to the right of the server's kernel */

void svg_escape(FILE *out, const char *string)
{
	for (; *string; string++) {
		switch (*string) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			putc(*string, out);
		}
	}
}

static bool lasts(const struct panel *panel, uint64_t ns)
{
	return panel->len && panel->rows[panel->len - 1].record.ts_ns >
				     panel_begin_ns(panel) + ns;
}

/* Beyond 10 s, seconds are read more easily. */
static bool is_long(const struct panel *panel)
{
	return lasts(panel, 10000000000ULL);
}

const char *svg_unit(const struct panel *panel)
{
	return is_long(panel) ? "s" : "ms";
}

void svg_time(struct text *text, const struct panel *panel,
	      const struct picture_row *row)
{
	int64_t since = (int64_t)(row->record.ts_ns - panel_begin_ns(panel));

	if (is_long(panel))
		text_printf(text, "%.3f", since / 1e9);
	else
		text_printf(text, "%.*f", lasts(panel, 2000000) ? 2 : 3,
			    since / 1e6);
}

/* How many bytes of @string, which is UTF-8, @columns columns have. */
static size_t bytes_of(const char *string, size_t columns)
{
	const char *at = string;

	for (; *at; at++)
		if (((unsigned char)*at & 0xc0) != 0x80 && columns-- == 0)
			break;
	return (size_t)(at - string);
}

/* What the row is, cut to @max columns, and @more behind it. */
static void what_of(const struct picture_row *row, char what[SVG_WHAT],
		    size_t max, const char *more)
{
	char whole[SVG_WHAT - 8]; /* leaves room for "…" and @more */
	struct text text;
	bool long_one;

	text_init(&text, whole, sizeof(whole));
	row_what(&text, row);
	long_one = text_columns(whole) > max;
	text_init(&text, what, SVG_WHAT);
	text_printf(&text, "%.*s%s%s",
		    (int)bytes_of(whole, long_one ? max - 1 : max), whole,
		    long_one ? "…" : "", more);
}

static void draw_word(FILE *out, const struct svg_word *word)
{
	fprintf(out,
		"<text class=\"what\" x=\"%u\" y=\"%u\" fill=\"%s\"%s%s%s>",
		word->x, word->y + 4, word->fill,
		word->anchor == SVG_MIDDLE ? " text-anchor=\"middle\"" :
		word->anchor == SVG_END    ? " text-anchor=\"end\"" :
					     "",
		word->bold ? " font-weight=\"bold\"" : "",
		word->italic ? " font-style=\"italic\"" : "");
	svg_escape(out, word->string);
	fputs("</text>", out);
}

/* A bar, and the call to its right; at the server to its left. */
static void draw_call(FILE *out, const struct panel *panel,
		      const struct picture_row *row)
{
	unsigned int x = svg_lanes[row->lane].x;
	bool server = row->lane == LANE_SERVER;
	bool enters = row->record.type == RECORD_ENTER;
	char what[SVG_WHAT];

	what_of(row, what, WHAT_MAX, "");
	if (enters)
		fprintf(out,
			"<rect class=\"mark\" x=\"%u\" y=\"%u\" width=\"8\" "
			"height=\"14\" rx=\"2\" stroke=\"none\" fill=\"" SVG_BLUE
			"\"/>",
			x - 4, row->y - 7);
	draw_word(out, &(struct svg_word){
			       .x = server ? x - 10 : x + 10,
			       .y = row->y,
			       .anchor = server ? SVG_END : SVG_START,
			       .fill = SVG_INK,
			       .bold = enters || row_is_return(panel, row),
			       .string = what});
}

/* A ring; in softirq a dashed one. */
static void draw_function(FILE *out, const struct picture_row *row)
{
	unsigned int x = svg_lanes[row->lane].x;
	bool softirq = row->record.call.context == CONTEXT_SOFTIRQ;
	/* where an arrow comes from the right, the name is on the left */
	bool left = row->arrives && row->lane == LANE_CLIENT_KERNEL;
	const char *ink = softirq ? SVG_DIM : SVG_INK;
	char what[SVG_WHAT];

	what_of(row, what, NAME_MAX, "");
	fprintf(out,
		"<circle class=\"mark\" cx=\"%u\" cy=\"%u\" r=\"4.5\" "
		"fill=\"" SVG_PAPER "\" stroke=\"%s\" stroke-width=\"%s\"%s/>",
		x, row->y, ink, softirq ? "1.5" : "2",
		softirq ? " stroke-dasharray=\"2 1.5\"" : "");
	draw_word(out, &(struct svg_word){.x = left ? x - 10 : x + 10,
					  .y = row->y,
					  .anchor = left ? SVG_END : SVG_START,
					  .fill = ink,
					  .string = what});
}

static void draw_state(FILE *out, const struct picture_row *row)
{
	char what[SVG_WHAT];

	what_of(row, what, NAME_MAX, "");
	draw_word(out, &(struct svg_word){.x = svg_lanes[row->lane].x + 10,
					  .y = row->y,
					  .fill = SVG_PURPLE,
					  .italic = true,
					  .string = what});
}

/* Of (dx, dy), 4 % exact: without libm. */
static double length_of(double dx, double dy)
{
	double a = dx < 0 ? -dx : dx, b = dy < 0 ? -dy : dy;

	return a > b ? 0.96 * a + 0.4 * b : 0.96 * b + 0.4 * a;
}

/* The head of an arrow from (x1, y1) to (x2, y2) */
static void draw_head(FILE *out, double x1, double y1, double x2, double y2)
{
	double length = length_of(x2 - x1, y2 - y1);
	double dx = (x2 - x1) / length, dy = (y2 - y1) / length;

	fprintf(out,
		"<path class=\"head\" stroke=\"none\" fill=\"" SVG_ORANGE
		"\" d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fz\"/>",
		x2, y2, x2 - 11 * dx - 5 * dy, y2 - 11 * dy + 5 * dx,
		x2 - 11 * dx + 5 * dy, y2 - 11 * dy - 5 * dx);
}

/* Behind a packet's name, so that the wire does not show between its words. */
static void draw_back(FILE *out, unsigned int y, size_t columns)
{
	unsigned int width = (unsigned int)columns * 15 / 2 + 6;

	fprintf(out,
		"<rect class=\"back\" x=\"%u\" y=\"%u\" width=\"%u\" "
		"height=\"14\" rx=\"3\" stroke=\"none\" fill=\"" SVG_PAPER
		"\"/>",
		svg_lanes[LANE_WIRE].x - width / 2, y - 7, width);
}

/* Across the wire, from the row where it is sent to the row of its receiver. */
static void draw_packet(FILE *out, const struct panel *panel,
			const struct picture_row *row)
{
	bool right = row_goes_right(row), unwired = row_is_unwired(row);
	unsigned int west = svg_lanes[LANE_CLIENT_KERNEL].x + 9;
	unsigned int east = svg_lanes[LANE_SERVER_KERNEL].x - 9;
	unsigned int x1 = right ? west : east, x2 = right ? east : west;
	unsigned int y2 =
		row->arrives ? panel->rows[row->arrival].y : row->y + 9;
	char what[SVG_WHAT];

	what_of(row, what, NAME_MAX, unwired ? " ?" : "");
	fprintf(out,
		"<path class=\"arrow\" fill=\"none\" stroke=\"" SVG_ORANGE
		"\" stroke-width=\"2.5\"%s d=\"M%u %uL%u %u\"/>",
		unwired ? " stroke-dasharray=\"5 4\"" : "", x1, row->y, x2, y2);
	draw_head(out, x1, row->y, x2, y2);
	draw_back(out, (row->y + y2) / 2 - 12, text_columns(what));
	draw_word(out, &(struct svg_word){.x = svg_lanes[LANE_WIRE].x,
					  .y = (row->y + y2) / 2 - 12,
					  .anchor = SVG_MIDDLE,
					  .fill = SVG_ORANGE,
					  .bold = true,
					  .string = what});
}

static void draw_time(FILE *out, const struct panel *panel,
		      const struct picture_row *row)
{
	bool fact = row->record.type == RECORD_PACKET ||
		    row->record.type == RECORD_ENTER;
	char time[32];
	struct text text;

	text_init(&text, time, sizeof(time));
	svg_time(&text, panel, row);
	fprintf(out,
		"<text class=\"time\" x=\"62\" y=\"%u\" text-anchor=\"end\" "
		"font-size=\"10.5\" fill=\"" SVG_DIM "\"%s>%s</text>",
		row->y + 4, fact ? " font-weight=\"bold\"" : "", time);
}

static void draw_aside(FILE *out, unsigned int x, unsigned int y,
		       const char *string)
{
	fprintf(out,
		"<text class=\"aside\" x=\"%u\" y=\"%u\" font-size=\"10.5\" "
		"fill=\"" SVG_DIM "\">%s</text>",
		x, y + 4, string);
}

static void draw_what(FILE *out, const struct panel *panel,
		      const struct picture_row *row)
{
	switch (row->record.type) {
	case RECORD_CALL:
		draw_function(out, row);
		break;
	case RECORD_STATE:
		draw_state(out, row);
		break;
	case RECORD_PACKET:
	case RECORD_ICMP:
		draw_packet(out, panel, row);
		break;
	default:
		draw_call(out, panel, row);
	}
}

static const char *kind_of(const struct picture_row *row)
{
	switch (row->record.type) {
	case RECORD_CALL:
		return row->record.call.context == CONTEXT_SOFTIRQ ? "softirq" :
								     "function";
	case RECORD_STATE:
		return "state";
	case RECORD_PACKET:
	case RECORD_ICMP:
		return "packet";
	default:
		return "call";
	}
}

void svg_draw_row(FILE *out, const struct panel *panel, size_t i,
		  uint64_t before_ns)
{
	const struct picture_row *row = &panel->rows[i];
	char aside[64];

	fprintf(out,
		"<g class=\"row %s\" data-row=\"%zu\"><rect class=\"hit\" "
		"x=\"2\" y=\"%u\" width=\"856\" height=\"" SVG_ROW_STRING
		"\" rx=\"3\" fill=\"none\" stroke=\"none\"/>",
		kind_of(row), i, row->y - SVG_ROW / 2);
	if (svg_is_gap(before_ns, row->record.ts_ns)) {
		snprintf(aside, sizeof(aside), "%.1f ms pass",
			 (row->record.ts_ns - before_ns) / 1e6);
		draw_aside(out, svg_lanes[LANE_CLIENT].x + 10,
			   row->y - SVG_ROW / 2 - SVG_GAP / 2, aside);
	}
	draw_time(out, panel, row);
	draw_what(out, panel, row);
	if (row->more) {
		snprintf(aside, sizeof(aside), "these %u lines: %u× more",
			 row->more_rows, row->more);
		draw_aside(out, svg_lanes[LANE_CLIENT].x + 10,
			   row->y + SVG_ROW / 2 + SVG_GAP / 2, aside);
	}
	fputs("</g>\n", out);
}
