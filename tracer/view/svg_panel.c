// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Draws a panel: the lanes, the band of connect(2), and the rows.
 *
 *   in:  a picture that is finished
 *   out: SVG; svg_document() writes a file of its own
 */
#include <string.h>

#include "svg_draw.h"

#define HEAD 84 /* above a panel of a document: its headline */
#define FOOT 34 /* below: whose run it was */
#define FONT                                                                 \
	"font-family=\"'DejaVu Sans Mono','Liberation Mono',Menlo,Consolas," \
	"monospace\" font-size=\"12.5\""
#define SANS                                                                  \
	"font-family=\"'DejaVu Sans','Liberation Sans',Helvetica,Arial,sans-" \
	"serif\""

static unsigned int rows_before(const struct panel *panel)
{
	unsigned int rows = 0;

	for (size_t i = 0; i < panel->len; i++)
		rows += panel->rows[i].phase == PHASE_BEFORE;
	return rows;
}

/* Gaps before the entry count too: then both bands are at the same height. */
static unsigned int height_before(const struct panel *panel)
{
	unsigned int height = rows_before(panel) * SVG_ROW;
	uint64_t before = 0;

	for (size_t i = 0; i < panel->len; i++) {
		const struct picture_row *row = &panel->rows[i];

		if (!row_is_drawn(row))
			continue;
		if (svg_is_gap(before, row->record.ts_ns))
			height += SVG_GAP;
		before = row->record.ts_ns;
		if (row->phase != PHASE_BEFORE)
			break;
	}
	return height;
}

static unsigned int panel_place(struct panel *panel, unsigned int y,
				bool (*wanted)(const struct picture_row *),
				uint64_t *before)
{
	for (size_t i = 0; i < panel->len; i++) {
		struct picture_row *row = &panel->rows[i];

		if (!wanted(row))
			continue;
		if (svg_is_gap(*before, row->record.ts_ns))
			y += SVG_GAP;
		row->y = y + SVG_ROW / 2;
		y += SVG_ROW + (row->more ? SVG_GAP : 0);
		*before = row->record.ts_ns;
	}
	return y;
}

static bool is_later(const struct picture_row *row)
{
	return row->phase == PHASE_LATER;
}

void svg_place(struct picture *picture)
{
	unsigned int most = 0;

	for (unsigned int i = 0; i < picture->panels_len; i++) {
		unsigned int height = height_before(&picture->panels[i]);

		if (height > most)
			most = height;
	}
	for (unsigned int i = 0; i < picture->panels_len; i++) {
		struct panel *panel = &picture->panels[i];
		uint64_t before = 0;
		unsigned int y = SVG_TOP + most - height_before(panel);

		y = panel_place(panel, y, row_is_drawn, &before);
		panel->height = y + 8;
		y = panel_place(panel, y, is_later, &before);
		panel->whole_height = y + 8;
	}
}

static void draw_lanes(FILE *out, const struct panel *panel)
{
	for (int i = LANE_CLIENT; i <= LANE_SERVER; i++) {
		bool wire = i == LANE_WIRE;

		fprintf(out,
			"<text class=\"lane-name\" x=\"%u\" y=\"16\" " SANS
			" font-weight=\"bold\" font-size=\"12\" fill=\"" SVG_INK
			"\"%s>%s</text>"
			"<path class=\"lane%s\" d=\"M%u 24V%u\" stroke=\"%s\" "
			"stroke-width=\"2\"%s/>\n",
			i == LANE_CLIENT || i == LANE_CLIENT_KERNEL ||
					i == LANE_SERVER_KERNEL ?
				svg_lanes[i].x - 8 :
				svg_lanes[i].x,
			i == LANE_WIRE || i == LANE_SERVER ?
				" text-anchor=\"middle\"" :
				"",
			svg_lanes[i].name, wire ? " wire" : "", svg_lanes[i].x,
			panel->height, wire ? SVG_ORANGE : SVG_LINE,
			wire ? " stroke-dasharray=\"2 4\"" : "");
	}
	fprintf(out,
		"<text class=\"time\" x=\"62\" y=\"16\" text-anchor=\"end\" "
		"font-size=\"10.5\" fill=\"" SVG_DIM "\">%s</text>\n",
		svg_unit(panel));
}

/* The rows of the subject from its entry to its return: 0 if there are none. */
static unsigned int band_of(const struct panel *panel, unsigned int *top,
			    bool *crossed)
{
	unsigned int bottom = 0;

	*crossed = false;
	for (size_t i = 0; i < panel->len; i++) {
		const struct picture_row *row = &panel->rows[i];

		if (row->phase != PHASE_INSIDE)
			continue;
		if (!bottom)
			*top = row->y - SVG_ROW / 2;
		bottom = row->y + SVG_ROW / 2 + 1;
		*crossed |= row->record.type == RECORD_PACKET;
	}
	return bottom;
}

static void draw_band(FILE *out, const struct panel *panel)
{
	unsigned int top = 0;
	bool crossed;
	unsigned int bottom = band_of(panel, &top, &crossed);

	if (!bottom)
		return;
	fprintf(out,
		"<rect class=\"band\" x=\"68\" y=\"%u\" width=\"784\" "
		"height=\"%u\" rx=\"4\" fill=\"" SVG_BAND
		"\" stroke=\"" SVG_BLUE
		"\" stroke-width=\"1.5\" stroke-dasharray=\"5 4\"/>\n",
		top, bottom - top);
}

