// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* conditions.c: connects that the system-call witness cannot have seen. */
#include "judge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
	       "wine\\x1b 4242 reached __ip4_datagram_connect without a "
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
	       "2 calls of followed programs may have been a connect(2)");
}

/* What the first stray of @proto is told for. */
static void expect_stray(enum connect_from from, const char *reason)
{
	const struct play stray = {
		RECORD_CALL, .step = "tcp_v4_connect", .proto = TCP, .sock = 9,
		.peer = S,   .from_where = from,
	};

	play_meta(&player, "tcp", "lo");
	play(&player, &stray);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE, "(0 calls; ", reason);
	assert_int_equal(verdict->reasons_len, 1);
}

static void a_32_bit_call_is_named(void **state)
{
	(void)state;
	expect_stray(FROM_COMPAT, "(1 in all), by a 32-bit system call: ");
}

static void io_uring_is_named(void **state)
{
	(void)state;
	expect_stray(FROM_IO_URING, "by io_uring: switch io_uring off");
}

static void the_kernel_itself_is_named(void **state)
{
	(void)state;
	expect_stray(FROM_KERNEL, "because the kernel connected on its own");
}

static void an_entry_that_was_not_reported_is_named(void **state)
{
	(void)state;
	expect_stray(FROM_CONNECT, "though it was in connect(2)");
}

static void only_the_state_shows_the_kernel(void **state)
{
	static const struct play run[] = {
		{RECORD_STATE, .proto = TCP, .sock = 9, .peer = S,
		 .old_state = TCP_CLOSE, .new_state = TCP_SYN_SENT,
		 .from_where = FROM_KERNEL},
	};
	struct record meta = {.type = RECORD_META};

	(void)state;
	meta.meta = calloc(1, sizeof(*meta.meta));
	meta.meta->command = strdup("tcp");
	meta.meta->tier = TIER_TRACEPOINT;
	player.sink->push(player.sink, &meta);
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE, "(0 calls; ",
	       "client 4242 reached SYN-SENT without a connect(2) that is "
	       "watched (1 in all), because the kernel");
	assert_int_equal(verdict->reasons_len, 1);
}

static const struct play refused[] = {
	{RECORD_ENTER, .proto = UDP, .id = CALL_SOCKET},
	{RECORD_EXIT, .id = CALL_SOCKET, .ret = 3, .sock = 1},
	{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .peer = S, .ret = -EACCES,
	 .skippable = true},
};

static void a_call_that_seccomp_refused_is_not_judged(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, refused);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "(1 call, 1 with an error, 1 not ",
	       "stopped connect(2) before the kernel entered it: run the "
	       "program");
	assert_int_equal(verdict->reasons_len, 1);
}

static void a_call_alongside_is_judged(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, refused);
	PLAY(&player, udp_silent);
	play_controls(&player);
	expect(UDP, VERDICT_PASS, "(2 calls, 1 with an error, 1 not judged; ",
	       NULL);
}

static void a_thread_that_was_never_seen_may_have_begun_before(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	play(&player, &refused[2]);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "(1 call, ",
	       "its entry was not seen: it began before the tracer, "
	       "or seccomp(2)");
	assert_int_equal(verdict->reasons_len, 1);
}

static void what_is_lost_may_be_the_entry(void **state)
{
	static const struct play lost = {RECORD_LOST, .count = 1,
					 .witness = WITNESS_KERNEL};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, refused);
	play(&player, &lost);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "; 1 event lost; ",
	       "its entry was not seen: ");
}

static const struct CMUnitTest tests[] = {
	JUDGE(a_32_bit_call_is_named),
	JUDGE(io_uring_is_named),
	JUDGE(the_kernel_itself_is_named),
	JUDGE(an_entry_that_was_not_reported_is_named),
	JUDGE(only_the_state_shows_the_kernel),
	JUDGE(a_call_that_seccomp_refused_is_not_judged),
	JUDGE(a_call_alongside_is_judged),
	JUDGE(a_thread_that_was_never_seen_may_have_begun_before),
	JUDGE(what_is_lost_may_be_the_entry),
	JUDGE(a_connect_in_its_call_is_no_stray),
	JUDGE(a_connect_in_no_call_is_named),
	JUDGE(a_connect_in_another_call_is_no_stray),
	JUDGE(what_is_lost_explains_a_stray),
	JUDGE(a_way_that_is_not_watched_is_no_silence),
};

TAP_MAIN(tests)
