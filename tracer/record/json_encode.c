// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Encodes a record as a JSON object; RECORDING.md lists the keys.
 *
 *   in:  any record, whatever bytes its strings hold
 *   out: a JSON object, always valid UTF-8
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>

#include "constants.h"
#include "flow_filter.h"
#include "icmp.h"
#include "json_object.h"
#include "record_json.h"
#include "syscalls.h"

static void add_proto(struct object *o, uint8_t proto)
{
	if (proto == IPPROTO_UDP)
		object_add(o, "proto", json_string_nocheck("udp"));
	else if (proto == IPPROTO_TCP)
		object_add(o, "proto", json_string_nocheck("tcp"));
	else
		object_add(o, "proto", json_null());
}

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

static void encode_verdict(struct object *o, const struct verdict *verdict)
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

/* The program is what counts: names in the text may change their addresses. */
static void encode_filter(struct object *o, const struct flow_filter *filter)
{
	char *bytecode = flow_filter_bytecode(filter);

	object_add(o, "filter", object_sentence(flow_filter_text(filter)));
	object_add(o, "filter_bytecode",
		   bytecode ? json_string_nocheck(bytecode) : NULL);
	free(bytecode);
}

static void encode_meta(struct object *o, const struct meta *meta)
{
	json_t *plan = json_array();

	object_add_integer(o, "version", meta->version);
	if (meta->dialtone)
		object_add(o, "dialtone", object_sentence(meta->dialtone));
	object_add(o, "command", object_sentence(meta->command));
	object_add(o, "kernel", object_sentence(meta->kernel));
	object_add(o, "tier", json_string_nocheck(tier_name(meta->tier)));
	object_add_integer(o, "start_realtime_ns", meta->start_realtime_ns);
	object_add_integer(o, "realtime_minus_monotonic_ns",
			   meta->realtime_minus_monotonic_ns);
	object_add(o, "iface", object_sentence(meta->iface));
	if (meta->no_ipv6)
		object_add(o, "no_ipv6", object_sentence(meta->no_ipv6));
	if (meta->events)
		object_add_integer(o, "events", meta->events);
	if (meta->filter)
		encode_filter(o, meta->filter);
	for (unsigned int i = 0; i < meta->plan_len; i++) {
		struct object choice = object_new();

		object_add(&choice, "step",
			   object_sentence(meta->plan[i].step));
		object_add(&choice, "symbol",
			   object_sentence(meta->plan[i].symbol));
		object_add(&choice, "tried",
			   object_sentence(meta->plan[i].tried));
		object_add(&choice, "deaf",
			   json_boolean(meta->plan[i].never_fired));
		if (json_array_append_new(plan, object_done(&choice)))
			o->failed = true;
	}
	object_add(o, "plan", plan);
}

static void encode_who(struct object *o, const struct record *record)
{
	object_add_integer(o, "pid", record->pid);
	object_add_integer(o, "tid", record->tid);
	object_add_name(o, "comm", record->comm, sizeof(record->comm));
}

static void encode_socket(struct object *o, const struct record *record)
{
	object_add_endpoint(o, "local", &record->local);
	object_add_endpoint(o, "peer", &record->peer);
	if (record->socket)
		object_add_integer(o, "sock", record->socket);
}

static json_t *encode_args(const struct record *record)
{
	const struct record_syscall *call = &record->syscall;
	const struct syscall_arg *arg = syscall_info(call->id)->args;
	struct object o = object_new();

	for (int i = 0; i < SYSCALL_ARGS && arg[i].kind; i++) {
		if (arg[i].kind == ARG_PEER)
			object_add_endpoint(&o, arg[i].key, &record->peer);
		else if (arg[i].kind == ARG_LEN)
			object_add_integer(&o, arg[i].key, call->len);
		else if (syscall_arg_is_integer(arg[i].kind))
			object_add_integer(&o, arg[i].key,
					   call->args[arg[i].slot]);
		else
			object_add_integer(&o, arg[i].key, call->flags);
	}
	return object_done(&o);
}

