// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The view for Perfetto (ui.perfetto.dev) and chrome://tracing: Chrome's
 * trace-event format, in JSON. A protocol is a process and a lane is a thread.
 * A call is a slice from its entry to its exit; a packet is one on the wire, with
 * an arrow from the call that sends it to the function that gets it.
 *
 *   in:  a picture
 *   out: one object: {"displayTimeUnit":"ns","traceEvents":[…]}
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "record/json_object.h"

#define LOOK_BACK  64    /* rows between a packet and the call that sends it */
#define INSTANT_US 0.001 /* of what has no known end: as short as can be */

struct perfetto {
	FILE *out;
	const struct panel *panel;
	uint64_t begin_ns; /* of the run */
	int process;
	bool begun; /* an event is written, so a comma comes next */
	unsigned int arrows;
};

static const char *const lane_names[] = {
	[LANE_CLIENT] = "client", [LANE_CLIENT_KERNEL] = "client's kernel",
	[LANE_WIRE] = "wire",     [LANE_SERVER_KERNEL] = "server's kernel",
	[LANE_SERVER] = "server",
};

/* Microseconds, as the format wants. */
static double time_us(const struct perfetto *p, uint64_t ts_ns)
{
	return (double)(int64_t)(ts_ns - p->begin_ns) / 1e3;
}

/* Takes @event over. */
static int put_event(struct perfetto *p, json_t *event)
{
	if (event)
		fputs(p->begun ? ",\n" : "\n", p->out);
	p->begun = true;
	return object_write(p->out, event,
			    JSON_COMPACT | JSON_ENSURE_ASCII |
				    JSON_REAL_PRECISION(12));
}

static int put_name(struct perfetto *p, const char *what, int lane,
		    const char *name)
{
	return put_event(p, json_pack("{s:s, s:s, s:i, s:i, s:{s:s}}", "ph",
				      "M", "name", what, "pid", p->process,
				      "tid", lane, "args", "name", name));
}

/* A slice of a lane. */
static int put_slice(struct perfetto *p, const struct picture_row *row,
		     enum lane lane, double us)
{
	char what[512], remark[512], who[128];
	struct text text;

	text_init(&text, what, sizeof(what));
	row_what(&text, row);
	text_init(&text, remark, sizeof(remark));
	row_remark(&text, row);
	text_init(&text, who, sizeof(who));
	row_who(&text, row);
	return put_event(
		p,
		json_pack("{s:s, s:s, s:s, s:i, s:i, s:f, s:f, s:{s:s, s:s}}",
			  "ph", "X", "name", what, "cat", panel_name(p->panel),
			  "pid", p->process, "tid", (int)lane + 1, "ts",
			  time_us(p, row->record.ts_ns), "dur", us, "args",
			  "who", who, "what", remark));
}

static int put_arrow(struct perfetto *p, const char *phase, enum lane lane,
		     uint64_t ts_ns)
{
	return put_event(
		p, json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:f}", "ph",
			     phase, "bp", "e", "name", "packet", "cat",
			     "packet", "id", (int)p->arrows, "pid", p->process,
			     "tid", (int)lane + 1, "ts", time_us(p, ts_ns)));
}

/* The exit of the call that row @i enters; NULL: none was seen. */
static const struct record *exit_of(const struct panel *panel, size_t i)
{
	const struct picture_row *row = &panel->rows[i];

	if (row->also_len)
		return &row->also[0];
	for (size_t j = i + 1; j < panel->len; j++) {
		const struct record *record = &panel->rows[j].record;

		if (record->tid != row->record.tid)
			continue;
		if (record->type == RECORD_EXIT &&
		    record->syscall.id == row->record.syscall.id)
			return record;
		if (record->type == RECORD_ENTER)
			return NULL;
	}
	return NULL;
}

static int put_call(struct perfetto *p, size_t i)
{
	const struct picture_row *row = &p->panel->rows[i];
	const struct record *exit = exit_of(p->panel, i);
	double us = INSTANT_US;

	if (exit && exit->ts_ns > row->record.ts_ns)
		us = (double)(exit->ts_ns - row->record.ts_ns) / 1e3;
	return put_slice(p, row, row->lane, us);
}

