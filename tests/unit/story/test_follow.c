// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* sockets.c: whose packets are shown, and who missed what. */
#include "tap_main.h"

#include <stdio.h>
#include <string.h>

#include "play.h"
#include "story/sockets.h"

static struct follow follow;

static int tear_down(void **state)
{
	(void)state;
	follow_fini(&follow);
	return 0;
}

static void add(uint8_t proto, const char *local)
{
	struct endpoint ep = play_endpoint(local);

	assert_int_equal(follow_add(&follow, proto, &ep), 0);
}

static bool sees(enum witness witness, const char *iface, const char *src,
		 const char *dst)
{
	struct record packet = {.type = RECORD_PACKET,
				.proto = UDP,
				.local = play_endpoint(src),
				.peer = play_endpoint(dst),
				.packet = {.witness = witness}};

	snprintf(packet.packet.iface, sizeof(packet.packet.iface), "%s", iface);
	return follow_packet(&follow, &packet, true);
}

static void by_either_end(void **state)
{
	(void)state;
	add(UDP, "10.0.0.1:1000");
	add(UDP, "10.0.0.1:1000");
	add(UDP, "10.0.0.1:0"); /* no port: nothing */
	add(TCP, "10.0.0.1:2000");
	assert_true(sees(WITNESS_WIRE, "lo", "10.0.0.1:1000", "10.0.0.2:7"));
	assert_true(sees(WITNESS_WIRE, "lo", "10.0.0.2:7", "10.0.0.1:1000"));
	assert_false(sees(WITNESS_WIRE, "lo", "10.0.0.2:7", "10.0.0.3:1000"));
	assert_false(sees(WITNESS_WIRE, "lo", "10.0.0.1:0", "10.0.0.3:1"));
	assert_false(sees(WITNESS_WIRE, "lo", "10.0.0.1:2000", "10.0.0.3:1"));
}

static void by_the_wildcard(void **state)
{
	(void)state;
	add(UDP, "0.0.0.0:7007");
	assert_true(sees(WITNESS_WIRE, "lo", "10.0.0.1:1", "10.0.0.2:7007"));
	assert_false(sees(WITNESS_WIRE, "lo", "[::1]:1", "[::1]:7007"));
	add(UDP, "[::]:7007");
	assert_true(sees(WITNESS_WIRE, "lo", "[::1]:1", "[::1]:7007"));
	add(UDP, "[::]:53"); /* takes IPv4 as well */
	assert_true(sees(WITNESS_WIRE, "lo", "10.0.0.1:53", "10.0.0.2:1"));
}

static void by_the_peer_until_more_is_known(void **state)
{
	struct endpoint peer = play_endpoint("10.0.0.2:53");

	(void)state;
	follow_watch(&follow, UDP, &peer);
	follow_watch(&follow, UDP, &peer);
	assert_true(sees(WITNESS_WIRE, "lo", "10.0.0.1:9", "10.0.0.2:53"));
	follow_unwatch(&follow, UDP, &peer);
	assert_true(sees(WITNESS_WIRE, "lo", "10.0.0.2:53", "10.0.0.1:9"));
	follow_unwatch(&follow, UDP, &peer);
	assert_false(sees(WITNESS_WIRE, "lo", "10.0.0.1:9", "10.0.0.2:53"));
	follow_unwatch(&follow, UDP, &peer); /* once too often */
}

static void gaps_are_told_by_interface(void **state)
{
	struct evidence evidence = {0};

	(void)state;
	add(UDP, "10.0.0.1:1");
	add(UDP, "10.0.0.1:2");
	add(UDP, "10.0.0.1:3");
	add(UDP, "10.0.0.1:4");
	sees(WITNESS_KERNEL, "eth0", "10.0.0.1:1", "10.0.0.2:7");
	sees(WITNESS_KERNEL, "eth0", "10.0.0.2:7", "10.0.0.1:1");
	sees(WITNESS_KERNEL, "eth0", "10.0.0.1:2", "10.0.0.2:7");
	sees(WITNESS_KERNEL, "lo", "10.0.0.1:3", "10.0.0.2:7");
	sees(WITNESS_WIRE, "lo", "10.0.0.1:3", "10.0.0.2:7");
	sees(WITNESS_WIRE, "lo", "10.0.0.1:4", "10.0.0.2:7");
	follow_gaps(&follow, &evidence);
	assert_int_equal(evidence.gaps_len, 2);
	for (unsigned int i = 0; i < 2; i++) {
		const struct gap *gap = &evidence.gaps[i];

		if (gap->saw == WITNESS_KERNEL) {
			assert_string_equal(gap->iface, "eth0");
			assert_int_equal(gap->packets, 3);
			assert_int_equal(gap->missed, WITNESS_WIRE);
		} else {
			assert_string_equal(gap->iface, "lo");
			assert_int_equal(gap->packets, 1);
			assert_int_equal(gap->missed, WITNESS_KERNEL);
		}
	}
}

static void no_more_gaps_than_there_is_room_for(void **state)
{
	struct evidence evidence = {0};

	(void)state;
	for (int i = 1; i < 2 * GAPS_MAX; i++) {
		char local[32], iface[16];

		snprintf(local, sizeof(local), "10.0.0.1:%d", i);
		snprintf(iface, sizeof(iface), "eth%d", i);
		add(UDP, local);
		sees(WITNESS_KERNEL, iface, local, "10.0.0.2:7");
	}
	follow_gaps(&follow, &evidence);
	assert_int_equal(evidence.gaps_len, GAPS_MAX);
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

static const struct CMUnitTest tests[] = {
	TEST(by_either_end),
	TEST(by_the_wildcard),
	TEST(by_the_peer_until_more_is_known),
	TEST(gaps_are_told_by_interface),
	TEST(no_more_gaps_than_there_is_room_for),
};

TAP_MAIN(tests)
