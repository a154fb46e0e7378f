// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Decodes a JSON object into a record: the reverse of json_encode.c.
 *
 *   in:  one object of a recording, which may contain anything
 *   out: a record, or an error that names the key
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constants.h"
#include "json_verdict.h"
#include "record_json.h"
#include "syscalls.h"

static enum witness decode_witness(struct fields *f)
{
	static const char *const words[] = {"syscall", "kernel", "wire", NULL};

	return WITNESS_SYSCALL + field_word(f, "witness", words);
}

static enum tier decode_tier(struct fields *f)
{
	static const char *const words[] = {"kprobe", "tracepoint", NULL};

	return TIER_KPROBE + field_word(f, "tier", words);
}

static void decode_plan(struct fields *f, struct meta *meta)
{
	const json_t *plan = field_array(f, "plan");
	struct fields item = *f;
	size_t size = json_array_size(plan);

	meta->plan = calloc(size + 1, sizeof(*meta->plan));
	if (!meta->plan && !item.err)
		item.err = -ENOMEM;
	for (size_t i = 0; i < size && !item.err; i++) {
		struct plan_choice *choice = &meta->plan[i];

		item.json = json_array_get(plan, i);
		choice->step = field_copy(&item, "step");
		choice->symbol = field_copy(&item, "symbol");
		choice->tried = field_copy(&item, "tried");
		choice->never_fired = field_bool(&item, "deaf");
		meta->plan_len = i + 1;
		if (!choice->step)
			field_wrong(&item, "step", "there");
	}
	f->err = item.err;
}

static void decode_meta(struct fields *f, struct record *record)
{
	struct meta *meta = calloc(1, sizeof(*meta));

	record->meta = meta;
	if (!meta) {
		f->err = -ENOMEM;
		return;
	}
	meta->version = field_u32(f, "version");
	if (!f->err && meta->version != RECORD_VERSION) {
		f->err = -EINVAL;
		snprintf(f->why, f->why_size,
			 "version %d of the format; this tracer reads %d",
			 meta->version, RECORD_VERSION);
	}
	meta->command = field_copy(f, "command");
	meta->kernel = field_copy(f, "kernel");
	meta->tier = decode_tier(f);
	meta->start_realtime_ns = field_u64(f, "start_realtime_ns");
	meta->realtime_minus_monotonic_ns =
		field_u64(f, "realtime_minus_monotonic_ns");
	meta->iface = field_copy(f, "iface");
	meta->dialtone = field_copy(f, "dialtone");
	meta->no_ipv6 = field_copy(f, "no_ipv6");
	decode_plan(f, meta);
}

static void decode_who(struct fields *f, struct record *record)
{
	record->pid = field_u32(f, "pid");
	record->tid = field_u32(f, "tid");
	field_name(f, "comm", record->comm, sizeof(record->comm));
}

static void decode_socket(struct fields *f, struct record *record)
{
	field_endpoint(f, "local", &record->local);
	field_endpoint(f, "peer", &record->peer);
	record->socket = field_u32(f, "sock");
}

static void decode_proto(struct fields *f, struct record *record)
{
	static const char *const words[] = {"udp", "tcp", NULL};
	static const uint8_t protos[] = {IPPROTO_UDP, IPPROTO_TCP};
	int i = field_word_index(f, "proto", words);

	record->proto = i < 0 ? 0 : protos[i];
}

static void decode_args(struct fields *f, struct record *record)
{
	struct record_syscall *call = &record->syscall;
	const struct syscall_arg *arg = syscall_info(call->id)->args;
	struct fields args = *f;

	args.json = json_object_get(f->json, "args");
	if (!args.json || json_is_null(args.json))
		return;
	if (!json_is_object(args.json))
		field_wrong(&args, "args", "an object");
	for (int i = 0; i < SYSCALL_ARGS && arg[i].kind; i++) {
		const char *key = arg[i].key;

		if (arg[i].kind == ARG_LEN)
			call->len = field_u32(&args, key);
		else if (syscall_arg_is_integer(arg[i].kind))
			call->args[arg[i].slot] = field_u64(&args, key);
		else if (arg[i].kind != ARG_PEER)
			call->flags = field_u32(&args, key);
		else if (!record->peer.family) /* "peer" next to args wins */
			field_endpoint(&args, key, &record->peer);
	}
	f->err = args.err;
}

