// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* windows.c: who sent a packet, and what a socket sent between entry and exit. */
#include "tap_main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"
#include "story/windows.h"

/* The client's socket, and one of a stranger. */
#define OURS   1
#define OTHERS 7
#define C      "10.0.0.1:1000"
#define S      "10.0.0.2:7007"

static struct windows windows;

static int tear_down(void **state)
{
	(void)state;
	windows_fini(&windows);
	return 0;
}

/* A packet; zero means UDP, from C to S, one byte, out, on lo. */
struct seen {
	uint64_t ts_ns;
	enum witness witness;
	uint32_t sender; /* kernel: of it the wire must learn */
	const char *src, *dst, *iface;
	uint32_t len;
	uint8_t proto;
	bool in, outside;
};

static uint32_t pass(struct seen seen)
{
	struct record packet = {
		.type = RECORD_PACKET,
		.ts_ns = seen.ts_ns,
		.proto = seen.proto ? seen.proto : UDP,
		.socket = seen.sender,
		.local = play_endpoint(seen.src ? seen.src : C),
		.peer = play_endpoint(seen.dst ? seen.dst : S),
		.packet = {.witness = seen.witness,
			   .direction = seen.in ? DIRECTION_IN : DIRECTION_OUT,
			   .outside_call = seen.outside,
			   .len = seen.len ? seen.len : 1}};
	uint32_t sender;

	strcpy(packet.packet.iface, seen.iface ? seen.iface : "lo");
	assert_int_equal(windows_packet(&windows, &packet, &sender), 0);
	return sender;
}

#define KERNEL(at, ...)     \
	pass((struct seen){ \
		.ts_ns = (at), .witness = WITNESS_KERNEL, __VA_ARGS__})
#define WIRE(at, ...) \
	pass((struct seen){.ts_ns = (at), .witness = WITNESS_WIRE, __VA_ARGS__})

static struct connect open_at(uint64_t ts_ns)
{
	return (struct connect){
		.proto = UDP, .enter_ns = ts_ns, .socket = OURS};
}

static void close_at(struct connect *connect, uint64_t ts_ns, const char *local)
{
	connect->exit_ns = ts_ns;
	connect->local = play_endpoint(local);
	windows_close(&windows, connect);
}

#define COUNTS(c, what, kernel, wire)                               \
	do {                                                        \
		assert_int_equal((c).what[WITNESS_KERNEL], kernel); \
		assert_int_equal((c).what[WITNESS_WIRE], wire);     \
	} while (0)

static void what_the_socket_sent_is_counted_whatever_the_peer(void **state)
{
	struct connect c = open_at(100);

	(void)state;
	KERNEL(90, .sender = OURS);
	WIRE(91);
	KERNEL(110, .sender = OURS, .len = 5);
	WIRE(111, .len = 5);
	KERNEL(112, .sender = OURS, .dst = "10.0.0.3:9");
	WIRE(113, .dst = "10.0.0.3:9");
	KERNEL(114, .sender = OURS, .proto = TCP);
	KERNEL(130, .sender = OURS);
	WIRE(131);
	close_at(&c, 120, C);
	COUNTS(c, inside, 2, 2);
	COUNTS(c, unnamed, 0, 0);
	assert_int_equal(c.packet.ts_ns, 110);
	assert_int_equal(c.packet.len, 5);
	assert_false(c.crowded);
}

/* It was sent earlier, and has waited for the address of a neighbour. */
static void what_no_call_sends_does_not_count(void **state)
{
	struct connect c = open_at(100);

	(void)state;
	KERNEL(110, .sender = OURS, .outside = true);
	assert_int_equal(WIRE(111), OURS);
	KERNEL(112, .sender = OURS, .outside = true, .dst = "10.0.0.3:9");
	WIRE(113, .dst = "10.0.0.3:9");
	close_at(&c, 120, C);
	COUNTS(c, inside, 0, 0);
	COUNTS(c, unnamed, 0, 0);
	assert_int_equal(c.outside, 2);
	assert_int_equal(c.packet.ts_ns, 0);
}

