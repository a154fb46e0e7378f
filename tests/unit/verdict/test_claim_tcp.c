// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* claim_tcp.c: handshakes, refusals, and what is neither. */
#include "judge.h"

#include <errno.h>
#include <string.h>

static const struct play tcp_handshake[] = {
	TCP_CONNECT, SEND(TH_SYN), REPLY(SYN_ACK), SEND(TH_ACK), TCP_RETURN,
};

static void a_handshake_passes(void **state)
{
	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, tcp_handshake);
	play_controls(&player);
	expect(TCP, VERDICT_PASS,
	       "TCP connect(2) performed the handshake SYN, SYN-ACK, ACK (1 "
	       "call; control: ",
	       NULL);
	assert_string_equal(verdict->connects[0].flags, "SYN SYN-ACK ACK");
	assert_int_equal(verdict->connects[0].packets, 3);
}

static void a_refusal_passes(void **state)
{
	static const struct play run[] = {
		TCP_CONNECT,
		SEND(TH_SYN),
		REPLY(RST_ACK),
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 2,
		 .ret = -ECONNREFUSED},
	};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_PASS, "was refused: SYN, RST (1 call; ", NULL);
	PLAY(&player, tcp_handshake);
	expect(TCP, VERDICT_PASS,
	       "performed the handshake SYN, SYN-ACK, ACK (2 calls, 1 refused "
	       "by SYN, RST; ",
	       NULL);
}

static void a_nonblocking_one_ends_later(void **state)
{
	static const struct play run[] = {
		TCP_CONNECT,    SEND(TH_SYN), TCP_RETURNS(EINPROGRESS),
		REPLY(SYN_ACK), SEND(TH_ACK), TCP_AGAIN,
		TCP_RETURN,
	};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_PASS,
	       "(2 calls, 1 not judged, 1 ended after the call "
	       "had returned; ",
	       NULL);
	assert_int_equal(verdict->connects[0].packets, 1);
	assert_string_equal(verdict->connects[0].flags, "SYN SYN-ACK ACK");
	assert_int_equal(verdict->connects[1].result, VERDICT_NOT_JUDGED);
}

static void a_restarted_one_waits_for_the_first(void **state)
{
	static const struct play syn = {.type = RECORD_PACKET,
					.sock = 2,
					.local = C,
					.peer = S,
					.flags = TH_SYN,
					.seq = 5,
					.own_local = C,
					.own_peer = S};
	const struct play run[] = {
		TCP_CONNECT,    syn,          TCP_RETURNS(512), TCP_AGAIN, syn,
		REPLY(SYN_ACK), SEND(TH_ACK), TCP_RETURN,
	};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_PASS, "(2 calls, 1 not judged, ", NULL);
	assert_string_equal(verdict->connects[0].flags, "SYN SYN SYN-ACK ACK");
	assert_int_equal(verdict->connects[1].result, VERDICT_NOT_JUDGED);
}

/*
 * Fast Open has put off the SYN: a call that waits for it and is interrupted has
 * begun nothing. The SYN leaves later, with the first write.
 */
static void one_that_begins_nothing_is_not_judged(void **state)
{
	static const struct play run[] = {
		TCP_CONNECT,
		{RECORD_STATE, .sock = 2, .old_state = TCP_CLOSE,
		 .new_state = TCP_SYN_SENT, .peer = S},
		TCP_RETURN,
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 2, .local = C,
		 .peer = "10.0.0.3:7"},
		TCP_RETURNS(EINTR),
		SEND(TH_SYN),
		REPLY(SYN_ACK),
		SEND(TH_ACK),
	};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE, "(2 calls, 1 not judged",
	       "Fast Open");
	assert_int_equal(verdict->connects[1].result, VERDICT_NOT_JUDGED);
}

