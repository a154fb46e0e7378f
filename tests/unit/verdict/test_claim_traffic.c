// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* claim_tcp.c in ordinary traffic: NAT, firewalls, queues, both sides calling. */
#include "judge.h"

#include <errno.h>
#include <string.h>

static const struct play tcp_handshake[] = {
	TCP_CONNECT, SEND(TH_SYN), REPLY(SYN_ACK), SEND(TH_ACK), TCP_RETURN,
};

/* connect(2) to 0.0.0.0: the kernel stores an address of its own. */
static void the_peer_is_what_the_kernel_stored(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 2,
		 .peer = "0.0.0.0:7007"},
		{RECORD_STATE, .sock = 2, .local = "10.0.0.1:0", .peer = S,
		 .old_state = 7, .new_state = 2},
		SEND(TH_SYN),
		REPLY(SYN_ACK),
		SEND(TH_ACK),
		TCP_RETURN,
	};
	const struct verdict_connect *call;

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_PASS, "performed the handshake", NULL);
	call = &verdict->connects[0];
	assert_string_equal(call->flags, "SYN SYN-ACK ACK");
	assert_int_equal(call->peer.addr[0], 0);
	assert_int_equal(call->stored.addr[3], 2);
	assert_int_equal(call->wire_peer.family, 0);
}

/*
 * Over lo, DNAT in the OUTPUT chain: the SYN goes to the new address, and the
 * answer comes from the old one.
 */
static void a_translated_handshake_passes(void **state)
{
	static const struct play run[] = {
		TCP_CONNECT,
		{RECORD_PACKET, .sock = 2, .local = C, .peer = "10.0.0.9:80",
		 .own_local = C, .own_peer = S, .flags = TH_SYN, .seq = 5},
		REPLY(SYN_ACK),
		{RECORD_PACKET, .sock = 2, .local = C, .peer = "10.0.0.9:80",
		 .own_local = C, .own_peer = S, .flags = TH_ACK, .seq = 6},
		TCP_RETURN,
	};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_PASS, "performed the handshake", NULL);
	assert_string_equal(verdict->connects[0].flags, "SYN SYN-ACK ACK");
	assert_int_equal(verdict->connects[0].wire_peer.port, 80);
	assert_int_equal(verdict->connects[0].stored.family, 0);
}

/* RFC 9293 3.5, figure 7, of both sockets; and one that calls itself. */
static void both_sides_call(void **state)
{
	static const struct play run[] = {
		TCP_CONNECT,
		SEND(TH_SYN),
		TCP_RETURNS(EINPROGRESS),
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 3, .peer = C,
		 .local = S},
		{RECORD_PACKET, .local = S, .peer = C, .flags = TH_SYN},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 3, .local = S,
		 .peer = C, .ret = -EINPROGRESS},
		SEND(SYN_ACK),
		REPLY(SYN_ACK),
	};
	static const struct play itself[] = {
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 4, .local = C,
		 .peer = C},
		{RECORD_PACKET, .sock = 4, .local = C, .peer = C,
		 .flags = TH_SYN},
		{RECORD_PACKET, .sock = 4, .local = C, .peer = C,
		 .flags = SYN_ACK},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 4, .local = C,
		 .peer = C},
	};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_PASS, "(2 calls, 2 by simultaneous open, ", NULL);
	PLAY(&player, itself);
	expect(TCP, VERDICT_PASS, "(3 calls, 3 by simultaneous open, ", NULL);
	assert_string_equal(verdict->connects[2].flags, "SYN SYN-ACK");
}

/* Happy eyeballs: the socket that was slower is closed (RFC 8305). */
static void a_call_that_was_given_up_says_nothing(void **state)
{
	static const struct play run[] = {
		TCP_CONNECT,
		SEND(TH_SYN),
		TCP_RETURNS(EINPROGRESS),
		{RECORD_ENTER, .id = CALL_CLOSE, .sock = 2},
		{RECORD_STATE, .sock = 2, .local = C, .peer = S, .old_state = 2,
		 .new_state = 7},
		{RECORD_EXIT, .id = CALL_CLOSE, .sock = 2},
		REPLY(SYN_ACK),
		SEND(TH_RST),
	};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE,
	       "(1 call, 1 not judged, 1 closed before it was answered; ",
	       "no call got as far as a handshake");
	PLAY(&player, tcp_handshake);
	expect(TCP, VERDICT_PASS, "(2 calls, 1 not judged, 1 closed ", NULL);
}