/* Is the sender in a call when it sends the packet of row @i? */
static bool is_in_call(const struct panel *panel, size_t i, enum lane lane)
{
	uint64_t ts_ns = panel->rows[i].record.ts_ns;

	for (size_t j = i; j-- > 0 && i - j <= LOOK_BACK;) {
		const struct picture_row *row = &panel->rows[j];
		const struct record *exit;

		if (row->record.type != RECORD_ENTER || row->lane != lane)
			continue;
		exit = exit_of(panel, j);
		if (exit && exit->ts_ns >= ts_ns)
			return true;
	}
	return false;
}

/* From the sender's kernel across the wire to the function that gets it. */
static int put_packet(struct perfetto *p, size_t i)
{
	const struct picture_row *row = &p->panel->rows[i];
	const struct picture_row *to =
		row->arrives ? &p->panel->rows[row->arrival] : NULL;
	enum lane sender =
		row->lane == LANE_CLIENT_KERNEL ? LANE_CLIENT : LANE_SERVER;
	double us = INSTANT_US;
	int err;

	if (to && to->record.ts_ns > row->record.ts_ns)
		us = (double)(to->record.ts_ns - row->record.ts_ns) / 1e3;
	err = put_slice(p, row, LANE_WIRE, us);
	if (err || !to)
		return err;
	p->arrows++;
	if (is_in_call(p->panel, i, sender)) {
		err = put_arrow(p, "s", sender, row->record.ts_ns);
		if (!err)
			err = put_arrow(p, "t", LANE_WIRE, row->record.ts_ns);
	} else {
		err = put_arrow(p, "s", LANE_WIRE, row->record.ts_ns);
	}
	return err ? err : put_arrow(p, "f", to->lane, to->record.ts_ns);
}

static int put_row(struct perfetto *p, size_t i)
{
	const struct picture_row *row = &p->panel->rows[i];

	switch (row->record.type) {
	case RECORD_ENTER:
		return put_call(p, i);
	case RECORD_EXIT:
		return 0; /* the end of its slice */
	case RECORD_PACKET:
	case RECORD_ICMP:
		return put_packet(p, i);
	default:
		return put_slice(p, row, row->lane, INSTANT_US);
	}
}

static int put_panel(struct perfetto *p)
{
	char name[96];
	struct text text;
	int err;

	text_init(&text, name, sizeof(name));
	text_printf(&text, "%s: ", panel_name(p->panel));
	panel_headline(&text, p->panel);
	text_printf(&text, "%s, %s",
		    p->panel->first ? " inside connect(2)" : "",
		    panel_verdict(p->panel));
	err = put_name(p, "process_name", 0, name);
	for (int lane = LANE_CLIENT; !err && lane <= LANE_SERVER; lane++)
		err = put_name(p, "thread_name", lane + 1, lane_names[lane]);
	for (size_t i = 0; !err && i < p->panel->len; i++)
		err = put_row(p, i);
	return err;
}

static uint64_t first_ns(const struct picture *picture)
{
	uint64_t first = UINT64_MAX;

	for (unsigned int i = 0; i < picture->panels_len; i++) {
		const struct panel *panel = &picture->panels[i];

		if (panel->len && panel->rows[0].record.ts_ns < first)
			first = panel->rows[0].record.ts_ns;
	}
	return first;
}

static int perfetto_write(FILE *out, struct picture *picture)
{
	struct perfetto p = {.out = out, .begin_ns = first_ns(picture)};
	int err = 0;

	fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[", out);
	for (unsigned int i = 0; !err && i < picture->panels_len; i++) {
		p.panel = &picture->panels[i];
		p.process = (int)i + 1;
		err = put_panel(&p);
	}
	fputs("\n]}\n", out);
	return err;
}

static int perfetto_open(struct view **view, const struct view_options *options)
{
	return picture_view_open(view, options, &view_perfetto, perfetto_write);
}

const struct view_ops view_perfetto = {
	.name = "perfetto",
	.open = perfetto_open,
	.show = picture_view_show,
	.close = picture_view_close,
};
