// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * flow_filter.c and filter_walk.c. The programs are libpcap's:
 * `tcpdump -O -y RAW -ddd FILTER`, with commas for the ends of lines. That they
 * select what libpcap's own machine selects is test_filter_compile's part.
 */
#include "tap_main.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"
#include "record/flow_filter.h"

#define HOST                                                                 \
	"28,48 0 0 0,84 0 0 240,21 0 2 64,32 0 0 12,21 21 0 167772162,"      \
	"48 0 0 0,84 0 0 240,21 0 2 64,32 0 0 16,21 16 0 167772162,0 0 0 1," \
	"21 0 2 0,32 0 0 14,21 12 0 167772162,0 0 0 1,21 0 2 0,32 0 0 24,"   \
	"21 8 0 167772162,0 0 0 1,21 0 2 0,32 0 0 14,21 4 0 167772162,"      \
	"0 0 0 1,21 0 3 0,32 0 0 24,21 0 1 167772162,"
#define HOST_10_0_0_2     HOST "6 0 0 262144,6 0 0 0"
#define NOT_HOST_10_0_0_2 HOST "6 0 0 0,6 0 0 262144"
#define IP6_HOST_FD00__2                                               \
	"24,48 0 0 0,84 0 0 240,21 0 8 96,32 0 0 8,21 0 6 4244635648," \
	"32 0 0 12,21 0 4 0,32 0 0 16,21 0 2 0,32 0 0 20,21 11 0 2,"   \
	"48 0 0 0,84 0 0 240,21 0 9 96,32 0 0 24,21 0 7 4244635648,"   \
	"32 0 0 28,21 0 5 0,32 0 0 32,21 0 3 0,32 0 0 36,21 0 1 2,"    \
	"6 0 0 262144,6 0 0 0"
#define UDP_ALONE                                                       \
	"16,48 0 0 0,84 0 0 240,21 0 2 64,48 0 0 9,21 9 0 17,48 0 0 0," \
	"84 0 0 240,21 0 7 96,48 0 0 6,21 4 0 17,48 0 0 6,21 0 3 44,"   \
	"48 0 0 40,21 0 1 17,6 0 0 262144,6 0 0 0"
#define UDP_SRC_PORT_1000                                                \
	"19,48 0 0 0,84 0 0 240,21 0 4 96,48 0 0 6,21 0 2 17,40 0 0 40," \
	"21 10 0 1000,48 0 0 0,84 0 0 240,21 0 8 64,48 0 0 9,21 0 6 17," \
	"40 0 0 6,69 4 0 8191,177 0 0 0,72 0 0 0,21 0 1 1000,"           \
	"6 0 0 262144,6 0 0 0"

static struct flow_filter *filter;
static char why[FLOW_FILTER_WHY];

static int tear_down(void **state)
{
	(void)state;
	flow_filter_free(filter);
	filter = NULL;
	return 0;
}

static void compile(const char *bytecode)
{
	flow_filter_free(filter);
	assert_int_equal(flow_filter_parse(&filter, "text", bytecode, why), 0);
}

/* "" is an end that is not known. */
static enum choice choose(uint8_t proto, const char *local, const char *peer)
{
	const struct flow_ends ends = {.proto = proto,
				       .local = play_endpoint(local),
				       .peer = play_endpoint(peer)};

	return flow_filter_choose(filter, &ends);
}

static void a_host_is_either_end(void **state)
{
	(void)state;
	compile(HOST_10_0_0_2);
	assert_int_equal(choose(UDP, "10.0.0.1:5", "10.0.0.2:7"),
			 CHOICE_SELECTED);
	assert_int_equal(choose(TCP, "10.0.0.2:5", "10.0.0.1:7"),
			 CHOICE_SELECTED);
	assert_int_equal(
		choose(UDP, "[::ffff:10.0.0.1]:5", "[::ffff:10.0.0.2]:7"),
		CHOICE_SELECTED);
	assert_int_equal(choose(UDP, "10.0.0.1:5", "10.0.0.3:7"),
			 CHOICE_LEFT_OUT);
	assert_int_equal(choose(UDP, "[fd00::1]:5", "[fd00::2]:7"),
			 CHOICE_LEFT_OUT);
	compile(IP6_HOST_FD00__2);
	assert_int_equal(choose(UDP, "[fd00::1]:5", "[fd00::2]:7"),
			 CHOICE_SELECTED);
	assert_int_equal(choose(UDP, "[fd00::1]:5", "[fd00::3]:7"),
			 CHOICE_LEFT_OUT);
	assert_int_equal(choose(UDP, "10.0.0.1:5", "10.0.0.2:7"),
			 CHOICE_LEFT_OUT);
}

