// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* windows.c: what passed between entry and exit, and nothing else. */
#include "tap_main.h"

#include <stdlib.h>
#include <string.h>

#include "play.h"
#include "story/windows.h"

static struct windows windows;

static int tear_down(void **state)
{
	(void)state;
	windows_fini(&windows);
	return 0;
}

static void pass(uint64_t ts_ns, uint8_t proto, enum witness witness,
		 const char *src, const char *dst)
{
	struct record packet = {.type = RECORD_PACKET,
				.ts_ns = ts_ns,
				.proto = proto,
				.local = play_endpoint(src),
				.peer = play_endpoint(dst),
				.packet = {.witness = witness}};

	assert_int_equal(windows_packet(&windows, &packet), 0);
}

static void pass_on(const char *iface, uint64_t ts_ns, const char *src,
		    const char *dst)
{
	struct record packet = {.type = RECORD_PACKET,
				.ts_ns = ts_ns,
				.proto = UDP,
				.local = play_endpoint(src),
				.peer = play_endpoint(dst),
				.packet = {.witness = WITNESS_WIRE}};

	strcpy(packet.packet.iface, iface);
	assert_int_equal(windows_packet(&windows, &packet), 0);
}

static struct connect open_at(uint64_t ts_ns)
{
	return (struct connect){.proto = UDP, .enter_ns = ts_ns};
}

static void close_at(struct connect *connect, uint64_t ts_ns, const char *local)
{
	connect->exit_ns = ts_ns;
	connect->local = play_endpoint(local);
	windows_close(&windows, connect);
}

static void the_sockets_packets_are_counted_whoever_the_peer(void **state)
{
	struct connect c = open_at(100);

	(void)state;
	pass(90, UDP, WITNESS_WIRE, "10.0.0.1:1000", "10.0.0.2:7007");
	windows_open(&windows, &c);
	pass(110, UDP, WITNESS_WIRE, "10.0.0.1:1000", "10.0.0.2:7007");
	pass(111, UDP, WITNESS_KERNEL, "10.0.0.1:1000", "10.0.0.2:7007");
	pass(112, UDP, WITNESS_WIRE, "10.0.0.9:53", "10.0.0.1:1000");
	pass(113, UDP, WITNESS_WIRE, "10.0.0.1:1001", "10.0.0.2:7007");
	pass(114, UDP, WITNESS_WIRE, "10.0.0.3:1000", "10.0.0.2:7007");
	pass(115, TCP, WITNESS_WIRE, "10.0.0.1:1000", "10.0.0.2:7007");
	pass(130, UDP, WITNESS_WIRE, "10.0.0.1:1000", "10.0.0.2:7007");
	close_at(&c, 120, "10.0.0.1:1000");
	assert_int_equal(c.inside[WITNESS_WIRE], 2);
	assert_int_equal(c.inside[WITNESS_KERNEL], 1);
	assert_false(c.crowded);
}

static void a_wildcard_takes_every_address_of_its_port(void **state)
{
	struct connect c = open_at(100);

	(void)state;
	c.before = play_endpoint("0.0.0.0:1000");
	windows_open(&windows, &c);
	pass(110, UDP, WITNESS_WIRE, "10.0.0.1:1000", "10.0.0.2:7007");
	pass(111, UDP, WITNESS_WIRE, "10.0.0.1:1001", "10.0.0.2:7007");
	close_at(&c, 120, "");
	assert_int_equal(c.inside[WITNESS_WIRE], 1);
}

static void windows_that_overlap_count_each_its_own(void **state)
{
	struct connect a = open_at(100), b = open_at(200), c = open_at(205);

	(void)state;
	windows_open(&windows, &a);
	pass(150, UDP, WITNESS_WIRE, "10.0.0.1:2", "10.0.0.2:7");
	windows_open(&windows, &b);
	windows_open(&windows, &c);
	pass(250, UDP, WITNESS_WIRE, "10.0.0.1:2", "10.0.0.2:7");
	pass(251, UDP, WITNESS_WIRE, "10.0.0.1:1", "10.0.0.2:7");
	windows_abandon(&windows, &c);
	close_at(&a, 300, "10.0.0.1:1");
	close_at(&b, 301, "10.0.0.1:2");
	assert_int_equal(a.inside[WITNESS_WIRE], 1);
	assert_int_equal(b.inside[WITNESS_WIRE], 1);
	assert_int_equal(c.inside[WITNESS_WIRE], 0);
	assert_int_equal(windows.len, 0); /* nothing is kept for nobody */
}

