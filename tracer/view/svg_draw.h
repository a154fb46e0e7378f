/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Shared by svg.c and svg_panel.c: sizes, colours, and how a row is drawn. */
#ifndef DIALTONE_SVG_DRAW_H
#define DIALTONE_SVG_DRAW_H

#include "svg.h"

#define SVG_ROW        23 /* the height of a row */
#define SVG_ROW_STRING "23"
#define SVG_GAP        16 /* of a line that says how much time passes */
#define SVG_TOP        42 /* where the first row begins, below the lanes' names */
#define SVG_WHAT       256

/* Okabe and Ito's colours, darker where they are text on white. */
#define SVG_PAPER  "#fff"
#define SVG_INK    "#1a1a1a"
#define SVG_DIM    "#595959"
#define SVG_BLUE   "#0072b2"
#define SVG_BAND   "#dfeef6"
#define SVG_ORANGE "#b04500"
#define SVG_PURPLE "#7a3573"
#define SVG_LINE   "#c4c4c4"

struct svg_lane {
	unsigned int x;
	const char *name;
};

extern const struct svg_lane svg_lanes[LANE_SERVER + 1];

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

struct svg_word {
	unsigned int x, y; /* y is the middle of the row */
	enum svg_anchor anchor;
	const char *fill;
	bool bold, italic;
	const char *string;
};

/* Between these times, so much passes that a line says it. */
static inline bool svg_is_gap(uint64_t before_ns, uint64_t ts_ns)
{
	return before_ns && ts_ns > before_ns + 2000000;
}

/* Row @i; @before_ns is the time of the row drawn before it, 0: none. */
void svg_draw_row(FILE *out, const struct panel *panel, size_t i,
		  uint64_t before_ns);

#endif