static void encode_syscall(struct object *o, const struct record *record)
{
	const struct record_syscall *call = &record->syscall;

	encode_who(o, record);
	object_add(o, "name",
		   json_string_nocheck(syscall_info(call->id)->name));
	object_add(o, "fd",
		   call->fd < 0 ? json_null() : json_integer(call->fd));
	add_proto(o, record->proto);
	object_add(o, "args", encode_args(record));
	encode_socket(o, record);
	if (call->other_netns)
		object_add(o, "other_netns", json_true());
	if (call->skippable)
		object_add(o, "skippable", json_true());
	if (call->still_open)
		object_add(o, "still_open", json_true());
	if (record->type == RECORD_EXIT) {
		object_add_integer(o, "ret", call->ret);
		object_add_errno(o, call->ret);
	}
}

static void add_context(struct object *o, enum event_context context)
{
	object_add(o, "context",
		   json_string_nocheck(context == CONTEXT_SOFTIRQ ? "softirq" :
								    "task"));
}

/* For the functions and the state that begin a connect; else it is unknown. */
static void encode_from(struct object *o, enum connect_from from)
{
	if (from != FROM_UNKNOWN)
		object_add(o, "origin",
			   json_string_nocheck(connect_from_name(from)));
}

static void encode_call(struct object *o, const struct record *record)
{
	const struct record_call *call = &record->call;
	json_t *stack;

	encode_who(o, record);
	object_add_name(o, "step", call->step, sizeof(call->step));
	object_add_name(o, "function", call->function, sizeof(call->function));
	add_context(o, call->context);
	add_proto(o, record->proto);
	object_add_integer(o, "len", call->len);
	encode_socket(o, record);
	encode_from(o, call->from);
	if (!call->stack)
		return;
	stack = json_array();
	for (unsigned int i = 0; i < call->stack_len; i++)
		if (json_array_append_new(stack,
					  object_sentence(call->stack[i])))
			o->failed = true;
	object_add(o, "stack", stack);
}

static void encode_packet(struct object *o, const struct record *record)
{
	const struct record_packet *packet = &record->packet;
	json_t *flags;

	object_add_name(o, "iface", packet->iface, sizeof(packet->iface));
	object_add(o, "direction",
		   json_string_nocheck(
			   packet->direction == DIRECTION_IN ? "in" : "out"));
	add_proto(o, record->proto);
	object_add_endpoint(o, "src", &record->local);
	object_add_endpoint(o, "dst", &record->peer);
	object_add_integer(o, "len", packet->len);
	if (packet->fragment)
		object_add(
			o, "fragment",
			json_string_nocheck(packet->fragment == FRAGMENT_FIRST ?
						    "first" :
						    "later"));
	object_add(o, "witness",
		   json_string_nocheck(witness_name(packet->witness)));
	if (record->socket)
		object_add_integer(o, "sock", record->socket);
	if (packet->outside_call)
		object_add(o, "outside_call", json_true());
	object_add_endpoint(o, "sock_local", &packet->own_local);
	object_add_endpoint(o, "sock_peer", &packet->own_peer);
	if (record->proto != IPPROTO_TCP)
		return;
	flags = json_array();
	for (unsigned int bit = 0; bit < 8; bit++)
		if (packet->tcp_flags & 1u << bit &&
		    json_array_append_new(
			    flags, json_string_nocheck(constant_tcp_flag(bit))))
			o->failed = true;
	object_add(o, "flags", flags);
	object_add_integer(o, "seq", packet->seq);
	object_add_integer(o, "ack", packet->ack);
}

static void encode_icmp(struct object *o, const struct record *record)
{
	const struct record_icmp *icmp = &record->icmp;
	const char *name =
		icmp_error_name(icmp->from.family, icmp->type, icmp->code);
	char from[ENDPOINT_STRLEN];

	object_add_name(o, "iface", icmp->iface, sizeof(icmp->iface));
	object_add(o, "direction",
		   json_string_nocheck(
			   icmp->direction == DIRECTION_IN ? "in" : "out"));
	object_add(
		o, "from",
		json_string_nocheck(endpoint_format_host(&icmp->from, from)));
	object_add_integer(o, "icmp_type", icmp->type);
	object_add_integer(o, "icmp_code", icmp->code);
	object_add(o, "error", name ? json_string_nocheck(name) : json_null());
	add_proto(o, record->proto);
	object_add_endpoint(o, "src", &record->local);
	object_add_endpoint(o, "dst", &record->peer);
	object_add(o, "witness",
		   json_string_nocheck(witness_name(icmp->witness)));
}