/* Two threads call on one socket; one returns while the other goes on. */
static void two_threads_connect_one_socket(void **state)
{
	static const struct play run[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 2,
		 .tid = 4243, .peer = "0.0.0.0:7007"},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 2,
		 .peer = "0.0.0.0:7007"},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 2, .tid = 4243,
		 .ret = -EINVAL},
		{RECORD_STATE, .sock = 2, .local = "10.0.0.1:0", .peer = S,
		 .old_state = 7, .new_state = 2},
		{RECORD_PACKET, .sock = 2, .local = C, .peer = S,
		 .flags = TH_SYN, .seq = 5},
		REPLY(SYN_ACK),
		SEND(TH_ACK),
		TCP_RETURN,
	};
	static const struct play other_order[] = {
		{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 2,
		 .peer = "0.0.0.0:7007"},
		{RECORD_ENTER, .id = CALL_CONNECT, .sock = 2, .tid = 4243,
		 .peer = S},
		{RECORD_EXIT, .id = CALL_CONNECT, .sock = 2, .tid = 4243,
		 .ret = -EINVAL},
		{RECORD_STATE, .sock = 2, .local = "10.0.0.1:0", .peer = S,
		 .old_state = 7, .new_state = 2},
		{RECORD_PACKET, .sock = 2, .local = C, .peer = S,
		 .flags = TH_SYN, .seq = 5},
		REPLY(SYN_ACK),
		SEND(TH_ACK),
		TCP_RETURN,
	};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_PASS, "(2 calls, 1 not judged", NULL);
	PLAY(&player, other_order);
	expect(TCP, VERDICT_PASS, "(4 calls, 2 not judged", NULL);
}

/* Before Linux 6.6 the state changes after close(2) has returned. */
static void a_call_is_given_up_behind_close_too(void **state)
{
	static const struct play run[] = {
		TCP_CONNECT,
		SEND(TH_SYN),
		TCP_RETURNS(EINPROGRESS),
		{RECORD_ENTER, .id = CALL_CLOSE, .sock = 2},
		{RECORD_EXIT, .id = CALL_CLOSE, .sock = 2},
		{RECORD_STATE, .sock = 2, .local = C, .peer = S, .old_state = 2,
		 .new_state = 7},
	};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE,
	       "(1 call, 1 not judged, 1 closed before it was answered; ",
	       "no call got as far as a handshake");
}

/* iptables -A OUTPUT … -j REJECT: the SYN comes to no device. */
static void refused_by_this_machines_firewall(void **state)
{
	static const struct play refused = {RECORD_EXIT, .proto = TCP,
					    .id = CALL_CONNECT, .sock = 2,
					    .ret = -ECONNREFUSED};
	static const struct play run[] = {
		TCP_CONNECT,
		{RECORD_ICMP, .witness = WITNESS_WIRE, .from = "10.0.0.1",
		 .icmp_type = 3, .icmp_code = 3, .local = C, .peer = S},
		/* on a packet to another peer */
		{RECORD_ICMP, .witness = WITNESS_WIRE, .from = "10.0.0.7",
		 .icmp_type = 3, .icmp_code = 3, .local = C,
		 .peer = "10.0.0.7:7"},
	};
	static const struct play reset[] = {TCP_CONNECT, REPLY(RST_ACK)};

	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, run);
	play(&player, &refused);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE, "is not proved",
	       "refused on this machine: an ICMP error (port unreachable) from "
	       "10.0.0.1 answered its SYN before either witness saw it");
	judge_tear_down(NULL);
	judge_set_up(NULL);
	play_meta(&player, "tcp", "lo");
	PLAY(&player, reset);
	play(&player, &refused);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE, "is not proved",
	       "refused on this machine: a RST from 10.0.0.2:7007 answered");
}

/* A queueing discipline drops a SYN, or doubles it: behind the kernel's word. */
static void a_qdisc_between_the_witnesses(void **state)
{
	static const struct play dropped = {
		RECORD_PACKET,   .proto = TCP,
		.local = C,      .peer = S,
		.flags = TH_SYN, .seq = 5,
		.iface = "eth0", .witness = WITNESS_KERNEL};
	static const struct play run[] = {SEND(TH_SYN), REPLY(SYN_ACK),
					  SEND(TH_ACK), TCP_RETURN};
	static const struct play call = TCP_CONNECT;

	(void)state;
	play_meta(&player, "tcp", "any");
	play(&player, &call);
	play(&player, &dropped);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE, "is not proved",
	       "does a queueing discipline hold or drop them (tc qdisc show "
	       "dev eth0)?");
	judge_tear_down(NULL);
	judge_set_up(NULL);
	play_meta(&player, "tcp", "any");
	play(&player, &call);
	play(&player, &(struct play){RECORD_PACKET, .proto = TCP, .local = C,
				     .peer = S, .flags = TH_SYN, .seq = 5,
				     .witness = WITNESS_KERNEL});
	PLAY(&player, run);
	play_controls(&player);
	expect(TCP, VERDICT_PASS, "performed the handshake", NULL);
}

static const struct CMUnitTest tests[] = {
	JUDGE(the_peer_is_what_the_kernel_stored),
	JUDGE(a_translated_handshake_passes),
	JUDGE(both_sides_call),
	JUDGE(a_call_that_was_given_up_says_nothing),
	JUDGE(a_call_is_given_up_behind_close_too),
	JUDGE(two_threads_connect_one_socket),
	JUDGE(refused_by_this_machines_firewall),
	JUDGE(a_qdisc_between_the_witnesses),
};

TAP_MAIN(tests)
