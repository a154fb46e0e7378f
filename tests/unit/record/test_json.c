// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* json_*.c: a record as JSON and back, to the byte; wrong JSON refused. */
#include "tap_main.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"
#include "record/flow_filter.h"
#include "record/record_json.h"
#include "record/recording.h"

/* "meta iface", "verdict connects[].pid": every key that was written so far. */
static json_t *written;

static void note_keys(const char *type, const char *prefix, json_t *object)
{
	char name[128];
	const char *key;
	json_t *value;

	json_object_foreach (object, key, value) {
		snprintf(name, sizeof(name), "%s %s%s", type, prefix, key);
		json_object_set_new(written, name, json_true());
		if (!json_is_object(json_array_get(value, 0)))
			continue;
		snprintf(name, sizeof(name), "%s[].", key);
		note_keys(type, name, json_array_get(value, 0));
	}
}

/* There and back; *@back is the caller's. */
static void round_trip(const struct record *record, struct record *back)
{
	json_t *json = record_to_json(record), *again;
	char why[WHY_SIZE] = "";

	assert_non_null(json);
	if (!written)
		written = json_object();
	note_keys(json_string_value(json_object_get(json, "type")), "", json);
	assert_int_equal(record_from_json(back, json, why), 0);
	again = record_to_json(back);
	assert_true(json_equal(json, again));
	json_decref(json);
	json_decref(again);
}

static void same_by_value(const struct record *record)
{
	struct record back;

	round_trip(record, &back);
	assert_memory_equal(record, &back, sizeof(back));
}

static struct record enter(enum syscall_id id)
{
	struct record r = {0}; /* its padding too: it is compared whole */

	r = (struct record){.type = RECORD_ENTER};
	r.ts_ns = INT64_MAX;
	r.pid = UINT32_MAX;
	r.tid = 1;
	strcpy(r.comm, "echo-client");
	r.proto = UDP;
	r.socket = 7;
	r.local = play_endpoint("10.0.0.1:41234");
	r.peer = play_endpoint("[::1]:7007");
	r.syscall.id = id;
	r.syscall.fd = 3;
	return r;
}

static void calls_come_back(void **state)
{
	struct record r = enter(CALL_SENDTO);

	(void)state;
	r.syscall.len = UINT32_MAX;
	r.syscall.flags = 0x40;
	same_by_value(&r);
	r = enter(CALL_SOCKET);
	r.syscall.fd = -1;
	r.syscall.args[0] = 2;
	r.syscall.args[1] = UINT64_MAX;
	r.syscall.args[2] = 1ULL << 62;
	same_by_value(&r);
	r = enter(CALL_CONNECT);
	r.type = RECORD_EXIT;
	r.proto = TCP;
	r.syscall.ret = -EINPROGRESS;
	r.syscall.other_netns = true;
	same_by_value(&r);
	r.syscall.ret = INT64_MAX;
	r.proto = 0;
	same_by_value(&r);
	for (int id = CALL_NONE + 1; id < CALL_MAX; id++) {
		r = enter(id);
		r.syscall.other_netns = r.syscall.skippable = true;
		r.syscall.still_open = true;
		same_by_value(&r);
		r.type = RECORD_EXIT;
		same_by_value(&r);
	}
}

static void the_bytes_of_a_comm_come_back(void **state)
{
	static const char comm[COMM_BYTES] = "\033]0;\xff\\x41\x7f\"\n";
	struct record r = enter(CALL_CLOSE), back;
	json_t *json;

	(void)state;
	memcpy(r.comm, comm, sizeof(comm));
	json = record_to_json(&r);
	assert_string_equal(json_string_value(json_object_get(json, "comm")),
			    "\\x1b]0;\\xff\\x5cx41\\x7f\"\\x0a");
	json_decref(json);
	round_trip(&r, &back);
	assert_memory_equal(back.comm, comm, sizeof(comm));
}

