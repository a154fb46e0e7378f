// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The claims over IPv6: which probes they need, and a machine without IPv6. */
#include "judge.h"

#define C6 "[fd00::1]:41234"
#define S6 "[fd00::2]:7007"

static const struct play ipv6_silent[] = {
	{RECORD_ENTER, .proto = UDP, .id = CALL_CONNECT, .sock = 1,
	 .local = "[::]:0", .peer = S6},
	{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C6, .peer = S6},
	{RECORD_PACKET, .local = C6, .peer = S6, .ret = 5},
};

/* An IPv6 socket, IPv4 packets: recordings write the mapped address so. */
static const struct play mapped_silent[] = {
	{RECORD_ENTER, .proto = UDP, .id = CALL_CONNECT, .sock = 1,
	 .local = "[::]:0", .peer = S},
	{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C, .peer = S},
	{RECORD_PACKET, .local = C, .peer = S, .ret = 5},
};

static const struct play ipv4_silent[] = {
	{RECORD_ENTER, .proto = UDP, .id = CALL_CONNECT, .sock = 1,
	 .local = "0.0.0.0:0", .peer = S},
	{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C, .peer = S},
};

static const struct play ipv6_loud[] = {
	{RECORD_ENTER, .proto = UDP, .id = CALL_CONNECT, .sock = 1,
	 .local = "[::]:0", .peer = S6},
	{RECORD_PACKET, .sock = 1, .local = C6, .peer = S6, .ret = 5},
	{RECORD_EXIT, .id = CALL_CONNECT, .sock = 1, .local = C6, .peer = S6},
};

static const struct play ipv6_handshake[] = {
	{RECORD_ENTER, .proto = TCP, .id = CALL_CONNECT, .sock = 2,
	 .local = "[::]:0", .peer = S6},
	{RECORD_PACKET, .local = C6, .peer = S6, .flags = TH_SYN, .seq = 5},
	{RECORD_PACKET, .local = S6, .peer = C6, .flags = SYN_ACK},
	{RECORD_PACKET, .local = C6, .peer = S6, .flags = TH_ACK},
	{RECORD_EXIT, .id = CALL_CONNECT, .sock = 2, .local = C6, .peer = S6},
};

static void a_silent_connect_passes(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, ipv6_silent);
	play_controls(&player);
	expect(UDP, VERDICT_PASS, "0 packets on the wire (1 call; ", NULL);
}

static void a_packet_inside_fails(void **state)
{
	(void)state;
	play_meta(&player, "udp", "lo");
	PLAY(&player, ipv6_loud);
	play_controls(&player);
	expect(UDP, VERDICT_FAIL, "put 1 packet on the wire",
	       "connect(3, [fd00::2]:7007)");
}

static void a_handshake_passes(void **state)
{
	(void)state;
	play_meta(&player, "tcp", "lo");
	PLAY(&player, ipv6_handshake);
	play_controls(&player);
	expect(TCP, VERDICT_PASS, "SYN, SYN-ACK, ACK (1 call; ", NULL);
}

static void a_probe_that_never_fired_of_ipv6_is_named(void **state)
{
	(void)state;
	play_meta_flawed(&player, "both", "udp6_connect",
			 "ip6_datagram_connect");
	PLAY(&player, ipv6_silent);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "",
	       "ip6_datagram_connect is attached but never fired: the "
	       "self-test went through the step udp6_connect");
}

static void a_probe_that_never_fired_of_tcp_over_ipv6_is_named(void **state)
{
	(void)state;
	play_meta_flawed(&player, "tcp", "tcp_v6_connect", NULL);
	PLAY(&player, ipv6_handshake);
	play_controls(&player);
	expect(TCP, VERDICT_INCONCLUSIVE, "",
	       "no function is watched for the step tcp_v6_connect");
}

static void a_probe_of_the_other_family_may_never_fire(void **state)
{
	(void)state;
	play_meta_flawed(&player, "udp", "udp6_sendmsg", NULL);
	PLAY(&player, ipv4_silent);
	play_controls(&player);
	expect(UDP, VERDICT_PASS, "(1 call; ", NULL);
}

static void and_the_other_way_round(void **state)
{
	(void)state;
	play_meta_flawed(&player, "udp", "udp_connect", NULL);
	PLAY(&player, ipv6_silent);
	play_controls(&player);
	expect(UDP, VERDICT_PASS, "(1 call; ", NULL);
}

