/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Draws a picture as SVG. Colours and sizes are attributes of the elements, so
 * every program that reads SVG shows them. The page's style sheet replaces them
 * by class, for the dark theme.
 */
#ifndef DIALTONE_SVG_H
#define DIALTONE_SVG_H

#include "picture.h"

#define SVG_WIDTH 860 /* of a panel */

/*
 * Gives the rows their heights. The bands of all panels begin at the same
 * height.
 */
void svg_place(struct picture *picture);

/* One panel, an <svg> of its own, without the rows that come later. */
void svg_panel(FILE *out, const struct panel *panel);

/*
 * The rows that come later, in an <svg> of their own. If there are none, writes
 * nothing.
 */
void svg_later(FILE *out, const struct panel *panel);

/* All panels with their headlines, a document of its own. */
void svg_document(FILE *out, const struct picture *picture);

/* Writes @string with what is markup escaped: for XML and for HTML. */
void svg_escape(FILE *out, const char *string);

/* "-0.14": the row's time, in milliseconds; beyond 10 s in seconds. */
void svg_time(struct text *text, const struct panel *panel,
	      const struct picture_row *row);

/* "ms" or "s" */
const char *svg_unit(const struct panel *panel);

#endif
