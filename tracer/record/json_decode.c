// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Decodes a JSON object into a record: the reverse of json_encode.c.
 *
 *   in:  one object of a recording, which may contain anything
 *   out: a record, or an error that names the key
 */
#include <errno.h>
#include <jansson.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constants.h"
#include "endpoint.h"
#include "flow_filter.h"
#include "record_json.h"
#include "syscalls.h"
#include "text.h"

/*
 * The fields of a JSON object, checked for type and range as they are read. A
 * key that is missing or null reads as 0, NULL or "none". json_unpack_ex() is
 * not used: it does not check ranges, does not accept null for a number, and
 * does not report which key has a value of another type.
 */
struct fields {
	const json_t *json; /* the object */
	int err;            /* the first error: -EINVAL, -ENOMEM; 0: none */
	char *why;          /* says what it is, in @why_size bytes */
	size_t why_size;
};

/* Notes that @key is not what it must be; the first such note is kept. */
static void field_wrong(struct fields *f, const char *key, const char *expected)
{
	if (f->err)
		return;
	f->err = -EINVAL;
	snprintf(f->why, f->why_size, "\"%s\" is not %s", key, expected);
}

static const json_t *get(const struct fields *f, const char *key)
{
	const json_t *value = json_object_get(f->json, key);

	return json_is_null(value) ? NULL : value;
}

/* Is the key there, and not null? */
static bool field_present(const struct fields *f, const char *key)
{
	return get(f, key) != NULL;
}

/* An integer within @min and @max, both inclusive. */
static int64_t field_integer(struct fields *f, const char *key, int64_t min,
			     int64_t max)
{
	const json_t *value = get(f, key);
	json_int_t number;

	if (!value)
		return 0;
	number = json_integer_value(value);
	if (!json_is_integer(value) || number < min || number > max) {
		field_wrong(f, key, "an integer within its range");
		return 0;
	}
	return number;
}

/* 64 bits, as object_add_integer() writes them. */
static uint64_t field_u64(struct fields *f, const char *key)
{
	return field_integer(f, key, INT64_MIN, INT64_MAX);
}

static uint32_t field_u32(struct fields *f, const char *key)
{
	return field_integer(f, key, 0, UINT32_MAX);
}

static bool field_bool(struct fields *f, const char *key)
{
	const json_t *value = get(f, key);

	if (value && !json_is_boolean(value))
		field_wrong(f, key, "true or false");
	return json_is_true(value);
}

/* Borrowed from the object; NULL if the key is missing. */
static const char *field_string(struct fields *f, const char *key)
{
	const json_t *value = get(f, key);

	if (value && !json_is_string(value))
		field_wrong(f, key, "a string");
	return json_string_value(value);
}

static char *fields_copy(struct fields *f, const char *string)
{
	char *out = strdup(string);

	if (!out && !f->err)
		f->err = -ENOMEM;
	return out;
}

/* The same as a copy that the caller frees. */
static char *field_copy(struct fields *f, const char *key)
{
	const char *string = field_string(f, key);

	return string ? fields_copy(f, string) : NULL;
}

/* The bytes of an escaped name, cut to @size with its NUL. */
static void field_name(struct fields *f, const char *key, char *out,
		       size_t size)
{
	const char *string = field_string(f, key);

	text_unescape(out, size, string ? string : "");
}

static void field_endpoint(struct fields *f, const char *key,
			   struct endpoint *ep)
{
	const char *string = field_string(f, key);

	if (string && endpoint_parse(ep, string))
		field_wrong(f, key, "an address and a port");
}

/* Borrowed; NULL if the key is missing. */
static const json_t *field_array(struct fields *f, const char *key)
{
	const json_t *value = get(f, key);

	if (value && !json_is_array(value)) {
		field_wrong(f, key, "an array");
		return NULL;
	}
	return value;
}

/* An array of strings as copies: *@strings is the caller's; its length. */
static unsigned int field_strings(struct fields *f, const char *key,
				  char ***strings)
{
	const json_t *array = field_array(f, key);
	unsigned int n = 0;
	size_t size = json_array_size(array);

	*strings = array ? calloc(size + 1, sizeof(**strings)) : NULL;
	if (!array)
		return 0;
	if (!*strings && !f->err)
		f->err = -ENOMEM;
	while (!f->err && n < size) {
		const json_t *item = json_array_get(array, n);

		if (json_is_string(item))
			(*strings)[n] = fields_copy(f, json_string_value(item));
		else
			field_wrong(f, key, "an array of strings");
		n += !f->err;
	}
	return n;
}

/* The index of the string in @words, which NULL ends; -1: not in it. */
static int field_word_index(struct fields *f, const char *key,
			    const char *const *words)
{
	const char *string = field_string(f, key);

	for (int i = 0; string && words[i]; i++)
		if (strcmp(words[i], string) == 0)
			return i;
	return -1;
}

/* The same; any other string is an error. */
static int field_word(struct fields *f, const char *key,
		      const char *const *words)
{
	int i = field_word_index(f, key, words);

	if (i < 0)
		field_wrong(f, key, "one of the known words");
	return i;
}

static enum witness decode_witness(struct fields *f)
{
	static const char *const words[] = {"syscall", "kernel", "wire", NULL};

	return WITNESS_SYSCALL + field_word(f, "witness", words);
}

static const char *const tiers[] = {"kprobe", "tracepoint", NULL};

static enum tier decode_tier(struct fields *f)
{
	return TIER_KPROBE + field_word(f, "tier", tiers);
}

static const char *const results[] = {"pass", "fail", "inconclusive",
				      "not judged", NULL};

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

static void decode_verdict(struct fields *f, struct record *record)
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

static void decode_filter(struct fields *f, struct meta *meta)
{
	const char *bytecode = field_string(f, "filter_bytecode");
	char *text = field_copy(f, "filter");
	char why[FLOW_FILTER_WHY];
	int err = 0;

	if (bytecode && !f->err)
		err = flow_filter_parse(&meta->filter, text ? text : "",
					bytecode, why);
	else if (text)
		field_wrong(f, "filter", "with a filter_bytecode");
	if (err == -EINVAL) {
		f->err = err;
		snprintf(f->why, f->why_size, "\"filter_bytecode\": %s", why);
	} else if (err) {
		f->err = err;
	}
	free(text);
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
	meta->events = field_u64(f, "events");
	decode_filter(f, meta);
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
	call->still_open = field_bool(f, "still_open");
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
	packet->outside_call = field_bool(f, "outside_call");
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
	tally->elsewhere = field_u64(f, "elsewhere");
	tally->stopped_after = field_u64(f, "stopped_after");
	tally->other_connects = field_u64(f, "other_connects");
	tally->unselected = field_u64(f, "unselected");
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
		if (field_present(f, "pid"))
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
		decode_verdict(f, record);
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