static void packets_states_and_the_rest_come_back(void **state)
{
	struct record r = {.type = RECORD_PACKET, .ts_ns = 1, .proto = TCP};

	(void)state;
	r = (struct record){.type = RECORD_PACKET};
	r.ts_ns = 1;
	r.proto = TCP;
	r.local = play_endpoint("10.0.0.1:41234");
	r.peer = play_endpoint("10.0.0.2:7007");
	r.packet.witness = WITNESS_WIRE;
	r.packet.direction = DIRECTION_IN;
	strcpy(r.packet.iface, "veth0");
	r.packet.fragment = FRAGMENT_LATER;
	r.packet.outside_call = true;
	r.packet.tcp_flags = 0xff;
	r.packet.seq = UINT32_MAX;
	r.packet.ack = 1;
	r.packet.len = 1460;
	same_by_value(&r);
	r.socket = 9;
	r.packet.own_local = play_endpoint("10.0.0.1:1");
	r.packet.own_peer = play_endpoint("10.0.0.3:80");
	same_by_value(&r);
	r = (struct record){.type = RECORD_ICMP};
	r.ts_ns = 2;
	r.proto = UDP;
	r.local = play_endpoint("[fd00::1]:41234");
	r.peer = play_endpoint("[fd00::2]:7007");
	r.icmp.witness = WITNESS_KERNEL;
	r.icmp.direction = DIRECTION_OUT;
	strcpy(r.icmp.iface, "eth0");
	r.icmp.type = 1;
	r.icmp.code = 4;
	assert_int_equal(endpoint_parse_host(&r.icmp.from, "fd00::2"), 0);
	same_by_value(&r);
	r = (struct record){.type = RECORD_STATE};
	r.ts_ns = 5;
	r.proto = TCP;
	r.socket = 1;
	r.local = play_endpoint("10.0.0.1:41234");
	r.state.old_state = 2;
	r.peer = play_endpoint("10.0.0.2:7007");
	r.state.new_state = 99; /* of a kernel to come */
	same_by_value(&r);
	r.state.context = CONTEXT_SOFTIRQ;
	r.state.continues = true;
	r.state.from = FROM_KERNEL;
	r.pid = r.tid = 7;
	same_by_value(&r);
	r = (struct record){.type = RECORD_LOST};
	r.lost.witness = WITNESS_WIRE;
	r.lost.cause = LOST_UNWATCHED;
	r.lost.count = UINT64_MAX;
	r.lost.since_ns = 9;
	same_by_value(&r);
	r.lost.cause = LOST_UNFOLLOWED;
	same_by_value(&r);
	r = (struct record){.type = RECORD_CONTROL};
	r.control.witness = WITNESS_SYSCALL;
	r.control.sent = 2;
	r.control.seen = 1;
	same_by_value(&r);
	r.control.unseen_family = AF_INET;
	same_by_value(&r);
	r.control.unseen_family = AF_INET6;
	same_by_value(&r);
	r = (struct record){.type = RECORD_TALLY};
	r.tally = (struct record_tally){5, 4, 3, 2, UINT64_MAX, 6, 7, 8, 9, 10};
	same_by_value(&r);
	r = (struct record){.type = RECORD_ENDED};
	r.ended = (struct record_ended){.status = 3, .signal = 9};
	same_by_value(&r);
}

static void a_call_with_its_stack_comes_back(void **state)
{
	char *frames[] = {(char *)"udp_sendmsg+0x0", (char *)"a\033b"};
	struct record r = {.type = RECORD_CALL, .ts_ns = 1, .pid = 1}, back;

	(void)state;
	strcpy(r.call.step, "udp_sendmsg");
	strcpy(r.call.function, "udp_sendmsg");
	r.call.context = CONTEXT_SOFTIRQ;
	r.call.len = 5;
	r.call.from = FROM_IO_URING;
	r.socket = 4;
	r.local = play_endpoint("10.0.0.1:41234");
	r.peer = play_endpoint("10.0.0.2:7007");
	r.call.stack = frames;
	r.call.stack_len = 2;
	round_trip(&r, &back);
	assert_int_equal(back.call.stack_len, 2);
	assert_string_equal(back.call.stack[0], "udp_sendmsg+0x0");
	assert_string_equal(back.call.stack[1], "a\\x1bb");
	assert_int_equal(back.call.context, CONTEXT_SOFTIRQ);
	record_fini(&back);
	r.call.stack = NULL;
	r.call.stack_len = 0;
	r.call.context = CONTEXT_TASK;
	round_trip(&r, &back);
	assert_null(back.call.stack);
	record_fini(&back);
}

#define IP "5,48 0 0 0,84 0 0 240,21 0 1 64,6 0 0 1,6 0 0 0"

