// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
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
#include "page_data.h"

#include <errno.h>
#include <string.h>

#include "record/json_object.h"
#include "record/record_json.h"
#include "row_explained.h"
#include "svg.h"

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

int page_data_write(FILE *out, const struct picture *picture)
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