static void a_mapped_peer_needs_the_socket_of_ipv6(void **state)
{
	(void)state;
	play_meta_flawed(&player, "udp", "udp6_connect", NULL);
	PLAY(&player, mapped_silent);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "", "the step udp6_connect");
}

static void a_mapped_peer_needs_the_packets_of_ipv4(void **state)
{
	(void)state;
	play_meta_flawed(&player, "udp", "udp6_transmit", NULL);
	PLAY(&player, mapped_silent);
	play_controls(&player);
	expect(UDP, VERDICT_PASS, "(1 call; ", NULL);
}

static void without_ipv6_ipv4_is_judged(void **state)
{
	(void)state;
	play_meta_no_ipv6(&player, "udp", "::1: not there");
	PLAY(&player, ipv4_silent);
	PLAY(&player, mapped_silent);
	play_controls(&player);
	expect(UDP, VERDICT_PASS, "(2 calls; ", NULL);
}

static void without_ipv6_silence_there_proves_nothing(void **state)
{
	(void)state;
	play_meta_no_ipv6(&player, "udp", "::1: not there");
	PLAY(&player, ipv6_silent);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "",
	       "the self-test could not use IPv6 (::1: not there), so seeing "
	       "no IPv6 packets proves nothing: switch IPv6 on");
	assert_int_equal(verdict->reasons_len, 1);
}

static void an_interface_without_ipv6_is_another_remedy(void **state)
{
	(void)state;
	play_meta_no_ipv6(&player, "udp", "eth0: no address");
	PLAY(&player, ipv6_silent);
	play_controls(&player);
	expect(UDP, VERDICT_INCONCLUSIVE, "",
	       "the self-test could not use IPv6 (eth0: no address), so seeing "
	       "no IPv6 packets proves nothing: give the interface an IPv6");
	assert_int_equal(verdict->reasons_len, 1);
}

static void a_capture_that_misses_one_family_is_named(uint16_t family,
						      const char *reason)
{
	const struct play controls[] = {
		{RECORD_CONTROL, .witness = WITNESS_SYSCALL, .count = 2,
		 .seen = 2},
		{RECORD_CONTROL, .witness = WITNESS_KERNEL, .count = 2,
		 .seen = 2},
		{RECORD_CONTROL, .witness = WITNESS_WIRE, .count = 2, .seen = 1,
		 .unseen_family = family},
	};

	play_meta(&player, "udp", "lo");
	PLAY(&player, ipv6_silent);
	PLAY(&player, controls);
	expect(UDP, VERDICT_INCONCLUSIVE, "wire 1 of 2", reason);
}

static void a_capture_that_misses_ipv6_is_named(void **state)
{
	(void)state;
	a_capture_that_misses_one_family_is_named(
		AF_INET6, "the wire witness saw 1 of 2 self-tests, and nothing "
			  "over IPv6, so it misses packets");
}

static void a_capture_that_misses_ipv4_is_named(void **state)
{
	(void)state;
	a_capture_that_misses_one_family_is_named(
		AF_INET, "the wire witness saw 1 of 2 self-tests, and nothing "
			 "over IPv4, so it misses packets");
}

static const struct CMUnitTest tests[] = {
	JUDGE(a_silent_connect_passes),
	JUDGE(a_packet_inside_fails),
	JUDGE(a_handshake_passes),
	JUDGE(a_probe_that_never_fired_of_ipv6_is_named),
	JUDGE(a_probe_that_never_fired_of_tcp_over_ipv6_is_named),
	JUDGE(a_probe_of_the_other_family_may_never_fire),
	JUDGE(and_the_other_way_round),
	JUDGE(a_mapped_peer_needs_the_socket_of_ipv6),
	JUDGE(a_mapped_peer_needs_the_packets_of_ipv4),
	JUDGE(without_ipv6_ipv4_is_judged),
	JUDGE(without_ipv6_silence_there_proves_nothing),
	JUDGE(an_interface_without_ipv6_is_another_remedy),
	JUDGE(a_capture_that_misses_ipv6_is_named),
	JUDGE(a_capture_that_misses_ipv4_is_named),
};

TAP_MAIN(tests)
