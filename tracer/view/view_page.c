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

#include "explained.h"
#include "picture.h"
#include "record/json_object.h"
#include "record/record_json.h"
#include "svg.h"

/*
 * Writes what the page's script works with:
 *
 *     {"command":"both","kernel":"6.1.0-28-amd64","tier":"kprobe",
 *      "panels":[{"protocol":"UDP","headline":"0 packets","verdict":"PASS",
 *                 "entry":2,"return":5,"rows":[{"time":"0.13","lane":1,
 *                 "what":"udp_v4_get_port","records":[{…}]},…]},…],
 *      "explanations":{"udp_v4_get_port":{"kind":…,"text":…,"source":…},…}}
 *
 * The records are those of --json, from the same encoder. A row is written at
 * a time: a long run is not held twice.
 *
 *   in:  a picture that is finished and placed
 *   out: JSON in ASCII; no "<" is in it
 */

#define USED_MAX 256 /* explanations that one page has */

struct page_data {
	FILE *out;
	const struct explanation *used[USED_MAX];
	unsigned int used_len;
};

/*
 * In JSON, "<" is only in strings. So no string ends the element that the data
 * is in, or begins a comment there. JSON_ENSURE_ASCII escapes U+2028 and U+2029.
 */
static int page_data_write_part(const char *part, size_t len, void *data)
{
	FILE *out = data;

	for (size_t i = 0; i < len; i++) {
		if (part[i] == '<')
			fputs("\\u003c", out);
		else
			putc(part[i], out);
	}
	return 0;
}

/* Takes @json over. 0 or -ENOMEM. */
static int page_data_dump(FILE *out, json_t *json)
{
	int err;

	if (!json)
		return -ENOMEM;
	err = json_dump_callback(json, page_data_write_part, out,
				 JSON_COMPACT | JSON_ENSURE_ASCII |
					 JSON_ENCODE_ANY);
	json_decref(json);
	return err ? -ENOMEM : 0;
}

static json_t *string_of(void (*format)(struct text *,
					const struct picture_row *),
			 const struct picture_row *row)
{
	char buf[512];
	struct text text;

	text_init(&text, buf, sizeof(buf));
	format(&text, row);
	return object_sentence(buf);
}

static json_t *records_of(const struct picture_row *row, struct object *o)
{
	json_t *records = json_array();

	if (json_array_append_new(records, record_to_json(&row->record)))
		o->failed = true;
	for (unsigned int i = 0; i < row->also_len; i++)
		if (json_array_append_new(records,
					  record_to_json(&row->also[i])))
			o->failed = true;
	return records;
}

static void page_data_use(struct page_data *d, const struct explanation *e)
{
	for (unsigned int i = 0; i < d->used_len; i++)
		if (d->used[i] == e)
			return;
	if (d->used_len < USED_MAX)
		d->used[d->used_len++] = e;
}

static json_t *explained_of(struct page_data *d, const struct picture_row *row,
			    struct object *o)
{
	const struct explanation *found[ROW_EXPLAINED_MAX];
	unsigned int len = row_explained(row, found);
	json_t *names = json_array();

	for (unsigned int i = 0; i < len; i++) {
		page_data_use(d, found[i]);
		if (json_array_append_new(names,
					  json_string_nocheck(found[i]->name)))
			o->failed = true;
	}
	return names;
}

static int page_data_row(struct page_data *d, const struct panel *panel,
			 const struct picture_row *row)
{
	struct object o = object_new();
	char time[32];
	struct text text;

	text_init(&text, time, sizeof(time));
	svg_time(&text, panel, row);
	object_add(&o, "time", json_string_nocheck(time));
	object_add_integer(&o, "lane", row->lane);
	object_add(&o, "what", string_of(row_what, row));
	object_add(&o, "remark", string_of(row_remark, row));
	object_add(&o, "who", string_of(row_who, row));
	object_add(&o, "explain", explained_of(d, row, &o));
	if (row->more) {
		object_add_integer(&o, "more", row->more);
		object_add_integer(&o, "more_rows", row->more_rows);
	}
	object_add(&o, "records", records_of(row, &o));
	return page_data_dump(d->out, object_done(&o));
}