static void json_to_syscall(struct fields *f, struct record *record)
{
	struct record_syscall *call = &record->syscall;
	const char *name = field_string(f, "name");

	if (!name) {
		field_wrong(f, "name", "there");
		return;
	}
	call->id = syscall_by_name(name);
	if (call->id == CALL_NONE) {
		f->err = -ENOENT;
		return;
	}
	decode_who(f, record);
	decode_proto(f, record);
	decode_socket(f, record);
	decode_args(f, record);
	call->fd = -1;
	if (field_present(f, "fd"))
		call->fd = field_integer(f, "fd", -1, INT32_MAX);
	call->other_netns = field_bool(f, "other_netns");
	call->skippable = field_bool(f, "skippable");
	if (record->type == RECORD_EXIT) {
		if (!field_present(f, "ret"))
			field_wrong(f, "ret", "there");
		call->ret = field_u64(f, "ret");
		/* so that it has a positive counterpart */
		if (call->ret == INT64_MIN)
			field_wrong(f, "ret", "a result");
	}
}

static enum connect_from decode_from(struct fields *f)
{
	static const char *const names[] = {"unknown",  "connect", "compat",
					    "io_uring", "kernel",  NULL};

	return field_present(f, "origin") ? field_word(f, "origin", names) :
					    FROM_UNKNOWN;
}

static enum event_context decode_context(struct fields *f)
{
	static const char *const contexts[] = {"task", "softirq", NULL};

	return CONTEXT_TASK + field_word(f, "context", contexts);
}

static void json_to_call(struct fields *f, struct record *record)
{
	struct record_call *call = &record->call;

	decode_who(f, record);
	decode_proto(f, record);
	decode_socket(f, record);
	field_name(f, "step", call->step, sizeof(call->step));
	field_name(f, "function", call->function, sizeof(call->function));
	call->context = decode_context(f);
	call->len = field_u32(f, "len");
	call->from = decode_from(f);
	call->stack_len = field_strings(f, "stack", &call->stack);
}

static uint8_t decode_tcp_flags(struct fields *f)
{
	const json_t *array = field_array(f, "flags");
	uint8_t flags = 0;

	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *name = json_string_value(json_array_get(array, i));

		for (unsigned int bit = 0; name && bit < 8; bit++)
			if (strcmp(name, constant_tcp_flag(bit)) == 0)
				flags |= 1u << bit;
	}
	return flags;
}

static enum event_direction decode_direction(struct fields *f)
{
	static const char *const directions[] = {"out", "in", NULL};

	return DIRECTION_OUT + field_word(f, "direction", directions);
}

static void json_to_packet(struct fields *f, struct record *record)
{
	static const char *const parts[] = {"first", "later", NULL};
	struct record_packet *packet = &record->packet;

	decode_proto(f, record);
	field_endpoint(f, "src", &record->local);
	field_endpoint(f, "dst", &record->peer);
	packet->witness = decode_witness(f);
	packet->direction = decode_direction(f);
	field_name(f, "iface", packet->iface, sizeof(packet->iface));
	packet->len = field_u32(f, "len");
	if (field_present(f, "fragment"))
		packet->fragment =
			FRAGMENT_FIRST + field_word(f, "fragment", parts);
	packet->tcp_flags = decode_tcp_flags(f);
	packet->seq = field_u32(f, "seq");
	packet->ack = field_u32(f, "ack");
	record->socket = field_u32(f, "sock");
	field_endpoint(f, "sock_local", &packet->own_local);
	field_endpoint(f, "sock_peer", &packet->own_peer);
}

static void json_to_icmp(struct fields *f, struct record *record)
{
	struct record_icmp *icmp = &record->icmp;
	const char *from = field_string(f, "from");
	uint32_t type = field_u32(f, "icmp_type");
	uint32_t code = field_u32(f, "icmp_code");

	decode_proto(f, record);
	field_endpoint(f, "src", &record->local);
	field_endpoint(f, "dst", &record->peer);
	icmp->witness = decode_witness(f);
	icmp->direction = decode_direction(f);
	field_name(f, "iface", icmp->iface, sizeof(icmp->iface));
	if (!from || endpoint_parse_host(&icmp->from, from))
		field_wrong(f, "from", "an address");
	if (type > UINT8_MAX || code > UINT8_MAX)
		field_wrong(f, "icmp_type", "a byte, as icmp_code is");
	icmp->type = (uint8_t)type;
	icmp->code = (uint8_t)code;
}

