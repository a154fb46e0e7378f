// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* conditions.c: connects that the system-call witness cannot have seen. */
#include "judge.h"

static const struct play udp_silent[] = {
	UDP_CONNECT,
	{RECORD_CALL, .step = "udp_connect",
	 .function = "__ip4_datagram_connect", .sock = 1, .peer = S},
	UDP_RETURN,
};

static void a_connect_in_its_call_is_no_stray(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_silent);
	play_controls(&player);
	expect(UDP, VERDICT_PASS, "(1 call; ", NULL);
}

static void a_connect_in_no_call_is_named(void **state)
{
	static const struct play stray = {
		RECORD_CALL,        .step = "udp_connect",
		.comm = "wine\033", .function = "__ip4_datagram_connect",
		.sock = 9,          .peer = S};

	(void)state;
	play_meta(&player, "both", "lo");
	PLAY(&player, udp_silent);
	play(&player, &stray);
	play(&player, &stray);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "(1 call; ",
	       "wine\\x1b 4242 came to __ip4_datagram_connect without a "
	       "connect(2) that is watched (2 in all)");
	assert_int_equal(verdict->reasons_len, 1);
}

/* tcp_v4_connect() is also beneath send(2) with MSG_FASTOPEN: tcp(7) */
static void a_connect_in_another_call_is_no_stray(void **state)
{
	static const struct play fast_open[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_SENDTO, .sock = 3,
		 .peer = S},
		{RECORD_CALL, .step = "tcp_v4_connect",
		 .function = "tcp_v4_connect", .sock = 3, .peer = S},
	};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, fast_open);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE, "(0 calls; ",
	       "no TCP connect(2) was seen");
	assert_int_equal(verdict->reasons_len, 1);
}

/* Its entry may be what was lost. */
static void what_is_lost_explains_a_stray(void **state)
{
	static const struct play run[] = {
		{RECORD_CALL, .proto = UDP, .step = "udp_connect",
		 .function = "__ip4_datagram_connect", .sock = 9, .peer = S},
		{RECORD_LOST, .witness = WITNESS_KERNEL, .count = 1},
	};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_silent);
	PLAY(&player, run);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "; 1 event lost; ",
	       "the kernel witness lost 1 of its events");
	assert_int_equal(verdict->reasons_len, 1);
}

static void a_way_that_is_not_watched_is_no_silence(void **state)
{
	static const struct play lost = {RECORD_LOST, .count = 2,
					 .witness = WITNESS_SYSCALL,
					 .cause = LOST_UNWATCHED};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_silent);
	play(&player, &lost);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "; 2 events lost; ",
	       "2 calls of followed programs may have been connect(2)");
}

static const struct CMUnitTest tests[] = {
	JUDGE(a_connect_in_its_call_is_no_stray),
	JUDGE(a_connect_in_no_call_is_named),
	JUDGE(a_connect_in_another_call_is_no_stray),
	JUDGE(what_is_lost_explains_a_stray),
	JUDGE(a_way_that_is_not_watched_is_no_silence),
};

TAP_MAIN(tests)
