// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* claims.c, conditions.c, claim_udp.c: right worlds pass, wrong ones are caught. */
#include "judge.h"

#include <errno.h>
#include <string.h>

#include "verdict/claims.h"

static const struct play udp_silent[] = {
	UDP_CONNECT,
	UDP_RETURN,
	{RECORD_PACKET, .local = C, .peer = S, .ret = 5},
};

static const struct play udp_loud[] = {
	UDP_CONNECT,
	{RECORD_ENTER, .id = CALL_WRITE, .sock = 1, .tid = 4243},
	{RECORD_PACKET, .sock = 1, .local = C, .peer = S, .ret = 5},
	UDP_RETURN,
};

static const struct play tcp_handshake[] = {
	TCP_CONNECT, SEND(TH_SYN), REPLY(SYN_ACK), SEND(TH_ACK), TCP_RETURN,
};

static void which_commands_claim_what(void **state)
{
	(void)state;
	assert_int_equal(claims_of("udp")[0], UDP);
	assert_int_equal(claims_of("udp")[1], 0);
	assert_int_equal(claims_of("tcp")[0], TCP);
	assert_int_equal(claims_of("both")[1], TCP);
	assert_int_equal(claims_of("both")[2], 0);
	assert_int_equal(claims_of("capture")[0], 0);
	assert_int_equal(claims_of(NULL)[0], 0);
}

static void a_silent_connect_passes(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_silent);
	play_controls(&player);
	expect(UDP, VERDICT_PASS,
	       "UDP connect(2) put 0 packets on the wire (1 call; control: 2 "
	       "of 2 self-tests seen by each witness; nothing lost; kprobe "
	       "tier)",
	       NULL);
	assert_int_equal(verdict->connects_len, 1);
	assert_string_equal(verdict->claim, "udp-connect-silent");
	assert_int_equal(verdict->connects[0].duration_ns, 10000);
	assert_int_equal(verdict->connects[0].local.port, 41234);
}

static void a_failed_or_dissolving_connect_is_silent_too(void **state)
{
	static const struct play run[] = {
		UDP_CONNECT,
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1,
		 .local = "0.0.0.0:41234", .ret = -ENETUNREACH},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1,
		 .peer = "AF_UNSPEC"},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1},
	};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(UDP, VERDICT_PASS, "(2 calls, 1 with an error; ", NULL);
	assert_int_equal(verdict->connects[0].ret, -ENETUNREACH);
	expect(TCP, VERDICT_INCONCLUSIVE, "(0 calls; ",
	       "no TCP connect(2) was seen");
}

static void a_packet_inside_fails_and_names_the_sender(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_loud);
	play_controls(&player);
	expect(UDP, VERDICT_FAIL,
	       "UDP connect(2) put 1 packet on the wire (1 of 1 call; ",
	       "client 4242 connect(3, 10.0.0.2:7007) = 0: during the call "
	       "its socket sent UDP 10.0.0.1:41234 → 10.0.0.2:7007, 5 bytes, "
	       "0.020 ms after its entry; the wire saw 1 of the socket's "
	       "packets, the kernel 1; meanwhile thread 4243 was in write");
	assert_int_equal(verdict->connects[0].packets, 1);
}

static void a_packet_seen_is_evidence_whatever_was_lost(void **state)
{
	static const struct play lost = {RECORD_LOST, .witness = WITNESS_WIRE,
					 .count = 7};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_loud);
	play_controls(&player);
	play(&player, &lost);
	expect(UDP, VERDICT_FAIL, "; 7 events lost; ",
	       "the wire witness lost 7 of its events");
}

static void one_witness_against_the_other(void **state)
{
	static const struct play run[] = {
		UDP_CONNECT,
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S,
		 .witness = WITNESS_KERNEL},
		UDP_RETURN,
		{RECORD_PACKET, .sock = 1, .local = C, .peer = S, .ret = 5},
	};
	static const struct play lost = {RECORD_LOST, .witness = WITNESS_WIRE,
					 .count = 1};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "is not proved (1 call; ",
	       "the witnesses disagree: during the call the wire saw 0 of the "
	       "socket's packets, the kernel 1");
	/* unless the other may have missed it */
	play(&player, &lost);
	expect(UDP, VERDICT_FAIL, "put 1 packet", "the kernel 1");
}

/* A port is no proof: SO_REUSEPORT shares one. */
static void a_packet_that_nobody_is_named_for(void **state)
{
	static const struct play run[] = {
		UDP_CONNECT,
		{RECORD_PACKET, .local = C, .peer = S},
		UDP_RETURN,
	};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "is not proved (1 call; ",
	       "packets left 10.0.0.1:41234 during the call (the wire saw 1, "
	       "the kernel 1), but no witness knows which socket sent "
	       "them");
}