/* A child closes its copy of the descriptor: the socket goes on. */
static void a_close_of_a_copy_ends_nothing(void **state)
{
	static const struct play run[] = {
		TCP_CONNECT,
		SEND(TH_SYN),
		TCP_RETURNS(EINPROGRESS),
		{RECORD_ENTER, .id = CALL_CLOSE, .sock = 2, .pid = 4343,
		 .still_open = true},
		{RECORD_EXIT, .id = CALL_CLOSE, .sock = 2, .pid = 4343,
		 .still_open = true},
		REPLY(SYN_ACK),
		SEND(TH_ACK),
		TCP_AGAIN,
		TCP_RETURN,
	};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_PASS, "(2 calls, 1 not judged, ", NULL);
	assert_int_equal(verdict->connects[1].result, VERDICT_NOT_JUDGED);
}

/* A recording from before "still_open": connect(2) itself holds the socket. */
static void a_close_while_it_waits_ends_nothing(void **state)
{
	static const struct play run[] = {
		TCP_CONNECT,
		{RECORD_ENTER, .id = CALL_CLOSE, .sock = 2, .tid = 4243},
		{RECORD_EXIT, .id = CALL_CLOSE, .sock = 2, .tid = 4243},
		{RECORD_PACKET, .sock = 2, .local = C, .peer = S,
		 .flags = TH_SYN, .seq = 5, .own_local = C, .own_peer = S},
		REPLY(SYN_ACK),
		SEND(TH_ACK),
		TCP_RETURN,
	};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_PASS, "(1 call; ", NULL);
}

static void local_errors_and_dissolving_are_not_judged(void **state)
{
	static const struct play run[] = {
		TCP_CONNECT,
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 2,
		 .ret = -ENETUNREACH},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 2,
		 .peer = "AF_UNSPEC"},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 2},
	};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE, "(2 calls, 2 not judged",
	       "no call got as far as a handshake");
	PLAY(&player, tcp_handshake);
	expect(TCP, VERDICT_PASS, "(3 calls, 2 not judged; ", NULL);
}

/* It is no handshake, and it is not proved that there was none: no FAIL. */
static void fast_open_is_no_handshake(void **state)
{
	static const struct play option[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_SETSOCKOPT, .sock = 2},
		{RECORD_EXIT, .id = CALL_SETSOCKOPT, .sock = 2,
		 .args = {IPPROTO_TCP, TCP_FASTOPEN_CONNECT}},
	};
	static const struct play run[] = {TCP_CONNECT, TCP_RETURN};
	/* the SYN leaves with the first write, after the call */
	static const struct play later[] = {SEND(TH_SYN), REPLY(SYN_ACK),
					    SEND(TH_ACK)};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	PLAY(&player, later);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE, "is not proved (1 call; ",
	       "it returned 0, and neither witness saw a packet of it: TCP "
	       "Fast Open (TCP_FASTOPEN_CONNECT, tcp(7)) does that, or an "
	       "earlier connect(2) that the run did not see");
	assert_int_equal(verdict->connects[0].packets, 0);
	judge_tear_down(NULL);
	judge_set_up(NULL);
	play_meta(&player, "tcp", "lo");
	PLAY(&player, option);
	PLAY(&player, run);
	PLAY(&player, later);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE, "is not proved (1 call; ",
	       "it returned 0 and sent no packet: TCP Fast Open "
	       "(TCP_FASTOPEN_CONNECT)");
}

struct world {
	int64_t ret;
	const char *reason;
	struct play packets[3];
	unsigned int packets_len;
	bool returned;
	const char *local; /* at the exit */
};