static void meta_comes_back(void **state)
{
	struct plan_choice plan[] = {
		{.step = (char *)"udp_connect",
		 .symbol = (char *)"ip4_datagram_connect",
		 .tried = (char *)"__ip4_datagram_connect: not there",
		 .never_fired = true},
		{.step = (char *)"udp_sendmsg"},
	};
	struct meta meta = {.version = RECORD_VERSION,
			    .dialtone = (char *)"1.0-3-gabcdef0",
			    .command = (char *)"udp",
			    .kernel = (char *)"6.1",
			    .tier = TIER_TRACEPOINT,
			    .start_realtime_ns = 1763700000000000000,
			    .realtime_minus_monotonic_ns = -5,
			    .no_ipv6 = (char *)"::1: \"no\"",
			    .events = 5,
			    .plan = plan,
			    .plan_len = 2};
	struct record r = {.type = RECORD_META, .meta = &meta}, back;
	char why[FLOW_FILTER_WHY], *bytecode;

	(void)state;
	assert_int_equal(
		flow_filter_parse(&meta.filter, "ip or\n\"\xff", IP, why), 0);
	round_trip(&r, &back);
	assert_string_equal(flow_filter_text(back.meta->filter),
			    "ip or\\x0a\"\\xff");
	bytecode = flow_filter_bytecode(back.meta->filter);
	assert_string_equal(bytecode, IP);
	free(bytecode);
	flow_filter_free(meta.filter);
	assert_int_equal(back.meta->tier, TIER_TRACEPOINT);
	assert_int_equal(back.meta->realtime_minus_monotonic_ns, -5);
	assert_int_equal(back.meta->start_realtime_ns, 1763700000000000000);
	assert_null(back.meta->iface);
	assert_string_equal(back.meta->dialtone, "1.0-3-gabcdef0");
	assert_string_equal(back.meta->no_ipv6, "::1: \"no\"");
	assert_int_equal(back.meta->events, 5);
	assert_int_equal(back.meta->plan_len, 2);
	assert_true(back.meta->plan[0].never_fired);
	assert_null(back.meta->plan[1].symbol);
	record_fini(&back);
}

static void a_verdict_comes_back(void **state)
{
	struct verdict_connect connects[] = {
		{.pid = 1,
		 .comm = "a",
		 .fd = 3,
		 .result = VERDICT_FAIL,
		 .returned = true,
		 .ret = -ECONNREFUSED,
		 .duration_ns = 5,
		 .packets = 2,
		 .received = 1,
		 .flags = "SYN RST-ACK"},
		{.pid = 2,
		 .comm = "b",
		 .fd = 4,
		 .result = VERDICT_INCONCLUSIVE},
		{.pid = 3,
		 .comm = "c",
		 .fd = 4,
		 .returned = true,
		 .result = VERDICT_NOT_JUDGED},
	};
	char *reasons[] = {(char *)"one", (char *)"two"};
	struct verdict verdict = {.claim = "tcp-connect-handshake",
				  .result = VERDICT_FAIL,
				  .tier = TIER_KPROBE,
				  .summary = "TCP connect(2) ...",
				  .connects = connects,
				  .connects_len = 3,
				  .unlisted = UINT64_MAX,
				  .reasons = reasons,
				  .reasons_len = 2};
	struct record r = {.type = RECORD_VERDICT, .verdict = &verdict}, back;

	(void)state;
	connects[0].local = play_endpoint("10.0.0.1:41234");
	connects[0].peer = play_endpoint("10.0.0.2:7007");
	connects[0].stored = connects[0].wire_peer = connects[0].peer;
	connects[0].wire_local = connects[0].local;
	round_trip(&r, &back);
	assert_int_equal(back.verdict->result, VERDICT_FAIL);
	assert_int_equal(back.verdict->tier, TIER_KPROBE);
	assert_int_equal(back.verdict->connects[0].ret, -ECONNREFUSED);
	assert_false(back.verdict->connects[1].returned);
	assert_string_equal(back.verdict->reasons[1], "two");
	record_fini(&back);
	verdict.result = VERDICT_INCONCLUSIVE;
	round_trip(&r, &back);
	record_fini(&back);
	verdict.result = VERDICT_PASS;
	round_trip(&r, &back);
	record_fini(&back);
}