static void what_is_received_does_not_count(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = UDP, .id = CALL_CONNECT, .sock = 1,
		 .local = C, .peer = S},
		{RECORD_PACKET, .sock = 9, .local = S, .peer = C},
		{RECORD_PACKET, .sock = 9, .local = C, .peer = S},
		UDP_RETURN,
	};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(UDP, VERDICT_PASS, "put 0 packets on the wire (1 call; ", NULL);
	assert_int_equal(verdict->connects[0].packets, 0);
	assert_int_equal(verdict->connects[0].received, 1);
}

static void what_is_lost_late_or_cut_off(void **state)
{
	static const struct play lost[] = {
		{RECORD_LOST, .witness = WITNESS_KERNEL, .count = 3},
		{RECORD_LOST, .witness = WITNESS_SYSCALL, .count = 2,
		 .cause = LOST_LATE},
		{RECORD_LOST, .witness = WITNESS_KERNEL, .count = 4,
		 .cause = LOST_MISSED},
		{RECORD_LOST, .witness = WITNESS_WIRE, .count = 5,
		 .cause = LOST_UNREAD},
	};
	static const struct play cut = {RECORD_LOST, .count = 1,
					.witness = WITNESS_SYSCALL,
					.cause = LOST_TRUNCATED};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_silent);
	play_controls(&player);
	play(&player, &cut);
	expect(UDP, VERDICT_INCONCLUSIVE, "; the recording is cut off; ",
	       "the recording ended before the run");
	PLAY(&player, lost);
	expect(UDP, VERDICT_INCONCLUSIVE, "; 14 events lost; ",
	       "the kernel witness lost 3 of its events");
	expect(UDP, VERDICT_INCONCLUSIVE, "", "the kernel witness missed 4");
	expect(UDP, VERDICT_INCONCLUSIVE, "",
	       "the wire witness could not read 5 packets (malformed");
	expect(UDP, VERDICT_INCONCLUSIVE, "",
	       "2 of the events of the syscall witness came too late to be "
	       "put in order");
}

static void absence_needs_a_control(void **state)
{
	static const struct play controls[] = {
		{RECORD_CONTROL, .witness = WITNESS_KERNEL, .count = 2,
		 .seen = 2},
		{RECORD_CONTROL, .witness = WITNESS_WIRE, .count = 2,
		 .seen = 1},
	};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_silent);
	PLAY(&player, controls);
	expect(UDP, VERDICT_INCONCLUSIVE,
	       "control: syscall 0 of 0, kernel 2 of 2, wire 1 of 2",
	       "the syscall witness has no control");
	expect(UDP, VERDICT_INCONCLUSIVE, "",
	       "the wire witness saw 1 of 2 self-tests");
}

static int push_tally(uint64_t hits, uint64_t delivered, uint64_t received)
{
	struct record record = {.type = RECORD_TALLY,
				.tally = {.hits = hits,
					  .delivered = delivered,
					  .filtered = 10,
					  .received = received}};

	return player.sink->push(player.sink, &record);
}

static void the_probes_own_count_must_come_out_even(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_silent);
	play_controls(&player);
	push_tally(15, 5, 5);
	expect(UDP, VERDICT_PASS, "nothing lost", NULL);
	push_tally(16, 5, 5);
	expect(UDP, VERDICT_INCONCLUSIVE, "",
	       "the probes fired 16 times and account for 15");
	push_tally(15, 5, 4);
	expect(UDP, VERDICT_INCONCLUSIVE, "", "5 of them delivered and 4");
}

static void a_probe_that_never_fired_is_named(void **state)
{
	(void)state;
	play_meta_flawed(&player, "udp", "udp_connect", "ip4_datagram_connect");
	PLAY(&player, udp_silent);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "is not proved",
	       "ip4_datagram_connect is attached but never fired");
	/* TCP does not need it */
	PLAY(&player, tcp_handshake);
	expect(TCP, VERDICT_PASS, "performed the handshake", NULL);
}

static void a_step_without_a_function_is_named(void **state)
{
	(void)state;
	play_meta_flawed(&player, "tcp", "tcp_transmit", NULL);
	PLAY(&player, tcp_handshake);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE, "",
	       "no function is watched for the step tcp_transmit; not there");
}

static void the_wrong_interface_is_named(void **state)
{
	static const struct play run[] = {
		UDP_CONNECT,
		UDP_RETURN,
		{RECORD_PACKET, .local = C, .peer = S, .iface = "eth0",
		 .witness = WITNESS_KERNEL},
		{RECORD_PACKET, .local = S, .peer = C, .iface = "eth0",
		 .witness = WITNESS_KERNEL, .in = true},
	};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "",
	       "the capture on lo saw 0 of 2 packets that the kernel passed "
	       "on eth0: use -i eth0 or -i any");
}

