// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Raw records of ftrace to events. See graph_decode.h. */
#include "graph_decode.h"

#include <errno.h>
#include <stdio.h>

static int find_boundaries(struct graph_decoder *decoder,
			   struct tep_handle *tep,
			   const struct tree_scope *scope)
{
	for (int i = 0; i < SCOPE_ROOTS && scope->boundaries[i]; i++) {
		char name[64];

		snprintf(name, sizeof(name), "sys_enter_%s",
			 scope->boundaries[i]);
		decoder->call[i] =
			tep_find_event_by_name(tep, "syscalls", name);
		snprintf(name, sizeof(name), "sys_exit_%s",
			 scope->boundaries[i]);
		decoder->result[i] =
			tep_find_event_by_name(tep, "syscalls", name);
		if (!decoder->call[i] || !decoder->result[i])
			return -ENOENT;
	}
	return 0;
}

int graph_decoder_init(struct graph_decoder *decoder, struct tep_handle *tep,
		       const struct tree_scope *scope)
{
	*decoder = (struct graph_decoder){
		.entry = tep_find_event_by_name(tep, "ftrace",
						"funcgraph_entry"),
		.exit = tep_find_event_by_name(tep, "ftrace", "funcgraph_exit"),
		.packet = tep_find_event_by_name(tep, "net", "net_dev_queue"),
		.sched = tep_find_event_by_name(tep, "sched", "sched_switch"),
	};
	if (!decoder->entry || !decoder->exit || !decoder->packet ||
	    !decoder->sched)
		return -ENOENT;
	decoder->entry_func = tep_find_field(decoder->entry, "func");
	decoder->exit_func = tep_find_field(decoder->exit, "func");
	decoder->calltime = tep_find_field(decoder->exit, "calltime");
	decoder->rettime = tep_find_field(decoder->exit, "rettime");
	decoder->bytes = tep_find_field(decoder->packet, "len");
	decoder->next_pid = tep_find_field(decoder->sched, "next_pid");
	if (!decoder->entry_func || !decoder->exit_func || !decoder->calltime ||
	    !decoder->rettime || !decoder->bytes || !decoder->next_pid)
		return -ENOENT;
	return find_boundaries(decoder, tep, scope);
}

/* TRACE_FLAG_HARDIRQ, TRACE_FLAG_SOFTIRQ (include/linux/trace_events.h) */
static enum tree_context context(unsigned int flags)
{
	if (flags & 0x08)
		return TREE_HARDIRQ;
	return flags & 0x10 ? TREE_SOFTIRQ : TREE_TASK;
}

static int graph_decode_number(struct tep_format_field *field,
			       const struct tep_record *record, uint64_t *value)
{
	unsigned long long read;

	if (field->offset + field->size > record->size ||
	    tep_read_number_field(field, record->data, &read))
		return -EBADMSG;
	*value = read;
	return 0;
}

static int decode_exit(const struct graph_decoder *decoder,
		       const struct tep_record *record,
		       struct tree_event *event, uint64_t *address)
{
	uint64_t from = 0, to = 0;
	int err;

	event->kind = TREE_EXIT;
	err = graph_decode_number(decoder->exit_func, record, address);
	if (!err)
		err = graph_decode_number(decoder->calltime, record, &from);
	if (!err)
		err = graph_decode_number(decoder->rettime, record, &to);
	event->value = to - from;
	return err;
}

static int graph_decode_packet(const struct graph_decoder *decoder,
			       struct tep_record *record,
			       struct tree_event *event)
{
	uint64_t bytes = 0;
	int err, len;

	event->kind = TREE_PACKET;
	err = graph_decode_number(decoder->bytes, record, &bytes);
	event->value = bytes;
	event->name = tep_get_field_raw(NULL, decoder->packet, "name", record,
					&len, 0);
	return event->name ? err : -EBADMSG;
}

/* The descriptor is an int, the result a long; both use 64 bits. */
static int decode_boundary(struct tep_event *format, const char *field,
			   const struct tep_record *record, int64_t *value)
{
	struct tep_format_field *found = tep_find_field(format, field);
	uint64_t read = 0;
	int err = found ? graph_decode_number(found, record, &read) : -EBADMSG;

	*value = (int64_t)read;
	return err;
}

static int graph_decode_call(const struct graph_decoder *decoder,
			     const struct tep_event *format,
			     const struct tep_record *record,
			     struct tree_event *event)
{
	for (int i = 0; i < SCOPE_ROOTS && decoder->call[i]; i++) {
		if (format->id == decoder->call[i]->id) {
			int err = decode_boundary(decoder->call[i], "fd",
						  record, &event->value);

			event->kind = TREE_CALL;
			event->value = (int)event->value;
			return err;
		}
		if (format->id == decoder->result[i]->id) {
			event->kind = TREE_RESULT;
			return decode_boundary(decoder->result[i], "ret",
					       record, &event->value);
		}
	}
	return -ENOENT;
}

/* By their numbers: libtraceevent may hold the format of one event twice. */
int graph_decode(const struct graph_decoder *decoder,
		 const struct tep_event *format, struct tep_record *record,
		 struct tree_event *event, uint64_t *more)
{
	struct tep_handle *tep = format->tep;

	*event = (struct tree_event){
		.ts_ns = record->ts,
		.tid = tep_data_pid(tep, record),
		.context = context(tep_data_flags(tep, record)),
	};
	*more = 0;
	if (format->id == decoder->entry->id) {
		event->kind = TREE_ENTRY;
		return graph_decode_number(decoder->entry_func, record, more);
	}
	if (format->id == decoder->exit->id)
		return decode_exit(decoder, record, event, more);
	if (format->id == decoder->packet->id)
		return graph_decode_packet(decoder, record, event);
	if (format->id == decoder->sched->id) {
		event->kind = TREE_OFF;
		return graph_decode_number(decoder->next_pid, record, more);
	}
	return graph_decode_call(decoder, format, record, event);
}