static json_t *row_index(const struct panel *panel,
			 bool (*is)(const struct panel *,
				    const struct picture_row *))
{
	for (size_t i = 0; i < panel->len; i++)
		if (is(panel, &panel->rows[i]))
			return json_integer((json_int_t)i);
	return json_null();
}

/* What is known of the panel, without its rows; the bracket stays open. */
static int page_data_head(FILE *out, const struct panel *panel)
{
	struct object o = object_new();
	char headline[64];
	struct text text;

	text_init(&text, headline, sizeof(headline));
	panel_headline(&text, panel);
	object_add(&o, "protocol", json_string_nocheck(panel_name(panel)));
	object_add(&o, "unit", json_string_nocheck(svg_unit(panel)));
	object_add(&o, "headline", json_string_nocheck(headline));
	object_add(&o, "verdict", json_string_nocheck(panel_verdict(panel)));
	object_add(&o, "entry", row_index(panel, row_is_entry));
	object_add(&o, "return", row_index(panel, row_is_return));
	object_add_integer(&o, "height", panel->height);
	object_add_integer(&o, "whole_height", panel->whole_height);
	object_add_integer(&o, "left_out", panel->left_out);
	fputs("{\"about\":", out);
	return page_data_dump(out, object_done(&o));
}

static int page_data_panel(struct page_data *d, const struct panel *panel)
{
	int err = page_data_head(d->out, panel);

	fputs(",\"rows\":[", d->out);
	for (size_t i = 0; !err && i < panel->len; i++) {
		fputs(i ? ",\n" : "\n", d->out);
		err = page_data_row(d, panel, &panel->rows[i]);
	}
	fputs("]}", d->out);
	return err;
}

static json_t *explanation_json(const struct explanation *e)
{
	struct object o = object_new();
	const char *kind = "";
	char paragraph[2048];
	struct text text;

	explanation_look_up(e->name, &kind);
	text_init(&text, paragraph, sizeof(paragraph));
	text_printf(&text, "%s %s", e->sentence, e->rest);
	object_add(&o, "kind", json_string_nocheck(kind));
	object_add(&o, "text", json_string_nocheck(paragraph));
	object_add(&o, "source", json_string_nocheck(e->source));
	return object_done(&o);
}

static int page_data_explanations(struct page_data *d)
{
	struct object o = object_new();

	for (unsigned int i = 0; i < d->used_len; i++)
		object_add(&o, d->used[i]->name, explanation_json(d->used[i]));
	return page_data_dump(d->out, object_done(&o));
}

/* Writes the picture's rows and their explanations. 0 or -ENOMEM. */
static int page_data_write(FILE *out, const struct picture *picture)
{
	struct page_data d = {.out = out};
	int err = 0;

	fputs("{\"panels\":[", out);
	for (unsigned int i = 0; !err && i < picture->panels_len; i++) {
		if (i)
			putc(',', out);
		err = page_data_panel(&d, &picture->panels[i]);
	}
	fputs("],\n\"explanations\":", out);
	if (!err)
		err = page_data_explanations(&d);
	fputs("}\n", out);
	return err;
}

/* The page without a run: page.html, as tracer/view/assemble has filled it in. */

extern const char page_template[]; /* ends in a NUL */

__asm__(".pushsection .rodata\n"
	".globl page_template\n"
	".type page_template, %object\n"
	"page_template:\n"
	".incbin \"page.html\"\n"
	".byte 0\n"
	".size page_template, . - page_template\n"
	".popsection\n");

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
		", %s tier · every time is from the kernel’s own clock; the "
		"probes slow the run</p>\n",
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
		panel->filtered ? "was selected" :
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