static void the_kernels_account_may_be_empty_too(void **state)
{
	static const struct play run[] = {
		UDP_CONNECT,
		UDP_RETURN,
		{RECORD_PACKET, .local = C, .peer = S, .witness = WITNESS_WIRE},
	};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "",
	       "the kernel witness saw 0 of 1 packets");
}

static void calls_that_cannot_be_judged(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S,
		 .other_netns = true},
		UDP_RETURN,
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 5, .tid = 77,
		 .local = C},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 6, .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 6, .peer = S},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 7, .peer = S},
	};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, run);
	play(&player, &goes_on);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "", "--netns 4242 captures it");
	expect(UDP, VERDICT_INCONCLUSIVE, "", "it began before the tracer");
	expect(UDP, VERDICT_INCONCLUSIVE, "", "address was never known");
	expect(UDP, VERDICT_INCONCLUSIVE, "", "its exit was never seen");
}

/* Behind it the run goes on for 2 s, or it does not. */
static void a_call_that_the_end_cuts_off_is_not_judged(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_silent);
	play(&player, &(struct play)UDP_CONNECT);
	play_controls(&player);
	expect(UDP, VERDICT_PASS, "(2 calls, 1 not judged; ", NULL);
	judge_tear_down(NULL);
	judge_set_up(NULL);
	play_meta(&player, "udp", "lo");
	play(&player, &(struct play)UDP_CONNECT);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "(1 call, 1 not judged; ",
	       "the run ended before a call that the kernel had entered was "
	       "seen to return");
	judge_tear_down(NULL);
	judge_set_up(NULL);
	play_meta(&player, "udp", "lo");
	PLAY(&player, udp_silent);
	play(&player, &(struct play)UDP_CONNECT);
	play(&player, &goes_on);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "", "its exit was never seen");
}

static void many_failures_are_not_all_told(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	for (int i = 0; i < 25; i++)
		PLAY(&player, udp_loud);
	play_controls(&player);
	expect(UDP, VERDICT_FAIL, "put 25 packets on the wire (25 of 25 calls",
	       "and 15 more fail calls: --json");
	assert_int_equal(verdict->reasons_len, 11);
	assert_int_equal(verdict->connects_len, 25);
}

/* The first of each kind are listed, and the line of a recording stays short. */
static void not_all_calls_are_listed(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	for (int i = 0; i < VERDICT_OTHERS_MAX + 30; i++)
		PLAY(&player, udp_loud);
	for (int i = 0; i < VERDICT_PASSED_MAX + 50; i++)
		PLAY(&player, udp_silent);
	play_controls(&player);
	expect(UDP, VERDICT_FAIL,
	       "put 830 packets on the wire (830 of 980 calls",
	       "and 820 more fail calls: --json shows some of them");
	assert_int_equal(verdict->connects_len, 900);
	assert_int_equal(verdict->unlisted, 80);
	assert_int_equal(verdict->connects[799].result, VERDICT_FAIL);
	assert_int_equal(verdict->connects[800].result, VERDICT_PASS);
}

static void foreign_names_are_harmless_in_reasons(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 1, .peer = S,
		 .comm = "\033[2J"},
	};

	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, run);
	play(&player, &goes_on);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "", "\\x1b[2J 4242 connect(3, ");
}

static const struct CMUnitTest tests[] = {
	JUDGE(which_commands_claim_what),
	JUDGE(a_silent_connect_passes),
	JUDGE(a_failed_or_dissolving_connect_is_silent_too),
	JUDGE(a_packet_inside_fails_and_names_the_sender),
	JUDGE(a_packet_seen_is_evidence_whatever_was_lost),
	JUDGE(one_witness_against_the_other),
	JUDGE(a_packet_that_nobody_is_named_for),
	JUDGE(what_is_received_does_not_count),
	JUDGE(what_is_lost_late_or_cut_off),
	JUDGE(absence_needs_a_control),
	JUDGE(the_probes_own_count_must_come_out_even),
	JUDGE(a_probe_that_never_fired_is_named),
	JUDGE(a_step_without_a_function_is_named),
	JUDGE(the_wrong_interface_is_named),
	JUDGE(the_kernels_account_may_be_empty_too),
	JUDGE(calls_that_cannot_be_judged),
	JUDGE(a_call_that_the_end_cuts_off_is_not_judged),
	JUDGE(many_failures_are_not_all_told),
	JUDGE(not_all_calls_are_listed),
	JUDGE(foreign_names_are_harmless_in_reasons),
};

TAP_MAIN(tests)