static void tcp_worlds_that_prove_nothing(void **state)
{
	static const struct world worlds[] = {
		{-ETIMEDOUT,
		 "unanswered: its SYN had no answer before the call timed out",
		 {SEND(TH_SYN), SEND(TH_SYN)},
		 2,
		 true,
		 C},
		{-EINPROGRESS,
		 "unanswered: no SYN was seen",
		 {{0}},
		 0,
		 true,
		 C},
		{0,
		 "unanswered: its SYN had no answer",
		 {SEND(TH_SYN)},
		 1,
		 false,
		 C},
		{0, "neither witness saw a packet of it", {{0}}, 0, true, NULL},
		{0,
		 "the last ACK was not seen",
		 {SEND(TH_SYN), REPLY(SYN_ACK)},
		 2,
		 true,
		 C},
		{-ETIMEDOUT,
		 "reset it before it was answered",
		 {SEND(TH_SYN), SEND(TH_RST)},
		 2,
		 true,
		 C},
		{-ECONNREFUSED,
		 "answered its SYN and then reset it",
		 {SEND(TH_SYN), REPLY(SYN_ACK), REPLY(TH_RST)},
		 3,
		 true,
		 C},
		{0,
		 "refused it, but the call returned something else",
		 {SEND(TH_SYN), REPLY(TH_RST)},
		 2,
		 true,
		 C},
		{-ECONNRESET,
		 "but the call returned an error",
		 {SEND(TH_SYN), REPLY(SYN_ACK), SEND(TH_ACK)},
		 3,
		 true,
		 C},
		{0,
		 "the witnesses disagree: the wire (lo) saw 0 packets, the "
		 "kernel 1: SYN; use -i any",
		 {{RECORD_PACKET, .local = C, .peer = S, .flags = TH_SYN,
		   .witness = WITNESS_KERNEL}},
		 1,
		 true,
		 C},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(worlds) / sizeof(worlds[0]); i++) {
		struct play enter = TCP_CONNECT;
		struct play exit = {
			RECORD_EXIT,         .proto = TCP,
			.peer = S,           .id = CALL_CONNECT,
			.sock = 2,           .local = worlds[i].local,
			.ret = worlds[i].ret};

		judge_tear_down(NULL);
		judge_set_up(NULL);
		play_meta(&player, "tcp", "lo");
		play(&player, &enter);
		play_all(&player, worlds[i].packets, worlds[i].packets_len);
		if (worlds[i].returned)
			play(&player, &exit);
		play_controls(&player);
		expect(TCP, VERDICT_INCONCLUSIVE, "is not proved",
		       worlds[i].reason);
	}
}

static void tcp_calls_that_cannot_be_judged(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 2,
		 .peer = S, .other_netns = true},
		TCP_RETURN,
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 5, .tid = 77,
		 .local = C},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 8,
		 .peer = "10.0.0.8:8"},
		{RECORD_PACKET, .local = "10.0.0.1:8", .peer = "10.0.0.8:8",
		 .flags = TH_SYN},
		{RECORD_PACKET, .local = "10.0.0.8:8", .peer = "10.0.0.1:8",
		 .flags = SYN_ACK},
		{RECORD_PACKET, .local = "10.0.0.1:8", .peer = "10.0.0.8:8",
		 .flags = TH_ACK},
	};
	static const struct play refused[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 9,
		 .peer = "10.0.0.9:9"},
		{RECORD_CALL, .step = "tcp_connect", .sock = 9,
		 .local = "10.0.0.1:9", .peer = "10.0.0.9:9"},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 9,
		 .ret = -ECONNREFUSED},
	};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play(&player, &goes_on);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE, "", "--netns 4242 captures it");
	expect(TCP, VERDICT_INCONCLUSIVE, "", "it began before the tracer");
	expect(TCP, VERDICT_INCONCLUSIVE, "", "its exit was never seen");
	PLAY(&player, refused);
	expect(TCP, VERDICT_INCONCLUSIVE, "",
	       "it was refused, and neither witness saw a packet of it");
}

static const struct CMUnitTest tests[] = {
	JUDGE(a_handshake_passes),
	JUDGE(a_refusal_passes),
	JUDGE(a_nonblocking_one_ends_later),
	JUDGE(a_restarted_one_waits_for_the_first),
	JUDGE(one_that_begins_nothing_is_not_judged),
	JUDGE(a_close_of_a_copy_ends_nothing),
	JUDGE(a_close_while_it_waits_ends_nothing),
	JUDGE(local_errors_and_dissolving_are_not_judged),
	JUDGE(fast_open_is_no_handshake),
	JUDGE(tcp_worlds_that_prove_nothing),
	JUDGE(tcp_calls_that_cannot_be_judged),
};

TAP_MAIN(tests)
