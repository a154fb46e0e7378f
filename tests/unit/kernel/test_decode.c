// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* decode.c: the kernel's events as records; wrong ones are refused. */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernel/decode.h"

#define NETNS 4026531840u

static struct plan plan;
static struct decoder decoder;

static int set_up(void **state)
{
	(void)state;
	plan_init(&plan, true, true);
	plan.entries[STEP_UDP_SENDMSG].symbol = "udp_sendmsg";
	decoder = (struct decoder){.plan = &plan, .netns = NETNS};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	decoder_fini(&decoder);
	return 0;
}

static struct event event_of(enum event_kind kind)
{
	return (struct event){
		.ts_ns = 1234567890123456789,
		.sock = 0xffff888012345678,
		.pid = 42,
		.tid = 43,
		.comm = "echo-client",
		.netns = NETNS,
		.kind = kind,
		.proto = IPPROTO_UDP,
		.context = CONTEXT_TASK,
		.local = {AF_INET, 41234, {10, 0, 0, 1}},
		.peer = {AF_INET, 7007, {10, 0, 0, 2}},
	};
}

static void a_call_bears_the_name_that_the_plan_chose(void **state)
{
	struct event event = event_of(EVENT_CALL);
	struct record record;
	char text[ENDPOINT_STRLEN];

	(void)state;
	event.call.step = STEP_UDP_SENDMSG;
	event.call.len = 5;
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 0);
	assert_int_equal(record.type, RECORD_CALL);
	assert_true(record.ts_ns == 1234567890123456789);
	assert_int_equal(record.pid, 42);
	assert_int_equal(record.tid, 43);
	assert_string_equal(record.comm, "echo-client");
	assert_string_equal(record.call.function, "udp_sendmsg");
	assert_string_equal(record.call.step, "udp_sendmsg");
	assert_int_equal(record.call.context, CONTEXT_TASK);
	assert_int_equal(record.call.len, 5);
	assert_string_equal(endpoint_format(&record.local, text),
			    "10.0.0.1:41234");
	assert_string_equal(endpoint_format(&record.peer, text),
			    "10.0.0.2:7007");
}

static void a_system_call_keeps_its_arguments(void **state)
{
	struct event event = event_of(EVENT_EXIT);
	struct record record;

	(void)state;
	event.syscall = (struct event_syscall){
		.args = {1, 2, 3},
		.ret = -EINPROGRESS,
		.fd = 3,
		.len = 4,
		.flags = 5,
		.id = CALL_CONNECT,
	};
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 0);
	assert_int_equal(record.type, RECORD_EXIT);
	assert_int_equal(record.syscall.id, CALL_CONNECT);
	assert_true(record.syscall.ret == -EINPROGRESS);
	assert_int_equal(record.syscall.fd, 3);
	assert_int_equal(record.syscall.len, 4);
	assert_int_equal(record.syscall.flags, 5);
	assert_int_equal(record.syscall.args[2], 3);
	assert_false(record.syscall.other_netns);

	event.netns = NETNS + 1;
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 0);
	assert_true(record.syscall.other_netns);
}

static uint32_t number_of(uint64_t sock, enum event_kind kind, uint32_t id)
{
	struct event event = event_of(kind);
	struct record record;

	event.sock = sock;
	event.syscall.id = id;
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 0);
	return record.socket;
}

static void a_socket_has_one_number_until_its_memory_is_reused(void **state)
{
	uint32_t first, second;

	(void)state;
	assert_int_equal(number_of(0, EVENT_ENTER, CALL_SOCKET), 0);
	first = number_of(0x1000, EVENT_EXIT, CALL_SOCKET);
	assert_int_not_equal(first, 0);
	assert_int_equal(number_of(0x1000, EVENT_ENTER, CALL_CONNECT), first);
	second = number_of(0x2000, EVENT_EXIT, CALL_SOCKET);
	assert_int_not_equal(second, first);
	/* accept(2) returns one whose handshake has been told of */
	assert_int_equal(number_of(0x2000, EVENT_EXIT, CALL_ACCEPT4), second);
	/* the same address, another socket */
	assert_int_not_equal(number_of(0x1000, EVENT_EXIT, CALL_SOCKET), first);
}