static void what_is_not_known_may_be_anything(void **state)
{
	(void)state;
	compile(HOST_10_0_0_2);
	assert_int_equal(choose(UDP, "", "10.0.0.2:7"), CHOICE_SELECTED);
	assert_int_equal(choose(UDP, "", "10.0.0.3:7"), CHOICE_OPEN);
	assert_int_equal(choose(UDP, "0.0.0.0:9", "10.0.0.3:7"), CHOICE_OPEN);
	assert_int_equal(choose(UDP, "10.0.0.1:0", "10.0.0.3:7"),
			 CHOICE_LEFT_OUT);
	assert_int_equal(choose(UDP, "", ""), CHOICE_OPEN);
	assert_int_equal(choose(0, "", "10.0.0.2:7"), CHOICE_SELECTED);
	/* if the one end is of IPv6, so is the other */
	assert_int_equal(choose(UDP, "", "[fd00::1]:7"), CHOICE_LEFT_OUT);
	assert_int_equal(choose(UDP, "[::]:9", ""), CHOICE_OPEN);
	compile(NOT_HOST_10_0_0_2);
	assert_int_equal(choose(UDP, "", "10.0.0.2:7"), CHOICE_LEFT_OUT);
	assert_int_equal(choose(UDP, "", "10.0.0.3:7"), CHOICE_OPEN);
	compile(UDP_ALONE);
	assert_int_equal(choose(UDP, "", ""), CHOICE_SELECTED);
	assert_int_equal(choose(TCP, "", ""), CHOICE_LEFT_OUT);
	assert_int_equal(choose(0, "", ""), CHOICE_OPEN);
	compile(UDP_SRC_PORT_1000);
	assert_int_equal(choose(UDP, "0.0.0.0:1000", ""), CHOICE_SELECTED);
	assert_int_equal(choose(UDP, "", "10.0.0.2:1000"), CHOICE_SELECTED);
	assert_int_equal(choose(UDP, "10.0.0.2:9", ""), CHOICE_OPEN);
	assert_int_equal(choose(UDP, "[::]:1000", "[::]:7"), CHOICE_SELECTED);
	assert_int_equal(choose(TCP, "0.0.0.0:1000", ""), CHOICE_LEFT_OUT);
}

/* The connect failed before the kernel gave the socket an address. */
static void what_will_not_be_known_is_none(void **state)
{
	struct flow_ends ends = {.proto = UDP,
				 .peer = play_endpoint("10.0.0.3:7")};

	(void)state;
	compile(HOST_10_0_0_2);
	assert_int_equal(flow_filter_choose(filter, &ends), CHOICE_OPEN);
	ends.local_is_final = true;
	assert_int_equal(flow_filter_choose(filter, &ends), CHOICE_LEFT_OUT);
	ends.peer = (struct endpoint){0};
	assert_int_equal(flow_filter_choose(filter, &ends), CHOICE_OPEN);
	ends.peer_is_final = true;
	assert_int_equal(flow_filter_choose(filter, &ends), CHOICE_LEFT_OUT);
}

static void refused(const char *bytecode, const char *reason)
{
	struct flow_filter *none;

	assert_int_equal(flow_filter_parse(&none, "", bytecode, why), -EINVAL);
	assert_null(none);
	if (!strstr(why, reason))
		fail_msg("'%s' does not have '%s'", why, reason);
}

static void what_no_connection_has_is_refused(void **state)
{
	(void)state;
	refused("4,128 0 0 0,37 0 1 100,6 0 0 0,6 0 0 262144", /* less 100 */
		"the length of a packet");
	refused("7,48 0 0 0,84 0 0 240,21 0 3 64,48 0 0 9,21 0 1 1,"
		"6 0 0 262144,6 0 0 0", /* icmp */
		"ICMP");
	refused("7,48 0 0 0,84 0 0 240,21 0 3 64,48 0 0 9,21 0 1 47,"
		"6 0 0 262144,6 0 0 0", /* ip proto gre */
		"IP protocol 47");
	/* ip[6:2] & 0x2000 != 0, and as the optimizer has it */
	refused("7,48 0 0 0,84 0 0 240,21 0 3 64,40 0 0 6,84 0 0 8192,"
		"21 1 0 0,6 0 0 1",
		"fragments");
	refused("5,48 0 0 0,84 0 0 240,21 0 1 64,40 0 0 6,69 0 0 8192",
		"fragments");
	/* ip[0] & 0xf > 5, udp[8], tcp[13] */
	refused("4,48 0 0 0,84 0 0 15,37 0 0 5,6 0 0 1",
		"the length of the IP header");
	refused("3,177 0 0 0,80 0 0 60,6 0 0 1", "the payload");
	refused("7,48 0 0 0,84 0 0 240,21 0 3 64,48 0 0 9,21 0 1 6,"
		"48 0 0 33,6 0 0 1",
		"the TCP flags");
	/* it hides in a value that two paths bring */
	refused("8,40 0 0 12,21 0 2 7,48 0 0 0,5 0 0 1,0 0 0 5,84 0 0 15,"
		"21 0 0 5,6 0 0 1",
		"the length of the IP header");
	refused("8,40 0 0 12,21 0 2 7,0 0 0 5,5 0 0 1,48 0 0 0,84 0 0 15,"
		"21 0 0 5,6 0 0 1",
		"the length of the IP header");
	/* and is no version then */
	refused("8,40 0 0 12,21 0 2 7,0 0 0 5,5 0 0 1,48 0 0 0,84 0 0 240,"
		"21 0 0 64,6 0 0 1",
		"the length of the IP header");
	refused("1,6 0 0 0", "no connection of UDP or TCP can pass");
}

