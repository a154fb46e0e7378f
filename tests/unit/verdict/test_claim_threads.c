// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * connects.c, claim_tcp.c: two threads connect one TCP socket at once. The kernel
 * lets one after the other, and the socket's state shows which one.
 */
#include "judge.h"

#include <errno.h>

#define BOUND  "0.0.0.0:20223"
#define OWN    "127.0.0.1:20223"
#define FIRST  "127.0.0.2:20234"
#define SECOND "127.0.0.1:7001"

#define ENTERS(t, to)                                                      \
	{                                                                  \
		RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 2, \
			      .tid = (t), .local = BOUND, .peer = (to)     \
	}
#define BEGINS(t, to)                                               \
	{                                                           \
		RECORD_STATE, .sock = 2, .tid = (t), .local = OWN,  \
			      .peer = (to), .old_state = TCP_CLOSE, \
			      .new_state = TCP_SYN_SENT             \
	}
#define SENDS(to, f, s)                                               \
	{                                                             \
		RECORD_PACKET, .sock = 2, .local = OWN, .peer = (to), \
			       .flags = (f), .seq = (s)               \
	}
#define ANSWERS(from, f)                                                  \
	{                                                                 \
		RECORD_PACKET, .local = (from), .peer = OWN, .flags = (f) \
	}
#define RETURNS(t, to, r)                                               \
	{                                                               \
		RECORD_EXIT, .id = CALL_CONNECT, .sock = 2, .tid = (t), \
			     .local = OWN, .peer = (to), .ret = (r)     \
	}

static void expect_results(const enum verdict_result *results, size_t len)
{
	assert_int_equal(verdict->connects_len, len);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(verdict->connects[i].result, results[i]);
}

/* The second call begins while the SYN of the first is on its way. */
static void each_thread_has_its_own_handshake(void **state)
{
	static const struct play run[] = {
		ENTERS(1, FIRST),         BEGINS(1, FIRST),
		ENTERS(2, SECOND),        SENDS(FIRST, TH_SYN, 5),
		ANSWERS(FIRST, RST_ACK),  RETURNS(1, NULL, -ECONNREFUSED),
		BEGINS(2, SECOND),        SENDS(SECOND, TH_SYN, 9),
		ANSWERS(SECOND, SYN_ACK), SENDS(SECOND, TH_ACK, 10),
		RETURNS(2, SECOND, 0),
	};
	static const enum verdict_result results[] = {VERDICT_PASS,
						      VERDICT_PASS};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_PASS, "(2 calls, 1 refused by SYN, RST; ", NULL);
	expect_results(results, 2);
	assert_string_equal(verdict->connects[0].flags, "SYN RST-ACK");
	assert_string_equal(verdict->connects[1].flags, "SYN SYN-ACK ACK");
}

/* The thread that enters last may be let in first. */
static void the_last_to_enter_may_go_first(void **state)
{
	static const struct play run[] = {
		ENTERS(1, FIRST),
		ENTERS(2, SECOND),
		ENTERS(3, SECOND),
		BEGINS(1, FIRST),
		SENDS(FIRST, TH_SYN, 5),
		ANSWERS(FIRST, RST_ACK),
		RETURNS(1, NULL, -ECONNREFUSED),
		BEGINS(2, SECOND),
		SENDS(SECOND, TH_SYN, 9),
		ANSWERS(SECOND, SYN_ACK),
		SENDS(SECOND, TH_ACK, 10),
		RETURNS(2, SECOND, 0),
		RETURNS(3, SECOND, -EISCONN),
	};
	static const enum verdict_result results[] = {
		VERDICT_PASS, VERDICT_PASS, VERDICT_NOT_JUDGED};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_PASS,
	       "(3 calls, 1 refused by SYN, RST, 1 not judged; ", NULL);
	expect_results(results, 3);
	assert_string_equal(verdict->connects[0].flags, "SYN RST-ACK");
}

/* It has no packet of its own: what it returns is the other one's result. */
static void a_thread_that_waits_is_not_judged(void **state)
{
	static const struct play run[] = {
		ENTERS(1, FIRST),
		BEGINS(1, FIRST),
		SENDS(FIRST, TH_SYN, 5),
		ENTERS(2, SECOND),
		ANSWERS(FIRST, RST_ACK),
		RETURNS(2, NULL, -ECONNREFUSED),
		RETURNS(1, NULL, -ECONNABORTED),
	};
	static const enum verdict_result results[] = {VERDICT_INCONCLUSIVE,
						      VERDICT_NOT_JUDGED};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE, "(2 calls, 1 not judged; ",
	       "the peer refused it, but the call returned something else");
	expect_results(results, 2);
}

static const struct CMUnitTest tests[] = {
	JUDGE(each_thread_has_its_own_handshake),
	JUDGE(the_last_to_enter_may_go_first),
	JUDGE(a_thread_that_waits_is_not_judged),
};

TAP_MAIN(tests)