static void packets_and_states_come_through(void **state)
{
	struct event event = event_of(EVENT_PACKET);
	struct record record;

	(void)state;
	event.proto = IPPROTO_TCP;
	event.packet = (struct event_packet){
		.len = 7,
		.seq = 0xfffffffe,
		.ack = 9,
		.ifname = "a-name-of-15-oc",
		.direction = DIRECTION_IN,
		.tcp_flags = 0x12,
	};
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 0);
	assert_int_equal(record.packet.witness, WITNESS_KERNEL);
	assert_int_equal(record.packet.direction, DIRECTION_IN);
	assert_int_equal(record.packet.tcp_flags, 0x12);
	assert_int_equal(record.packet.len, 7);
	assert_true(record.packet.seq == 0xfffffffe);
	assert_string_equal(record.packet.iface, "a-name-of-15-oc");
	assert_int_equal(record.packet.own_local.family, 0);

	event = event_of(EVENT_STATE);
	event.state = (struct event_state){2, 1, 0, FROM_COMPAT};
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 0);
	assert_int_equal(record.state.old_state, 2);
	assert_int_equal(record.state.new_state, 1);
	assert_int_equal(record.state.from, FROM_UNKNOWN); /* counted */
	event.state.from = FROM_KERNEL;
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 0);
	assert_int_equal(record.state.from, FROM_KERNEL);
	event.state.from = FROM_KERNEL + 1;
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 -EBADMSG);
}

/* NAT: the socket that sent it has other ends than the packet. */
static void a_packet_names_its_sender(void **state)
{
	struct event event = event_of(EVENT_PACKET);
	struct record record;

	(void)state;
	event.proto = IPPROTO_TCP;
	event.packet.direction = DIRECTION_OUT;
	event.packet.own_local = event.local;
	event.packet.own_peer = event.peer;
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 0);
	assert_int_not_equal(record.socket, 0);
	assert_int_equal(record.packet.own_peer.family, 0);
	event.packet.own_local.port = 1;
	event.packet.own_peer.port = 80;
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 0);
	assert_int_equal(record.packet.own_local.port, 1);
	assert_int_equal(record.packet.own_peer.port, 80);
}

static void an_icmp_error_comes_through(void **state)
{
	struct event event = event_of(EVENT_ICMP);
	struct record record;

	(void)state;
	event.icmp = (struct event_icmp){
		.direction = DIRECTION_IN,
		.type = 3,
		.code = 1,
		.from = {.family = AF_INET, .port = 9, .addr = {10, 0, 0, 2}},
	};
	memset(event.icmp.ifname, 'x', sizeof(event.icmp.ifname));
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 0);
	assert_int_equal(record.type, RECORD_ICMP);
	assert_int_equal(record.icmp.witness, WITNESS_KERNEL);
	assert_int_equal(record.icmp.type, 3);
	assert_int_equal(record.icmp.code, 1);
	assert_int_equal(record.icmp.from.port, 0);
	assert_int_equal(strlen(record.icmp.iface), IFNAME_BYTES - 1);
	event.icmp.direction = 0;
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 -EBADMSG);
}

static void which_part_of_a_datagram_it_is_comes_through(void **state)
{
	static const enum fragment parts[] = {FRAGMENT_NONE, FRAGMENT_FIRST,
					      FRAGMENT_LATER};
	struct event event = event_of(EVENT_PACKET);
	struct record record;

	(void)state;
	event.packet.direction = DIRECTION_OUT;
	for (unsigned int i = 0; i < 3; i++) {
		event.packet.fragment = parts[i];
		assert_int_equal(
			decode_event(&decoder, &event, sizeof(event), &record),
			0);
		assert_int_equal(record.packet.fragment, parts[i]);
	}
	event.packet.fragment = FRAGMENT_LATER + 1;
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 -EBADMSG);
}