/* As a server that connects to its client while others send to it. */
static void what_it_received_is_not_what_it_sent(void **state)
{
	struct connect c = open_at(100);

	(void)state;
	c.before = play_endpoint(C);
	KERNEL(110, .sender = OTHERS, .src = "10.0.0.9:53", .dst = C);
	WIRE(111, .src = "10.0.0.9:53", .dst = C);
	KERNEL(112, .src = "10.0.0.9:53", .dst = C, .in = true);
	WIRE(113, .src = "10.0.0.8:1", .dst = C, .in = true);
	close_at(&c, 120, C);
	COUNTS(c, inside, 0, 0);
	COUNTS(c, received, 1, 2);
	COUNTS(c, unnamed, 0, 0);
}

/* SO_REUSEPORT: the address tells nothing. */
static void another_socket_of_the_same_address_sent_it(void **state)
{
	struct connect c = open_at(100);

	(void)state;
	c.before = play_endpoint("0.0.0.0:1000");
	KERNEL(110, .sender = OTHERS);
	assert_int_equal(WIRE(111), OTHERS);
	close_at(&c, 120, C);
	COUNTS(c, inside, 0, 0);
	COUNTS(c, unnamed, 0, 0);
	COUNTS(c, received, 0, 0);
}

static void a_packet_without_a_sender_is_nobodys(void **state)
{
	struct connect c = open_at(100);

	(void)state;
	c.before = play_endpoint("0.0.0.0:1000");
	KERNEL(110);
	WIRE(111, .len = 9);
	WIRE(112, .src = "10.0.0.1:1001");
	close_at(&c, 120, "");
	COUNTS(c, inside, 0, 0);
	COUNTS(c, unnamed, 1, 1);
}

static void the_wire_learns_the_sender_from_the_kernel(void **state)
{
	(void)state;
	KERNEL(10, .sender = OURS);
	KERNEL(11, .sender = OTHERS);
	KERNEL(12, .sender = OURS, .len = 2);
	assert_int_equal(WIRE(13, .len = 2), OURS);
	assert_int_equal(KERNEL(13, .in = true), OURS);
	assert_int_equal(WIRE(14), OURS); /* in order */
	assert_int_equal(WIRE(15), OTHERS);
	assert_int_equal(WIRE(16), OTHERS); /* doubled by a qdisc */
	assert_int_equal(WIRE(17, .len = 3), 0);
	/* what a queueing discipline has dropped is not waited for */
	KERNEL(20, .sender = OURS, .len = 4);
	KERNEL(5000000000, .sender = OTHERS, .len = 4);
	assert_int_equal(WIRE(5000000001, .len = 4), OTHERS);
}

/* Two clocks: the wire's time may be a little before the kernel's. */
static void the_wire_may_be_a_little_early(void **state)
{
	struct connect c = open_at(100), late = open_at(2000000);

	(void)state;
	assert_int_equal(WIRE(110), 0);
	KERNEL(111, .sender = OURS);
	close_at(&c, 120, C);
	COUNTS(c, inside, 1, 1);
	COUNTS(c, unnamed, 0, 0);
	/* and not by so much */
	WIRE(2000010);
	KERNEL(4000000, .sender = OURS);
	close_at(&late, 5000000, C);
	COUNTS(late, inside, 1, 0);
	COUNTS(late, unnamed, 0, 1);
}

/* A queueing discipline may hold a packet; the kernel's time decides. */
/* The call has ended, by the kernel's clock, before the packet is queued. */
static void a_sender_named_after_the_call_is_named(void **state)
{
	struct connect c = open_at(100);

	(void)state;
	WIRE(110);
	close_at(&c, 111, C);
	COUNTS(c, unnamed, 0, 1);
	KERNEL(112, .sender = OTHERS);
	COUNTS(c, unnamed, 0, 0);
	COUNTS(c, inside, 0, 0);
}

static void a_packet_counts_where_it_was_sent(void **state)
{
	struct connect before = open_at(100), inside = open_at(200);

	(void)state;
	KERNEL(90, .sender = OURS);
	WIRE(110); /* sent before the call */
	close_at(&before, 120, C);
	COUNTS(before, inside, 0, 0);
	COUNTS(before, unnamed, 0, 0);
	KERNEL(210, .sender = OURS);
	close_at(&inside, 220, C);
	COUNTS(inside, inside, 1, 0);
	WIRE(500);
	COUNTS(inside, inside, 1, 1);
}

