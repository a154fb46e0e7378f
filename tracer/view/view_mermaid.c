// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The view for README files: a sequence diagram in the language of Mermaid,
 * which hosting sites draw. It has what the picture shows around connect(2).
 *
 *   in:  the records that the story shows
 *   out: at the close, one diagram
 */
#include <ctype.h>
#include <string.h>

#include "picture.h"

static const char *const participants[] = {
	[LANE_CLIENT] = "C", [LANE_CLIENT_KERNEL] = "CK",
	[LANE_WIRE] = "CK",  [LANE_SERVER_KERNEL] = "SK",
	[LANE_SERVER] = "S",
};

/*
 * Mermaid takes ";" for the end of a line, "#" for an entity and "<" for
 * markup: all but letters and a few signs are written as entities.
 */
static void mermaid_escape(FILE *out, const char *string)
{
	for (; *string; string++) {
		unsigned char c = (unsigned char)*string;

		if (c >= 0x80 || isalnum(c) || strchr(" _.,:()=+-*/|[]", c))
			putc(c, out);
		else
			fprintf(out, "#%u;", c);
	}
}

static void mermaid_what(FILE *out, const struct picture_row *row)
{
	char what[256];
	struct text text;

	text_init(&text, what, sizeof(what));
	row_what(&text, row);
	mermaid_escape(out, what);
	putc('\n', out);
}

/* Between a program and its kernel, or from one kernel to the other. */
static void mermaid_row(FILE *out, const struct picture_row *row)
{
	bool server =
		row->lane == LANE_SERVER || row->lane == LANE_SERVER_KERNEL;
	const char *lane = participants[row->lane];

	switch (row->record.type) {
	case RECORD_ENTER:
		fprintf(out, "    %s->>%s: ", server ? "S" : "C",
			server ? "SK" : "CK");
		break;
	case RECORD_EXIT:
		fprintf(out, "    %s-->>%s: ", server ? "SK" : "CK",
			server ? "S" : "C");
		break;
	case RECORD_PACKET:
	case RECORD_ICMP:
		fprintf(out, "    %s->>%s: ", lane, server ? "CK" : "SK");
		break;
	default:
		fprintf(out, "    Note %s of %s: ", server ? "right" : "left",
			lane);
	}
	mermaid_what(out, row);
}

static void mermaid_panel(FILE *out, const struct panel *panel)
{
	char headline[64];
	struct text text;
	bool inside = false;

	text_init(&text, headline, sizeof(headline));
	panel_headline(&text, panel);
	fprintf(out, "    Note over C,S: %s: %s%s, %s\n", panel_name(panel),
		headline, panel->first ? " inside connect(2)" : "",
		panel_verdict(panel));
	for (size_t i = 0; i < panel->len; i++) {
		const struct picture_row *row = &panel->rows[i];

		if (!row_is_drawn(row))
			continue;
		if (inside != (row->phase == PHASE_INSIDE)) {
			inside = !inside;
			fputs(inside ? "    rect rgba(0, 114, 178, 0.15)\n" :
				       "    end\n",
			      out);
		}
		mermaid_row(out, row);
	}
	if (inside)
		fputs("    end\n", out);
}

static int mermaid_write(FILE *out, struct picture *picture)
{
	fputs("sequenceDiagram\n"
	      "    participant C as client\n"
	      "    participant CK as client's kernel\n"
	      "    participant SK as server's kernel\n"
	      "    participant S as server\n",
	      out);
	for (unsigned int i = 0; i < picture->panels_len; i++)
		mermaid_panel(out, &picture->panels[i]);
	return 0;
}

static int mermaid_open(struct view **view, const struct view_options *options)
{
	return picture_view_open(view, options, &view_mermaid, mermaid_write);
}

const struct view_ops view_mermaid = {
	.name = "mermaid",
	.open = mermaid_open,
	.show = picture_view_show,
	.close = picture_view_close,
};
