// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The view for a projector: one file of HTML, which needs no network.
 *
 *   in:  the records that the story shows; page_template
 *   out: at the close, the page: pictures, data and script
 *
 * Strings that were observed are written by svg_escape() and page_data_write()
 * alone, and the policy in the page allows no script but its own.
 */
#include <errno.h>
#include <string.h>

#include "page_data.h"
#include "page_template.h"
#include "picture_view.h"
#include "svg.h"

static void write_escaped(FILE *out, const char *string)
{
	char safe[4 * sizeof(((struct panel *)0)->summary)];
	struct text text;

	text_init(&text, safe, sizeof(safe));
	text_escape(&text, string, strlen(string), false);
	svg_escape(out, safe);
}

static int page_about(FILE *out, const struct picture *picture)
{
	fputs("<p>Linux ", out);
	write_escaped(out, picture->kernel);
	fprintf(out,
		", %s tier · every time is the kernel’s own clock, slowed by "
		"the probes</p>\n",
		tier_name(picture->tier));
	return 0;
}

/*
 * The later rows of a long run would make the browser slow before anybody asks
 * for them, so they wait as text. "<" of a name is escaped there as well: no
 * name ends the element.
 */
static void page_later(FILE *out, const struct panel *panel)
{
	fputs("<script type=\"image/svg+xml\">", out);
	svg_later(out, panel);
	fputs("</script>\n", out);
}

static void page_panel(FILE *out, const struct panel *panel)
{
	const char *name = panel_name(panel);
	const char *id = strcmp(name, "TCP") == 0 ? "tcp" : "udp";
	char headline[64];
	struct text text;

	text_init(&text, headline, sizeof(headline));
	panel_headline(&text, panel);
	fprintf(out,
		"<section class=\"panel\" id=\"%s\" "
		"aria-labelledby=\"%s-name\">\n<h2 id=\"%s-name\">%s</h2>\n"
		"<button type=\"button\" class=\"save\">%s as SVG</button>\n"
		"<p class=\"headline\"><strong>%s</strong> %s — <b>%s</b></p>\n"
		"<div class=\"picture\">\n",
		id, id, id, name, name, headline,
		panel->first ?
			"between the entry and the return of connect(2)" :
			"was seen",
		panel_verdict(panel));
	svg_panel(out, panel);
	fputs("</div>\n<p class=\"summary\">", out);
	write_escaped(out, panel->summary);
	if (panel->left_out)
		fprintf(out, " The page leaves out the last %llu rows.",
			(unsigned long long)panel->left_out);
	fputs("</p>\n", out);
	page_later(out, panel);
	fputs("</section>\n", out);
}

static int page_panels(FILE *out, const struct picture *picture)
{
	for (unsigned int i = 0; i < picture->panels_len; i++)
		page_panel(out, &picture->panels[i]);
	return 0;
}

static int page_data(FILE *out, const struct picture *picture)
{
	int err;

	fputs("<script type=\"application/json\" id=\"data\">\n", out);
	err = page_data_write(out, picture);
	fputs("</script>\n", out);
	return err;
}

/* A line of the template that is one of these words is replaced. */
static const struct page_place {
	const char *word;
	int (*write)(FILE *out, const struct picture *picture);
} page_places[] = {
	{"\n@about@\n", page_about},
	{"\n@panels@\n", page_panels},
	{"\n@data@\n", page_data},
};

static int page_write(FILE *out, const struct picture *picture)
{
	const char *rest = page_template;
	int err = 0;

	for (size_t i = 0;
	     !err && i < sizeof(page_places) / sizeof(page_places[0]); i++) {
		const struct page_place *place = &page_places[i];
		const char *at = strstr(rest, place->word);

		if (!at)
			return -EINVAL; /* a template of another program */
		fwrite(rest, (size_t)(at + 1 - rest), 1, out);
		err = place->write(out, picture);
		rest = at + strlen(place->word);
	}
	fputs(rest, out);
	return err;
}

static int page_finish(FILE *out, struct picture *picture)
{
	svg_place(picture);
	return page_write(out, picture);
}

static int page_open(struct view **view, const struct view_options *options)
{
	return picture_view_open(view, options, &view_page, page_finish);
}

const struct view_ops view_page = {
	.name = "page",
	.open = page_open,
	.show = picture_view_show,
	.close = picture_view_close,
};
