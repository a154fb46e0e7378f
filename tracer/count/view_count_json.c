// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Counts as JSON Lines, like a recording: one object per line, with a "type".
 *
 *   in:  counts, sorted, and the verdict over them
 *   out: meta, count…, glob…, lost…, control, verdict
 */
#include <string.h>

#include "record/json_object.h"
#include "view_count.h"

/* Begins an object of @type. */
static struct object count_json_begin(const char *type)
{
	struct object o = object_new();

	object_add(&o, "type", json_string_nocheck(type));
	return o;
}

static int end(const struct count_view *view, struct object *o)
{
	return object_write_line(view->out, object_done(o), JSON_COMPACT);
}

static void add_calls(struct object *o, const uint64_t calls[COUNT_CONTEXTS])
{
	object_add_integer(o, "calls", calls[COUNT_TASK]);
	object_add_integer(o, "softirq", calls[COUNT_SOFTIRQ]);
	object_add_integer(o, "hardirq", calls[COUNT_HARDIRQ]);
}

/* The globs whose bit is set in @which. */
static json_t *globs_of(const struct counts *counts, uint32_t which)
{
	json_t *globs = json_array();

	for (size_t i = 0; globs && i < counts->globs_len; i++)
		if (which & 1u << i &&
		    json_array_append_new(globs,
					  object_sentence(counts->globs[i]))) {
			json_decref(globs);
			globs = NULL;
		}
	return globs;
}

static int write_meta(const struct count_view *view)
{
	struct object o = count_json_begin("meta");

	object_add(&o, "command", json_string_nocheck("count"));
	object_add(&o, "kernel", object_sentence(view->kernel));
	object_add(&o, "way", object_sentence(view->evidence->backend));
	object_add(&o, "globs", globs_of(view->counts, ~COUNT_CANARY));
	return end(view, &o);
}

static int write_counts(const struct count_view *view)
{
	const struct counts *counts = view->counts;
	int err = 0;

	for (size_t i = 0; !err && i < counts->len; i++) {
		const struct count *count = &counts->counts[i];
		struct object o;

		if (count->globs == COUNT_CANARY || count_calls(count) == 0)
			continue;
		o = count_json_begin("count");
		object_add(&o, "function", object_sentence(count->name));
		object_add(&o, "globs", globs_of(counts, count->globs));
		add_calls(&o, count->calls);
		object_add_integer(&o, "control", count->control);
		err = end(view, &o);
	}
	return err;
}

static int write_globs(const struct count_view *view)
{
	const struct counts *counts = view->counts;
	int err = 0;

	for (size_t i = 0; !err && i < counts->globs_len; i++) {
		struct count_total total = counts_total(counts, i);
		struct object o = count_json_begin("glob");

		object_add(&o, "glob", object_sentence(counts->globs[i]));
		object_add_integer(&o, "matched", total.matched);
		object_add_integer(&o, "called", total.called);
		add_calls(&o, total.calls);
		err = end(view, &o);
	}
	return err;
}

static int write_lost(const struct count_view *view, const char *cause,
		      uint64_t count)
{
	struct object o;

	if (count == 0)
		return 0;
	o = count_json_begin("lost");
	object_add(&o, "cause", json_string_nocheck(cause));
	object_add_integer(&o, "count", count);
	return end(view, &o);
}

static int write_drops(const struct count_view *view)
{
	const struct count_drops *drops = &view->evidence->drops;
	int err;

	err = write_lost(view, "overrun", drops->overrun);
	if (!err)
		err = write_lost(view, "missed", drops->missed);
	if (!err)
		err = write_lost(view, "no room", drops->no_room);
	return err;
}

static int write_control(const struct count_view *view)
{
	struct object o = count_json_begin("control");

	object_add(&o, "witness", json_string_nocheck("kernel"));
	object_add_integer(&o, "sent", view->evidence->sent);
	object_add_integer(&o, "seen", view->evidence->seen);
	return end(view, &o);
}

static int count_json_verdict(const struct count_view *view)
{
	const struct count_verdict *verdict = view->verdict;
	struct object o = count_json_begin("verdict");
	json_t *reasons = json_array();

	object_add(&o, "claim", json_string_nocheck("count"));
	object_add(&o, "result",
		   json_string_nocheck(verdict->conclusive ? "COUNTED" :
							     "INCONCLUSIVE"));
	object_add(&o, "summary", object_sentence(verdict->summary));
	for (unsigned int i = 0; i < verdict->reasons_len; i++)
		if (json_array_append_new(reasons,
					  object_sentence(verdict->reasons[i])))
			o.failed = true;
	object_add(&o, "reasons", reasons);
	return end(view, &o);
}

int view_count_json(const struct count_view *view)
{
	int err;

	err = write_meta(view);
	if (!err)
		err = write_counts(view);
	if (!err)
		err = write_globs(view);
	if (!err)
		err = write_drops(view);
	if (!err)
		err = write_control(view);
	return err ? err : count_json_verdict(view);
}