static uint32_t decode_state_name(struct fields *f, const char *key)
{
	const char *name;

	if (json_is_integer(json_object_get(f->json, key)))
		return field_u32(f, key);
	name = field_string(f, key);
	for (uint32_t state = 0; name && state < 16; state++) {
		const char *known = constant_tcp_state(state);

		if (known && strcmp(known, name) == 0)
			return state;
	}
	field_wrong(f, key, "a TCP state");
	return 0;
}

static void decode_lost(struct fields *f, struct record_lost *lost)
{
	static const char *const causes[] = {
		"dropped",   "late",       "truncated", "missed", "unread",
		"unwatched", "unfollowed", "rotated",   NULL};

	lost->witness = decode_witness(f);
	if (field_present(f, "cause"))
		lost->cause = LOST_DROPPED + field_word(f, "cause", causes);
	lost->count = field_u64(f, "count");
	lost->since_ns = field_u64(f, "since_ns");
}

static void decode_control(struct fields *f, struct record_control *control)
{
	static const char *const families[] = {"IPv4", "IPv6", NULL};

	control->witness = decode_witness(f);
	control->sent = field_u32(f, "sent");
	control->seen = field_u32(f, "seen");
	if (field_present(f, "deaf"))
		control->unseen_family =
			field_word(f, "deaf", families) ? AF_INET6 : AF_INET;
}

static void decode_tally(struct fields *f, struct record_tally *tally)
{
	tally->hits = field_u64(f, "hits");
	tally->delivered = field_u64(f, "delivered");
	tally->dropped = field_u64(f, "dropped");
	tally->filtered = field_u64(f, "filtered");
	tally->received = field_u64(f, "received");
	tally->left_out = field_u64(f, "left_out");
	tally->stopped_after = field_u64(f, "stopped_after");
	tally->other_connects = field_u64(f, "other_connects");
}

static void decode_body(struct fields *f, struct record *record)
{
	switch (record->type) {
	case RECORD_META:
		decode_meta(f, record);
		break;
	case RECORD_ENTER:
	case RECORD_EXIT:
		json_to_syscall(f, record);
		break;
	case RECORD_CALL:
		json_to_call(f, record);
		break;
	case RECORD_PACKET:
		json_to_packet(f, record);
		break;
	case RECORD_ICMP:
		json_to_icmp(f, record);
		break;
	case RECORD_STATE:
		record->proto = IPPROTO_TCP;
		decode_socket(f, record);
		record->state.old_state = decode_state_name(f, "old");
		record->state.new_state = decode_state_name(f, "new");
		if (field_present(f, "context"))
			record->state.context = decode_context(f);
		record->state.continues = field_bool(f, "continues");
		record->state.from = decode_from(f);
		if (record->state.from)
			decode_who(f, record);
		break;
	case RECORD_LOST:
		decode_lost(f, &record->lost);
		break;
	case RECORD_CONTROL:
		decode_control(f, &record->control);
		break;
	case RECORD_TALLY:
		decode_tally(f, &record->tally);
		break;
	case RECORD_ENDED:
		record->ended.status = field_u32(f, "status");
		record->ended.signal = field_u32(f, "signal");
		break;
	case RECORD_VERDICT:
		json_verdict_decode(f, record);
		break;
	}
}

int record_from_json(struct record *record, const json_t *json,
		     char why[WHY_SIZE])
{
	static const char *const types[] = {
		"meta", "enter",   "exit",  "call",  "packet",  "icmp", "state",
		"lost", "control", "tally", "ended", "verdict", NULL};
	struct fields f = {.json = json, .why = why, .why_size = WHY_SIZE};
	int type;

	memset(record, 0, sizeof(*record));
	if (!json_is_object(json) || !field_string(&f, "type")) {
		snprintf(why, WHY_SIZE, "not an object with a \"type\"");
		return -EINVAL;
	}
	type = field_word_index(&f, "type", types);
	if (type < 0)
		return -ENOENT;
	record->type = RECORD_META + type;
	record->ts_ns = field_u64(&f, "ts_ns");
	if (record->type >= RECORD_ENTER && record->type <= RECORD_STATE &&
	    record->ts_ns == 0)
		field_wrong(&f, "ts_ns", "a time");
	decode_body(&f, record);
	if (f.err)
		record_fini(record);
	return f.err;
}