/* As long as it can be: names escaped, IPv6, no room left in the flags. */
static void the_longest_verdict_is_a_line(void **state)
{
	static struct verdict_connect
		connects[VERDICT_PASSED_MAX + VERDICT_OTHERS_MAX];
	const unsigned int len = sizeof(connects) / sizeof(connects[0]);
	struct verdict verdict = {.result = VERDICT_INCONCLUSIVE,
				  .tier = TIER_TRACEPOINT,
				  .connects = connects,
				  .connects_len = len,
				  .unlisted = UINT64_MAX};
	struct record r = {.type = RECORD_VERDICT, .verdict = &verdict};
	struct endpoint far = play_endpoint(
		"[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
	json_t *json;

	(void)state;
	for (unsigned int i = 0; i < len; i++) {
		struct verdict_connect *connect = &connects[i];

		memset(connect, 0xff, sizeof(*connect));
		memset(connect->comm, 1, sizeof(connect->comm));
		memset(connect->flags, 'x', sizeof(connect->flags) - 1);
		connect->flags[sizeof(connect->flags) - 1] = '\0';
		connect->peer = connect->local = connect->stored =
			connect->wire_local = connect->wire_peer = far;
		connect->result = VERDICT_INCONCLUSIVE;
		connect->returned = true;
	}
	json = record_to_json(&r);
	assert_non_null(json);
	/* and 20 reasons of 640 bytes, and those that concern the whole run */
	assert_in_range(json_dumpb(json, NULL, 0, JSON_COMPACT), 500000,
			LINE_BYTES_MAX - 65536);
	json_decref(json);
}

static int read_text(const char *text, struct record *record, char *why)
{
	json_t *json = json_loads(text, 0, NULL);
	int err;

	assert_non_null(json);
	*why = '\0';
	err = record_from_json(record, json, why);
	json_decref(json);
	return err;
}

static void what_is_wrong_is_named(void **state)
{
	static const char *const wrong[][2] = {
		{"{}", "type"},
		{"[]", "type"},
		{"{\"type\":1}", "type"},
		{"{\"type\":\"enter\",\"name\":\"close\"}", "ts_ns"},
		{"{\"type\":\"enter\",\"ts_ns\":1}", "name"},
		{"{\"type\":\"enter\",\"ts_ns\":\"1\",\"name\":\"close\"}",
		 "ts_ns"},
		{"{\"type\":\"enter\",\"ts_ns\":1.5,\"name\":\"close\"}",
		 "ts_ns"},
		{"{\"type\":\"enter\",\"ts_ns\":1,\"name\":\"close\","
		 "\"pid\":-1}",
		 "pid"},
		{"{\"type\":\"enter\",\"ts_ns\":1,\"name\":\"close\","
		 "\"pid\":4294967296}",
		 "pid"},
		{"{\"type\":\"enter\",\"ts_ns\":1,\"name\":\"close\","
		 "\"local\":\"x\"}",
		 "local"},
		{"{\"type\":\"enter\",\"ts_ns\":1,\"name\":\"write\","
		 "\"args\":[]}",
		 "args"},
		{"{\"type\":\"enter\",\"ts_ns\":1,\"name\":\"close\","
		 "\"other_netns\":1}",
		 "other_netns"},
		{"{\"type\":\"exit\",\"ts_ns\":1,\"name\":\"close\"}", "ret"},
		{"{\"type\":\"exit\",\"ts_ns\":1,\"name\":\"close\","
		 "\"ret\":-9223372036854775808}",
		 "ret"},
		{"{\"type\":\"call\",\"ts_ns\":1}", "context"},
		{"{\"type\":\"call\",\"ts_ns\":1,\"context\":\"task\","
		 "\"stack\":[1]}",
		 "stack"},
		{"{\"type\":\"call\",\"ts_ns\":1,\"context\":\"task\","
		 "\"stack\":{}}",
		 "stack"},
		{"{\"type\":\"packet\",\"ts_ns\":1}", "witness"},
		{"{\"type\":\"icmp\",\"ts_ns\":1,\"from\":\"10.0.0.1:5\","
		 "\"witness\":\"wire\",\"direction\":\"in\"}",
		 "from"},
		{"{\"type\":\"icmp\",\"ts_ns\":1,\"from\":\"10.0.0.1\","
		 "\"witness\":\"wire\",\"direction\":\"in\","
		 "\"icmp_code\":256}",
		 "icmp_type"},
		{"{\"type\":\"state\",\"ts_ns\":1,\"old\":\"X\"}", "old"},
		{"{\"type\":\"lost\",\"witness\":\"wire\",\"cause\":\"x\"}",
		 "cause"},
		{"{\"type\":\"meta\",\"version\":2}", "version 2"},
		{"{\"type\":\"meta\",\"version\":1,\"tier\":\"kprobe\","
		 "\"filter_bytecode\":\"1,0 0 0 1\"}",
		 "jumps beyond its end"},
		{"{\"type\":\"meta\",\"version\":1,\"tier\":\"kprobe\","
		 "\"filter_bytecode\":\"\"}",
		 "filter_bytecode"},
		{"{\"type\":\"meta\",\"version\":1,\"tier\":\"kprobe\","
		 "\"filter_bytecode\":5}",
		 "filter_bytecode"},
		{"{\"type\":\"meta\",\"version\":1,\"tier\":\"kprobe\","
		 "\"filter\":\"udp\"}",
		 "filter"},
		{"{\"type\":\"meta\",\"version\":1,\"tier\":\"kprobe\","
		 "\"plan\":[{}]}",
		 "step"},
		{"{\"type\":\"meta\",\"version\":1,\"tier\":\"kprobe\","
		 "\"command\":7}",
		 "command"},
		{"{\"type\":\"verdict\",\"result\":\"maybe\"}", "result"},
		{"{\"type\":\"verdict\",\"result\":\"pass\","
		 "\"connects\":[{\"fd\":\"x\"}]}",
		 "fd"},
		{"{\"type\":\"control\",\"witness\":7}", "witness"},
		{"{\"type\":\"control\",\"witness\":\"wire\",\"sent\":2,"
		 "\"seen\":1,\"deaf\":\"IPX\"}",
		 "deaf"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char why[WHY_SIZE];
		struct record r;

		assert_int_equal(read_text(wrong[i][0], &r, why), -EINVAL);
		assert_non_null(strstr(why, wrong[i][1]));
		assert_int_equal(r.type, 0);
	}
}

static void what_is_not_known_is_passed_over(void **state)
{
	char why[WHY_SIZE];
	struct record r;

	(void)state;
	assert_int_equal(read_text("{\"type\":\"weather\"}", &r, why), -ENOENT);
	assert_int_equal(read_text("{\"type\":\"enter\",\"ts_ns\":1,"
				   "\"name\":\"vmsplice\"}",
				   &r, why),
			 -ENOENT);
	assert_int_equal(read_text("{\"type\":\"enter\",\"ts_ns\":1,\"name\":"
				   "\"connect\",\"mood\":\"good\",\"fd\":null,"
				   "\"args\":{\"peer\":\"1.2.3.4:5\"}}",
				   &r, why),
			 0);
	assert_int_equal(r.syscall.fd, -1);
	assert_int_equal(r.peer.port, 5); /* from args: there is no other */
}

/* Removes from written what a row of the document lists. */
static void take_row(const char *types, const char *key)
{
	char name[128], copy[64], *type, *rest = copy;

	snprintf(copy, sizeof(copy), "%s", types);
	while ((type = strtok_r(rest, ", ", &rest))) {
		snprintf(name, sizeof(name), "%s %s", type, key);
		if (json_object_del(written, name))
			fail_msg("RECORDING.md lists '%s', which no record of "
				 "these tests has",
				 name);
	}
}

static void take_row_of_all(const char *key)
{
	const char *name;
	json_t *value;
	void *next;

	json_object_foreach_safe(written, next, name, value)
	{
		if (!strcmp(strchr(name, ' ') + 1, key))
			json_object_del(written, name);
	}
}

static void the_document_has_every_key(void **state)
{
	FILE *document = fopen("tracer/RECORDING.md", "r");
	char line[512], types[64], key[64];

	(void)state;
	assert_non_null(document);
	while (fgets(line, sizeof(line), document)) {
		if (sscanf(line, "| %63[a-z, ] | `%63[^`]`", types, key) != 2)
			continue;
		types[strcspn(types, "\n")] = '\0';
		if (!strncmp(types, "all", 3))
			take_row_of_all(key);
		else
			take_row(types, key);
	}
	fclose(document);
	if (json_object_iter(written))
		fail_msg("RECORDING.md does not list '%s'",
			 json_object_iter_key(json_object_iter(written)));
	json_decref(written);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(calls_come_back),
	cmocka_unit_test(the_bytes_of_a_comm_come_back),
	cmocka_unit_test(packets_states_and_the_rest_come_back),
	cmocka_unit_test(a_call_with_its_stack_comes_back),
	cmocka_unit_test(meta_comes_back),
	cmocka_unit_test(a_verdict_comes_back),
	cmocka_unit_test(the_longest_verdict_is_a_line),
	cmocka_unit_test(what_is_wrong_is_named),
	cmocka_unit_test(what_is_not_known_is_passed_over),
	cmocka_unit_test(the_document_has_every_key),
};

TAP_MAIN(tests)
