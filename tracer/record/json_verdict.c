// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A verdict and the connect(2) calls that it lists, to JSON and back.
 *
 *   in:  a verdict, or the object that one was written as
 *   out: the other of the two
 */
#include <errno.h>
#include <stdlib.h>

#include "json_verdict.h"

static json_t *encode_connect(const struct verdict_connect *connect)
{
	struct object o = object_new();

	object_add_integer(&o, "pid", connect->pid);
	object_add_name(&o, "comm", connect->comm, sizeof(connect->comm));
	object_add(&o, "fd", json_integer(connect->fd));
	object_add_endpoint(&o, "peer", &connect->peer);
	object_add_endpoint(&o, "local", &connect->local);
	object_add(&o, "result",
		   json_string_nocheck(verdict_result_name(connect->result)));
	if (connect->returned) {
		object_add(&o, "ret", json_integer(connect->ret));
		object_add_errno(&o, connect->ret);
		object_add_integer(&o, "duration_ns", connect->duration_ns);
	} else {
		object_add(&o, "ret", json_null());
		object_add(&o, "errno", json_null());
		object_add(&o, "duration_ns", json_null());
	}
	object_add_endpoint(&o, "stored_peer", &connect->stored);
	object_add_endpoint(&o, "wire_local", &connect->wire_local);
	object_add_endpoint(&o, "wire_peer", &connect->wire_peer);
	object_add_integer(&o, "packets", connect->packets);
	if (connect->received)
		object_add_integer(&o, "received", connect->received);
	object_add(&o, "flags", object_sentence(connect->flags));
	return object_done(&o);
}

void json_verdict_encode(struct object *o, const struct verdict *verdict)
{
	json_t *connects = json_array();
	json_t *reasons = json_array();

	object_add(o, "claim", object_sentence(verdict->claim));
	object_add(o, "result",
		   json_string_nocheck(verdict_result_name(verdict->result)));
	object_add(o, "tier", json_string_nocheck(tier_name(verdict->tier)));
	object_add(o, "summary", object_sentence(verdict->summary));
	for (unsigned int i = 0; i < verdict->connects_len; i++)
		if (json_array_append_new(
			    connects, encode_connect(&verdict->connects[i])))
			o->failed = true;
	for (unsigned int i = 0; i < verdict->reasons_len; i++)
		if (json_array_append_new(reasons,
					  object_sentence(verdict->reasons[i])))
			o->failed = true;
	object_add(o, "connects", connects);
	if (verdict->unlisted)
		object_add_integer(o, "unlisted", verdict->unlisted);
	object_add(o, "reasons", reasons);
}

static const char *const results[] = {"pass", "fail", "inconclusive",
				      "not judged", NULL};

static const char *const tiers[] = {"kprobe", "tracepoint", NULL};

static void decode_connect(struct fields *f, struct verdict_connect *connect)
{
	connect->pid = field_u32(f, "pid");
	field_name(f, "comm", connect->comm, sizeof(connect->comm));
	connect->fd = field_integer(f, "fd", -1, INT32_MAX);
	field_endpoint(f, "peer", &connect->peer);
	field_endpoint(f, "local", &connect->local);
	connect->result = VERDICT_PASS + field_word_index(f, "result", results);
	connect->returned = field_present(f, "ret");
	connect->ret = field_u64(f, "ret");
	connect->duration_ns = field_u64(f, "duration_ns");
	field_endpoint(f, "stored_peer", &connect->stored);
	field_endpoint(f, "wire_local", &connect->wire_local);
	field_endpoint(f, "wire_peer", &connect->wire_peer);
	connect->packets = field_u32(f, "packets");
	connect->received = field_u32(f, "received");
	field_name(f, "flags", connect->flags, sizeof(connect->flags));
}

void json_verdict_decode(struct fields *f, struct record *record)
{
	struct verdict *verdict = calloc(1, sizeof(*verdict));
	const json_t *connects = field_array(f, "connects");
	struct fields item = *f;
	size_t size = json_array_size(connects);

	record->verdict = verdict;
	if (verdict)
		verdict->connects =
			calloc(size + 1, sizeof(*verdict->connects));
	if (!verdict || !verdict->connects) {
		f->err = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < size && !item.err; i++) {
		item.json = json_array_get(connects, i);
		decode_connect(&item, &verdict->connects[i]);
		verdict->connects_len = i + 1;
	}
	f->err = item.err;
	field_name(f, "claim", verdict->claim, sizeof(verdict->claim));
	verdict->result = VERDICT_PASS + field_word(f, "result", results);
	verdict->tier = TIER_KPROBE + field_word_index(f, "tier", tiers);
	field_name(f, "summary", verdict->summary, sizeof(verdict->summary));
	verdict->unlisted = field_u64(f, "unlisted");
	verdict->reasons_len = field_strings(f, "reasons", &verdict->reasons);
}