/* A recording may have any program. */
static void a_program_that_is_wrong_is_refused(void **state)
{
	(void)state;
	refused("", "cannot be read");
	refused("x", "cannot be read");
	refused("0,", "cannot be read");
	refused("2,6 0 0 1", "cannot be read");
	refused("1,6 0 0 1,6 0 0 1", "cannot be read");
	refused("1,6 0 0 4294967296", "cannot be read");
	refused("1,65536 0 0 1", "cannot be read");
	refused("1,6 256 0 1", "cannot be read");
	refused("1,6 0 0 -1", "cannot be read");
	refused("1,6 0 0", "cannot be read");
	refused("99999999999999999999,6 0 0 1", "cannot be read");
	refused("4097,6 0 0 1", "cannot be read");
	refused("1,0 0 0 1", "jumps beyond its end");
	refused("2,5 0 0 4294967295,6 0 0 1", "jumps beyond its end");
	refused("2,21 9 9 0,6 0 0 1", "jumps beyond its end");
	refused("2,96 0 0 16,6 0 0 1", "memory");
	refused("2,2 0 0 16,6 0 0 1", "memory");
	refused("2,52 0 0 0,6 0 0 1", "may divide by 0");
	refused("4,32 0 0 12,7 0 0 0,60 0 0 0,6 0 0 1", "may divide by 0");
	refused("2,60 0 0 0,6 0 0 1", "may divide by 0");
	refused("3,0 0 0 4294967295,7 0 0 0,80 0 0 4294967295",
		"the direction");
	refused("2,192 0 0 0,6 0 0 1", "unknown load");
	refused("2,244 0 0 0,6 0 0 1", "unknown operation");
	refused("2,245 0 0 0,6 0 0 1", "unknown jump");
}

/* Registers, memory, arithmetic: each program returns 1 only if it is right. */
static void the_machine_computes(void **state)
{
	static const char *const right[] = {
		"4,0 0 0 7,4 0 0 4294967295,21 0 0 6,22 0 0 0",
		"3,0 0 0 1,132 0 0 0,22 0 0 0",
		"5,0 0 0 6,36 0 0 7,20 0 0 41,148 0 0 2,22 0 0 0",
		"6,1 0 0 5,3 0 0 15,0 0 0 4,97 0 0 15,172 0 0 0,22 0 0 0",
		"5,0 0 0 3,7 0 0 0,0 0 0 0,135 0 0 0,22 0 0 0",
		"5,0 0 0 1,100 0 0 3,116 0 0 3,68 0 0 2,22 0 0 0",
		"4,0 0 0 8,52 0 0 4,164 0 0 3,22 0 0 0",
		"5,0 0 0 8,53 1 0 8,6 0 0 0,37 0 1 7,6 0 0 1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		if (flow_filter_parse(&filter, "", right[i], why))
			fail_msg("%s: %s", right[i], why);
		assert_int_equal(choose(UDP, "", ""), CHOICE_SELECTED);
		flow_filter_free(filter);
	}
	filter = NULL;
	refused("5,0 0 0 1,100 0 0 32,22 0 0 0,0 0 0 0,6 0 0 0",
		"no connection");
}

static void the_program_comes_back(void **state)
{
	char *bytecode;

	(void)state;
	compile(IP6_HOST_FD00__2);
	bytecode = flow_filter_bytecode(filter);
	assert_string_equal(bytecode, IP6_HOST_FD00__2);
	assert_string_equal(flow_filter_text(filter), "text");
	free(bytecode);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_teardown(a_host_is_either_end, tear_down),
	cmocka_unit_test_teardown(what_is_not_known_may_be_anything, tear_down),
	cmocka_unit_test_teardown(what_will_not_be_known_is_none, tear_down),
	cmocka_unit_test(what_no_connection_has_is_refused),
	cmocka_unit_test(a_program_that_is_wrong_is_refused),
	cmocka_unit_test_teardown(the_machine_computes, tear_down),
	cmocka_unit_test_teardown(the_program_comes_back, tear_down),
};

TAP_MAIN(tests)