static void windows_that_overlap_count_each_its_own(void **state)
{
	struct connect a = open_at(100), b = open_at(200);

	(void)state;
	b.socket = 2;
	KERNEL(150, .sender = 2, .src = "10.0.0.1:2");
	KERNEL(250, .sender = 2, .src = "10.0.0.1:2");
	KERNEL(251, .sender = OURS, .src = "10.0.0.1:1");
	close_at(&a, 300, "10.0.0.1:1");
	close_at(&b, 301, "10.0.0.1:2");
	COUNTS(a, inside, 1, 0);
	COUNTS(b, inside, 1, 0);
}

static void a_window_with_too_many_packets_is_crowded(void **state)
{
	struct connect stuck = open_at(100), later = open_at(60000);

	(void)state;
	for (uint64_t i = 0; i < WINDOW_PACKETS; i++)
		KERNEL(200 + i, .sender = OURS);
	KERNEL(70000, .sender = OURS);
	close_at(&later, 70001, C);
	assert_false(later.crowded);
	COUNTS(later, inside, WINDOW_PACKETS - (60000 - 200) + 1, 0);
	close_at(&stuck, 70002, C);
	assert_true(stuck.crowded);
	/* of those that are gone none is waited for */
	assert_int_equal(WIRE(70003), 0);
}

/* A key of its own each: TCP by sequence number, UDP here by port. */
static void many_keys(void **state)
{
	char src[32];

	(void)state;
	for (int i = 1; i < 20000; i++) {
		snprintf(src, sizeof(src), "10.0.0.1:%d", i);
		KERNEL(i, .sender = OURS, .src = src);
		KERNEL(i, .sender = OURS, .src = src, .proto = TCP);
		WIRE(i, .src = src, .proto = TCP);
	}
	assert_int_equal(WIRE(20000, .src = src), OURS);
}

static void one_packet_on_several_interfaces_counts_once(void **state)
{
	struct connect c = open_at(100);

	(void)state;
	KERNEL(110, .sender = OURS, .iface = "veth0");
	WIRE(111, .iface = "veth0");
	KERNEL(112, .sender = OURS, .iface = "br0");
	WIRE(113, .iface = "br0");
	WIRE(114, .iface = "veth1", .in = true);
	KERNEL(115, .sender = OURS, .iface = "veth0"); /* a second */
	WIRE(116, .iface = "veth0");
	KERNEL(117, .sender = OURS, .iface = "br0", .dst = "10.0.0.3:7");
	close_at(&c, 120, C);
	COUNTS(c, inside, 3, 2);
	COUNTS(c, unnamed, 0, 0);
}

/* What was seen elsewhere before the call is no reason to overlook it now. */
static void the_first_in_a_window_always_counts(void **state)
{
	struct connect c = open_at(100);

	(void)state;
	KERNEL(90, .sender = OURS, .iface = "eth0");
	KERNEL(110, .sender = OURS, .iface = "wlan0");
	close_at(&c, 120, C);
	COUNTS(c, inside, 1, 0);
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

static const struct CMUnitTest tests[] = {
	TEST(what_the_socket_sent_is_counted_whatever_the_peer),
	TEST(what_no_call_sends_does_not_count),
	TEST(what_it_received_is_not_what_it_sent),
	TEST(another_socket_of_the_same_address_sent_it),
	TEST(a_packet_without_a_sender_is_nobodys),
	TEST(the_wire_learns_the_sender_from_the_kernel),
	TEST(the_wire_may_be_a_little_early),
	TEST(a_sender_named_after_the_call_is_named),
	TEST(a_packet_counts_where_it_was_sent),
	TEST(windows_that_overlap_count_each_its_own),
	TEST(a_window_with_too_many_packets_is_crowded),
	TEST(many_keys),
	TEST(one_packet_on_several_interfaces_counts_once),
	TEST(the_first_in_a_window_always_counts),
};

TAP_MAIN(tests)