static void names_without_an_end_are_ended(void **state)
{
	struct event event = event_of(EVENT_PACKET);
	struct record record;

	(void)state;
	memset(event.comm, 'x', sizeof(event.comm));
	memset(event.packet.ifname, 'y', sizeof(event.packet.ifname));
	event.packet.direction = DIRECTION_IN;
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 0);
	assert_int_equal(strlen(record.comm), COMM_BYTES - 1);
	assert_int_equal(strlen(record.packet.iface), IFNAME_BYTES - 1);
}

/* Found by tests/fuzz/event.c: such records had no name further on. */
static void values_without_a_meaning_are_refused(void **state)
{
	struct event call = event_of(EVENT_CALL);
	struct event enter = event_of(EVENT_ENTER);
	struct event packet = event_of(EVENT_PACKET);
	struct record record;

	(void)state;
	call.context = CONTEXT_SOFTIRQ + 1;
	assert_int_equal(decode_event(&decoder, &call, sizeof(call), &record),
			 -EBADMSG);
	for (unsigned int i = 0; i < 2; i++) {
		enter.syscall.id = i ? CALL_MAX : CALL_NONE;
		assert_int_equal(
			decode_event(&decoder, &enter, sizeof(enter), &record),
			-EBADMSG);
		packet.packet.direction = i ? DIRECTION_IN + 1 : 0;
		assert_int_equal(decode_event(&decoder, &packet, sizeof(packet),
					      &record),
				 -EBADMSG);
	}
}

static void what_is_no_event_is_refused(void **state)
{
	struct event event = event_of(EVENT_CALL);
	struct event_stack with_stack = {.event = event};
	struct record record;

	(void)state;
	for (size_t bytes = 0; bytes < sizeof(event); bytes++)
		assert_int_equal(decode_event(&decoder, &event, bytes, &record),
				 -EBADMSG);
	event.call.step = STEP_MAX;
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 -EBADMSG);
	for (int kind = 0; kind < 256; kind++) {
		if (kind >= EVENT_ENTER && kind <= EVENT_STATE)
			continue;
		event.kind = kind;
		assert_int_equal(
			decode_event(&decoder, &event, sizeof(event), &record),
			-EBADMSG);
	}
	/* no symbols were asked for: the frames are left alone */
	assert_int_equal(decode_event(&decoder, &with_stack, sizeof(with_stack),
				      &record),
			 0);
	assert_null(record.call.stack);
}

static void a_stack_becomes_names(void **state)
{
	struct event_stack event = {.event = event_of(EVENT_CALL)};
	struct record record;
	struct ksyms *ksyms;
	char path[] = "/tmp/dialtone-kallsyms-XXXXXX";
	int fd = mkstemp(path);
	FILE *file;

	(void)state;
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	fputs("ffffffff81000100 T second\nffffffff81000000 t first\n", file);
	fclose(file);
	assert_int_equal(ksyms_load(&ksyms, path), 0);
	unlink(path);

	decoder.ksyms = ksyms;
	event.event.call.step = STEP_UDP_SENDMSG;
	event.event.call.stack_bytes = 3 * sizeof(event.frames[0]);
	event.frames[0] = 0xffffffff81000004;
	event.frames[1] = 0xffffffff81000100;
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 0);
	assert_int_equal(record.call.stack_len, 2); /* a zero ends it */
	assert_string_equal(record.call.stack[0], "first+0x4");
	assert_string_equal(record.call.stack[1], "second+0x0");
	record_fini(&record);

	event.event.call.stack_bytes = sizeof(event.frames) + 8;
	assert_int_equal(decode_event(&decoder, &event, sizeof(event), &record),
			 -EBADMSG);
	ksyms_free(ksyms);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
		TEST(a_call_bears_the_name_that_the_plan_chose),
		TEST(a_system_call_keeps_its_arguments),
		TEST(a_socket_has_one_number_until_its_memory_is_reused),
		TEST(packets_and_states_come_through),
		TEST(a_packet_names_its_sender),
		TEST(an_icmp_error_comes_through),
		TEST(which_part_of_a_datagram_it_is_comes_through),
		TEST(names_without_an_end_are_ended),
		TEST(what_is_no_event_is_refused),
		TEST(values_without_a_meaning_are_refused),
		TEST(a_stack_becomes_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
