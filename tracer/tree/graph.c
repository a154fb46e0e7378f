// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Controls ftrace's function-graph tracer. See graph.h.
 *
 * The order matters: the tracer is set last, after the filter and the pids.
 * With no filter every function of the kernel would be watched, in every task.
 */
#include <errno.h>
#include <event-parse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph.h"
#include "tree_log.h"
#include "tree_scope.h"

/*
 * Decodes the events that a call tree needs. The kernel itself describes the
 * position of each field (events/.../format), and libtraceevent reads that
 * description: they have moved between 5.10 and 7.2.
 *
 *   in:  raw records of ftrace
 *   out: struct tree_event
 */

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

/* Looks for the formats in @tep, which must last. 0; -ENOENT: one is missing. */
static int graph_decoder_init(struct graph_decoder *decoder,
			      struct tep_handle *tep,
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
static int graph_decode(const struct graph_decoder *decoder,
			const struct tep_event *format,
			struct tep_record *record, struct tree_event *event,
			uint64_t *more)
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

static int set(const struct graph *graph, const char *file, const char *text)
{
	return ftrace_write(&graph->saved.ftrace, file, text);
}

static int set_number(const struct graph *graph, const char *file, long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", value);
	return set(graph, file, text);
}

static int graph_set_filter(struct graph *graph)
{
	struct tracefs_instance *instance = graph->saved.ftrace.instance;
	char *pattern = tree_scope_pattern(), *chosen;
	int err = 0;

	if (!pattern)
		return -ENOMEM;
	errno = 0;
	if (tracefs_function_filter(instance, pattern, NULL, TRACEFS_FL_RESET))
		err = errno ? -errno : -EINVAL;
	free(pattern);
	if (err)
		return err;
	chosen =
		tracefs_instance_file_read(instance, "set_ftrace_filter", NULL);
	for (const char *c = chosen; c && *c; c++)
		graph->log->functions += *c == '\n';
	free(chosen);
	return graph->log->functions > 1 ? 0 : -ENODATA;
}

static int enable_events(struct graph *graph, const struct tree_scope *scope)
{
	struct tracefs_instance *instance = graph->saved.ftrace.instance;
	char name[64];

	errno = 0;
	if (tracefs_event_enable(instance, "net", "net_dev_queue") ||
	    tracefs_event_enable(instance, "sched", "sched_switch"))
		return errno ? -errno : -EIO;
	for (int i = 0; i < SCOPE_ROOTS && scope->boundaries[i]; i++) {
		snprintf(name, sizeof(name), "sys_enter_%s",
			 scope->boundaries[i]);
		if (tracefs_event_enable(instance, "syscalls", name))
			return errno ? -errno : -EIO;
		snprintf(name, sizeof(name), "sys_exit_%s",
			 scope->boundaries[i]);
		if (tracefs_event_enable(instance, "syscalls", name))
			return errno ? -errno : -EIO;
	}
	return 0;
}

static int load_formats(struct graph *graph, const struct tree_scope *scope)
{
	static const char *const systems[] = {"ftrace", NULL};
	char name[64];
	int err;

	graph->tep = tracefs_local_events_system(NULL, systems);
	if (!graph->tep)
		return -ENOENT;
	err = ftrace_read_format(graph->tep, "net", "net_dev_queue");
	if (!err)
		err = ftrace_read_format(graph->tep, "sched", "sched_switch");
	for (int i = 0; !err && i < SCOPE_ROOTS && scope->boundaries[i]; i++) {
		snprintf(name, sizeof(name), "sys_enter_%s",
			 scope->boundaries[i]);
		err = ftrace_read_format(graph->tep, "syscalls", name);
		snprintf(name, sizeof(name), "sys_exit_%s",
			 scope->boundaries[i]);
		if (!err)
			err = ftrace_read_format(graph->tep, "syscalls", name);
	}
	return err ? err :
		     graph_decoder_init(&graph->decoder, graph->tep, scope);
}

static int graph_configure(struct graph *graph, unsigned int buffer_kib)
{
	int err = set(graph, "trace_clock", "mono");

	if (!err)
		err = set_number(graph, "buffer_size_kb", buffer_kib);
	if (!err)
		err = set(graph, "options/function-fork", "1");
	if (!err)
		err = set(graph, "options/event-fork", "1");
	return err;
}

int graph_open(struct graph *graph, const struct tree_scope *scope,
	       unsigned int buffer_kib, struct tree_log *log,
	       char why[FTRACE_WHY])
{
	const char *what = "read /proc/kallsyms";
	int err;

	*graph = (struct graph)GRAPH_CLOSED;
	graph->log = log;
	err = ftrace_save(&graph->saved, scope->roots, why);
	if (err)
		return err;
	log->instance = graph->saved.ftrace.instance;
	err = ksyms_load(&graph->ksyms, "/proc/kallsyms");
	if (!err) {
		what = "read the formats of ftrace's events "
		       "(CONFIG_FTRACE_SYSCALLS)";
		err = load_formats(graph, scope);
	}
	if (!err) {
		what = "size ftrace's ring";
		err = graph_configure(graph, buffer_kib);
	}
	if (!err) {
		what = "set ftrace's function filter";
		err = graph_set_filter(graph);
	}
	if (!err) {
		what = "switch ftrace's events on";
		err = enable_events(graph, scope);
	}
	if (err)
		snprintf(why, FTRACE_WHY, "cannot %s: %s", what,
			 strerror(-err));
	return err == -EBUSY ? -EIO : err;
}

/* Call it after the tracer is set: open rings prevent a change. */
static int open_files(struct graph *graph)
{
	char *path = tracefs_get_tracing_file("saved_cmdlines");
	int err = -ENOMEM;

	if (path) {
		graph->comms = fopen(path, "re");
		err = graph->comms ? 0 : -errno;
	}
	tracefs_put_tracing_file(path);
	if (!err)
		err = ftrace_rings_open(&graph->rings, &graph->saved.ftrace,
					graph->tep);
	return err;
}

int graph_start(struct graph *graph, pid_t self, pid_t command,
		char why[FTRACE_WHY])
{
	char pids[32];
	int err;

	if (command)
		snprintf(pids, sizeof(pids), "%d %d", self, command);
	else
		snprintf(pids, sizeof(pids), "%d", self);
	err = set(graph, "set_ftrace_pid", pids);
	if (!err)
		err = set(graph, "set_event_pid", pids);
	if (!err)
		err = set(graph, "current_tracer", "function_graph");
	if (!err)
		err = open_files(graph);
	if (!err)
		err = ftrace_rings_switch(&graph->rings, true);
	if (err == -EBUSY)
		snprintf(why, FTRACE_WHY,
			 "another program uses ftrace's function graph, "
			 "perhaps the function profiler");
	else if (err)
		snprintf(why, FTRACE_WHY,
			 "cannot start the function-graph tracer: %s",
			 strerror(-err));
	return err;
}

/* "udp_rcv+0x0" without the offset. */
static const char *function(const struct graph *graph, uint64_t address,
			    char name[128])
{
	ksyms_name(graph->ksyms, address, name);
	name[strcspn(name, "+")] = '\0';
	return name;
}

static int graph_take(struct tep_event *format, struct tep_record *record,
		      int cpu, void *context)
{
	struct graph *graph = context;
	struct tree_event event;
	char name[128];
	uint64_t more;
	int err;

	(void)cpu;
	err = graph_decode(&graph->decoder, format, record, &event, &more);
	if (err == -ENOENT)
		return 0;
	if (!err && (event.kind == TREE_ENTRY || event.kind == TREE_EXIT))
		event.name = function(graph, more, name);
	if (!err && event.tid) /* 0: idle, between two tasks */
		err = tree_log_add(graph->log, &event);
	if (!err && event.kind == TREE_OFF && more) {
		event.kind = TREE_ON;
		event.tid = more;
		err = tree_log_add(graph->log, &event);
	}
	if (!err && graph->log->len > TREE_EVENTS_MAX)
		err = -ENOSPC;
	graph->err = err;
	return err;
}

int graph_drain(struct graph *graph)
{
	int err;

	graph->err = 0;
	err = ftrace_rings_read(&graph->rings, graph_take, graph);
	return err ? err : graph->err;
}

static bool has_called(const struct tree_log *log, pid_t tid)
{
	for (size_t i = 0; i < log->len; i++)
		if (log->events[i].kind == TREE_CALL &&
		    log->events[i].tid == tid)
			return true;
	return false;
}

/* The kernel keeps the names of recently recorded tasks. */
static int read_comms(struct graph *graph)
{
	char line[64]; /* "4242 echo-client" */
	int err = 0;

	while (!err && fgets(line, sizeof(line), graph->comms)) {
		char *comm = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		if (comm && has_called(graph->log, atoi(line)))
			err = tree_log_comm(graph->log, atoi(line), comm + 1);
	}
	return err;
}

int graph_stop(struct graph *graph)
{
	int err = ftrace_rings_switch(&graph->rings, false);

	if (!err)
		err = graph_drain(graph);
	if (!err)
		err = read_comms(graph);
	if (!err)
		err = ftrace_rings_lost(&graph->rings, &graph->log->lost);
	tree_log_sort(graph->log);
	return err;
}

int graph_close(struct graph *graph, char why[FTRACE_WHY])
{
	int err;

	ftrace_rings_close(&graph->rings);
	if (graph->comms)
		fclose(graph->comms);
	graph->comms = NULL;
	err = ftrace_restore(&graph->saved, why);
	tep_free(graph->tep);
	ksyms_free(graph->ksyms);
	graph->tep = NULL;
	graph->ksyms = NULL;
	return err;
}