/* A socket comes to SYN-SENT in the call that connects it. */
static bool state_has_task(const struct record *record)
{
	return record->state.from ||
	       (record->tid && record->state.context == CONTEXT_TASK &&
		record->state.old_state == TCP_CLOSE &&
		record->state.new_state == TCP_SYN_SENT);
}

static json_t *state_name(uint32_t state)
{
	const char *name = constant_tcp_state(state);

	return name ? json_string_nocheck(name) : json_integer(state);
}

static void encode_lost(struct object *o, const struct record_lost *lost)
{
	object_add(o, "witness",
		   json_string_nocheck(witness_name(lost->witness)));
	object_add(o, "cause",
		   json_string_nocheck(lost_cause_name(lost->cause)));
	object_add_integer(o, "count", lost->count);
	object_add_integer(o, "since_ns", lost->since_ns);
}

static void encode_tally(struct object *o, const struct record_tally *tally)
{
	object_add_integer(o, "hits", tally->hits);
	object_add_integer(o, "delivered", tally->delivered);
	object_add_integer(o, "dropped", tally->dropped);
	object_add_integer(o, "filtered", tally->filtered);
	object_add_integer(o, "received", tally->received);
	if (tally->left_out)
		object_add_integer(o, "left_out", tally->left_out);
	if (tally->elsewhere)
		object_add_integer(o, "elsewhere", tally->elsewhere);
	if (tally->stopped_after)
		object_add_integer(o, "stopped_after", tally->stopped_after);
	if (tally->other_connects)
		object_add_integer(o, "other_connects", tally->other_connects);
	if (tally->unselected)
		object_add_integer(o, "unselected", tally->unselected);
}

static void encode_body(struct object *o, const struct record *record)
{
	switch (record->type) {
	case RECORD_META:
		encode_meta(o, record->meta);
		break;
	case RECORD_ENTER:
	case RECORD_EXIT:
		encode_syscall(o, record);
		break;
	case RECORD_CALL:
		encode_call(o, record);
		break;
	case RECORD_PACKET:
		encode_packet(o, record);
		break;
	case RECORD_ICMP:
		encode_icmp(o, record);
		break;
	case RECORD_STATE:
		encode_socket(o, record);
		object_add(o, "old", state_name(record->state.old_state));
		object_add(o, "new", state_name(record->state.new_state));
		if (state_has_task(record))
			encode_who(o, record);
		if (record->state.context)
			add_context(o, record->state.context);
		if (record->state.continues)
			object_add(o, "continues", json_true());
		encode_from(o, record->state.from);
		break;
	case RECORD_LOST:
		encode_lost(o, &record->lost);
		break;
	case RECORD_CONTROL:
		object_add(o, "witness",
			   json_string_nocheck(
				   witness_name(record->control.witness)));
		object_add_integer(o, "sent", record->control.sent);
		object_add_integer(o, "seen", record->control.seen);
		if (record->control.unseen_family)
			object_add(o, "deaf",
				   json_string_nocheck(endpoint_family_name(
					   record->control.unseen_family)));
		break;
	case RECORD_TALLY:
		encode_tally(o, &record->tally);
		break;
	case RECORD_ENDED:
		object_add_integer(o, "status", record->ended.status);
		object_add_integer(o, "signal", record->ended.signal);
		break;
	case RECORD_VERDICT:
		encode_verdict(o, record->verdict);
		break;
	}
}

json_t *record_to_json(const struct record *record)
{
	static const char *const types[] = {
		[RECORD_META] = "meta",       [RECORD_ENTER] = "enter",
		[RECORD_EXIT] = "exit",       [RECORD_CALL] = "call",
		[RECORD_PACKET] = "packet",   [RECORD_ICMP] = "icmp",
		[RECORD_STATE] = "state",     [RECORD_LOST] = "lost",
		[RECORD_CONTROL] = "control", [RECORD_TALLY] = "tally",
		[RECORD_ENDED] = "ended",     [RECORD_VERDICT] = "verdict",
	};
	struct object o = object_new();

	object_add(&o, "type", json_string_nocheck(types[record->type]));
	if (record->ts_ns)
		object_add_integer(&o, "ts_ns", record->ts_ns);
	encode_body(&o, record);
	return object_done(&o);
}
