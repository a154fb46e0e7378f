// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Raw records of ftrace to events. See ftrace_events.h. */
#include "ftrace_events.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

/*
 * common_flags of every record, as trace_output.c of the kernel prints them and
 * include/linux/trace_events.h (enum trace_flag_type) numbers them; bit 0x40,
 * TRACE_FLAG_NMI, since 5.0. libtraceevent has names for the same bits.
 */
#define FLAG_HARDIRQ TRACE_FLAG_HARDIRQ
#define FLAG_SOFTIRQ TRACE_FLAG_SOFTIRQ
#define FLAG_NMI     0x40

int ftrace_decoder_init(struct ftrace_decoder *decoder, struct tep_handle *tep)
{
	struct ftrace_decoder d = {
		.function = tep_find_event_by_name(tep, "ftrace", "function"),
		.newtask = tep_find_event_by_name(tep, "task", "task_newtask"),
		.rename = tep_find_event_by_name(tep, "task", "task_rename"),
	};

	*decoder = d;
	if (!d.function || !d.newtask || !d.rename)
		return -ENOENT;
	decoder->ip = tep_find_field(d.function, "ip");
	decoder->child = tep_find_field(d.newtask, "pid");
	decoder->child_comm = tep_find_field(d.newtask, "comm");
	decoder->clone_flags = tep_find_field(d.newtask, "clone_flags");
	decoder->renamed = tep_find_field(d.rename, "pid");
	decoder->new_comm = tep_find_field(d.rename, "newcomm");
	/* without "pid" a task_rename is about the task itself */
	return decoder->ip && decoder->child && decoder->child_comm &&
			       decoder->clone_flags && decoder->new_comm ?
		       0 :
		       -ENOENT;
}

static enum count_context context_of(int flags)
{
	if (flags & (FLAG_HARDIRQ | FLAG_NMI))
		return COUNT_HARDIRQ;
	return flags & FLAG_SOFTIRQ ? COUNT_SOFTIRQ : COUNT_TASK;
}

static bool has(const struct tep_record *record,
		const struct tep_format_field *field)
{
	return field->offset + field->size <= record->size;
}

static int ftrace_event_comm(const struct tep_record *record,
			     const struct tep_format_field *field, char *comm)
{
	if (!has(record, field) || field->size < COMM_BYTES)
		return -EBADMSG;
	memcpy(comm, (const char *)record->data + field->offset, COMM_BYTES);
	comm[COMM_BYTES - 1] = '\0';
	return 0;
}

static int ftrace_event_number(const struct tep_record *record,
			       struct tep_format_field *field,
			       unsigned long long *number)
{
	if (!has(record, field) ||
	    tep_read_number_field(field, record->data, number))
		return -EBADMSG;
	return 0;
}

static int decode_newtask(const struct ftrace_decoder *decoder,
			  const struct tep_record *record,
			  struct ftrace_event *event)
{
	unsigned long long child, flags;

	event->kind = FTRACE_NEWTASK;
	if (ftrace_event_number(record, decoder->child, &child) ||
	    ftrace_event_number(record, decoder->clone_flags, &flags))
		return -EBADMSG;
	event->other = child;
	event->thread = flags & CLONE_THREAD;
	return ftrace_event_comm(record, decoder->child_comm, event->comm);
}

static int decode_rename(const struct ftrace_decoder *decoder,
			 const struct tep_record *record,
			 struct ftrace_event *event)
{
	unsigned long long other = event->tid;

	event->kind = FTRACE_RENAME;
	if (decoder->renamed &&
	    ftrace_event_number(record, decoder->renamed, &other))
		return -EBADMSG;
	event->other = other;
	return ftrace_event_comm(record, decoder->new_comm, event->comm);
}

int ftrace_decode(const struct ftrace_decoder *decoder,
		  const struct tep_event *format,
		  const struct tep_record *record, struct ftrace_event *event)
{
	struct tep_handle *tep = decoder->function->tep;
	struct tep_record *mine = (struct tep_record *)record;
	unsigned long long address;

	*event = (struct ftrace_event){
		.ts_ns = record->ts,
		.tid = tep_data_pid(tep, mine),
		.context = context_of(tep_data_flags(tep, mine)),
	};
	if (!format)
		return -ENOENT;
	if (format->id == decoder->newtask->id)
		return decode_newtask(decoder, record, event);
	if (format->id == decoder->rename->id)
		return decode_rename(decoder, record, event);
	if (format->id != decoder->function->id)
		return -ENOENT;
	event->kind = FTRACE_CALL;
	if (ftrace_event_number(record, decoder->ip, &address))
		return -EBADMSG;
	event->address = address;
	return 0;
}