static void a_window_that_never_closes_is_given_up(void **state)
{
	struct connect stuck = open_at(100), later = open_at(60000);

	(void)state;
	windows_open(&windows, &stuck);
	for (uint64_t i = 0; i < WINDOW_PACKETS; i++)
		pass(200 + i, UDP, WITNESS_WIRE, "10.0.0.1:1", "10.0.0.2:7");
	windows_open(&windows, &later);
	assert_false(stuck.crowded);
	pass(70000, UDP, WITNESS_WIRE, "10.0.0.1:1", "10.0.0.2:7");
	assert_true(stuck.crowded);
	assert_false(later.crowded);
	close_at(&later, 70001, "10.0.0.1:1");
	assert_int_equal(later.inside[WITNESS_WIRE],
			 WINDOW_PACKETS - (60000 - 200) + 1);
	close_at(&stuck, 70002, "10.0.0.1:1"); /* no longer there */
}

static void a_lone_window_that_overflows(void **state)
{
	struct connect stuck = open_at(100);

	(void)state;
	windows_open(&windows, &stuck);
	for (uint64_t i = 0; i <= WINDOW_PACKETS; i++)
		pass(200 + i, UDP, WITNESS_WIRE, "10.0.0.1:1", "10.0.0.2:7");
	assert_true(stuck.crowded);
	assert_int_equal(windows.open_len, 0);
	assert_int_equal(windows.len, 0);
}

static void many_at_once(void **state)
{
	static struct connect many[100];

	(void)state;
	for (uint64_t i = 0; i < 100; i++) {
		many[i] = open_at(100 + i);
		windows_open(&windows, &many[i]);
	}
	pass(500, UDP, WITNESS_KERNEL, "10.0.0.1:1", "10.0.0.2:7");
	for (uint64_t i = 0; i < 100; i++) {
		close_at(&many[99 - i], 600, "10.0.0.1:1");
		assert_int_equal(many[99 - i].inside[WITNESS_KERNEL], 1);
	}
	assert_int_equal(windows.len, 0);
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

static void one_packet_on_several_interfaces_counts_once(void **state)
{
	struct connect c = open_at(100);

	(void)state;
	windows_open(&windows, &c);
	pass_on("veth0", 110, "10.0.0.1:1000", "10.0.0.2:7007");
	pass_on("br0", 111, "10.0.0.1:1000", "10.0.0.2:7007");
	pass_on("veth1", 112, "10.0.0.1:1000", "10.0.0.2:7007");
	pass_on("veth0", 113, "10.0.0.1:1000", "10.0.0.2:7007"); /* a second */
	pass_on("br0", 114, "10.0.0.1:1000", "10.0.0.2:7007");
	pass_on("br0", 115, "10.0.0.1:1000", "10.0.0.3:7007"); /* its own way */
	close_at(&c, 120, "10.0.0.1:1000");
	assert_int_equal(c.inside[WITNESS_WIRE], 3);
}

/* What was seen elsewhere before the call is no reason to overlook it now. */
static void the_first_in_a_window_always_counts(void **state)
{
	struct connect c = open_at(100), other = open_at(50);

	(void)state;
	windows_open(&windows, &other);
	windows_open(&windows, &c);
	pass_on("eth0", 90, "10.0.0.1:1000", "10.0.0.2:7007");
	pass_on("wlan0", 110, "10.0.0.1:1000", "10.0.0.2:7007");
	close_at(&c, 120, "10.0.0.1:1000");
	assert_int_equal(c.inside[WITNESS_WIRE], 1);
	close_at(&other, 130, "10.0.0.9:1");
}

static const struct CMUnitTest tests[] = {
	TEST(the_sockets_packets_are_counted_whoever_the_peer),
	TEST(one_packet_on_several_interfaces_counts_once),
	TEST(the_first_in_a_window_always_counts),
	TEST(a_wildcard_takes_every_address_of_its_port),
	TEST(windows_that_overlap_count_each_its_own),
	TEST(a_window_that_never_closes_is_given_up),
	TEST(a_lone_window_that_overflows),
	TEST(many_at_once),
};

TAP_MAIN(tests)