/* Over the wire's lane, where packets would be. */
static void draw_nothing(FILE *out, const struct panel *panel)
{
	bool crossed, sure = !panel->doubtful && panel->judged &&
			     panel->result == VERDICT_PASS;
	unsigned int top = 0, bottom = band_of(panel, &top, &crossed);

	if (!bottom || crossed || !panel->first->returned)
		return;
	fprintf(out,
		"<text class=\"nothing\" x=\"%u\" y=\"%u\" "
		"text-anchor=\"middle\" font-size=\"%s\" font-weight=\"bold\" "
		"fill=\"" SVG_BLUE "\" stroke=\"" SVG_BAND
		"\" stroke-width=\"8\">%s</text>\n",
		svg_lanes[LANE_WIRE].x, (top + bottom) / 2 + 9,
		sure ? "28" : "20",
		sure                      ? "nothing" :
		panel->first->other_netns ? "not captured" :
					    "nothing seen");
}

static void draw_rows(FILE *out, const struct panel *panel,
		      bool (*wanted)(const struct picture_row *),
		      uint64_t before_ns)
{
	for (size_t i = 0; i < panel->len; i++) {
		if (!wanted(&panel->rows[i]))
			continue;
		svg_draw_row(out, panel, i, before_ns);
		before_ns = panel->rows[i].record.ts_ns;
	}
}

static void draw_inside(FILE *out, const struct panel *panel)
{
	draw_band(out, panel);
	draw_lanes(out, panel);
	/* letters have a halo, so that lines do not cross them */
	fputs("<g class=\"rows\" stroke=\"" SVG_PAPER
	      "\" stroke-width=\"4\" stroke-linejoin=\"round\" "
	      "paint-order=\"stroke\">\n",
	      out);
	draw_nothing(out, panel);
	draw_rows(out, panel, row_is_drawn, 0);
	fputs("</g>\n", out);
}

void svg_panel(FILE *out, const struct panel *panel)
{
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d "
		"%u\" " FONT ">\n",
		SVG_WIDTH, panel->height);
	draw_inside(out, panel);
	fputs("</svg>\n", out);
}

void svg_later(FILE *out, const struct panel *panel)
{
	uint64_t before_ns = 0;
	bool any = false;

	for (size_t i = 0; i < panel->len; i++) {
		if (row_is_drawn(&panel->rows[i]))
			before_ns = panel->rows[i].record.ts_ns;
		any |= is_later(&panel->rows[i]);
	}
	if (!any)
		return;
	fputs("<svg xmlns=\"http://www.w3.org/2000/svg\"><g class=\"later\">\n",
	      out);
	draw_rows(out, panel, is_later, before_ns);
	fputs("</g></svg>\n", out);
}

static void draw_headline(FILE *out, const struct panel *panel)
{
	char headline[64];
	struct text text;

	text_init(&text, headline, sizeof(headline));
	panel_headline(&text, panel);
	fprintf(out,
		"<g " SANS " fill=\"" SVG_INK "\">"
		"<text x=\"14\" y=\"32\" font-size=\"18\" "
		"font-weight=\"bold\">%s</text>"
		"<text x=\"14\" y=\"66\" font-size=\"30\" "
		"font-weight=\"bold\">%s<tspan dx=\"10\" font-size=\"14\" "
		"font-weight=\"normal\" fill=\"" SVG_DIM "\">%s</tspan>"
		"<tspan dx=\"8\" font-size=\"14\">— %s</tspan></text></g>\n",
		panel_name(panel), headline,
		panel->first ?
			"between the entry and the return of connect(2)" :
		panel->filtered ? "was selected" :
				  "was seen",
		panel_verdict(panel));
}

static void draw_foot(FILE *out, const struct picture *picture, unsigned int y)
{
	char kernel[4 * sizeof(picture->kernel)];
	struct text text;

	text_init(&text, kernel, sizeof(kernel));
	text_escape(&text, picture->kernel, strlen(picture->kernel), false);
	fprintf(out,
		"<text x=\"14\" y=\"%u\" " SANS
		" font-size=\"12\" fill=\"" SVG_DIM "\">Linux ",
		y);
	svg_escape(out, kernel);
	fprintf(out,
		", %s tier · times are from the kernel’s own clock; the "
		"probes slow the run</text>\n",
		tier_name(picture->tier));
}

void svg_document(FILE *out, const struct picture *picture)
{
	unsigned int height = 0;

	for (unsigned int i = 0; i < picture->panels_len; i++)
		if (picture->panels[i].height > height)
			height = picture->panels[i].height;
	height += HEAD + FOOT;
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u "
		"%u\" " FONT " role=\"img\" aria-label=\"connect(2) of a real "
		"run\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"" SVG_PAPER
		"\"/>\n",
		SVG_WIDTH * (picture->panels_len ? picture->panels_len : 1),
		height);
	for (unsigned int i = 0; i < picture->panels_len; i++) {
		fprintf(out, "<g transform=\"translate(%u 0)\">\n",
			i * SVG_WIDTH);
		draw_headline(out, &picture->panels[i]);
		fprintf(out, "<g transform=\"translate(0 %d)\">\n", HEAD);
		draw_inside(out, &picture->panels[i]);
		fputs("</g>\n</g>\n", out);
	}
	draw_foot(out, picture, height - 12);
	fputs("</svg>\n", out);
}
