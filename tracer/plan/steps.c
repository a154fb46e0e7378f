// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The table of steps. A row has all that the tracer knows about one; only its
 * paragraph is elsewhere (explain/steps.txt), where no kernel function has its
 * name.
 *
 *   in:  an enum step, or the name that a recording has
 *   out: its row
 */
#include "steps.h"

#include <netinet/in.h>
#include <string.h>

/*
 * Every candidate of a step takes the arguments that the step's program reads.
 *
 * __ip4_datagram_connect comes first because udp_connect() calls it directly
 * (kernel commit 78c91ae2c6de); on 7.2 ip4_datagram_connect still exists and
 * never runs, up to 6.12 both do. IPv6 is the same. __tcp_transmit_skb is the
 * name on four stock kernels from 5.10 to 7.2 of the tcp_transmit_skb of 4.x.
 *
 * The sendpage functions were removed in 6.5 (kernel commit dc97391e6610):
 * splicing uses sendmsg since then.
 */
/* clang-format off */
const struct plan_step plan_steps[STEP_MAX] = {
	[STEP_UDP_CONNECT] = {"udp_connect", IPPROTO_UDP,
		{"__ip4_datagram_connect", "ip4_datagram_connect"},
		"chooses the source, stores the peer",
		.connects = true, .needed = BY_SOCKETS},
	[STEP_UDP6_CONNECT] = {"udp6_connect", IPPROTO_UDP,
		{"__ip6_datagram_connect", "ip6_datagram_connect"},
		"chooses the source, stores the peer",
		.ipv6 = true, .connects = true, .needed = BY_SOCKETS},
	[STEP_UDP_GET_PORT] = {"udp_get_port", IPPROTO_UDP,
		{"udp_v4_get_port"},
		"takes a local port"},
	[STEP_UDP6_GET_PORT] = {"udp6_get_port", IPPROTO_UDP,
		{"udp_v6_get_port"},
		"takes a local port",
		.ipv6 = true},
	[STEP_UDP_SENDMSG] = {"udp_sendmsg", IPPROTO_UDP,
		{"udp_sendmsg"},
		"makes one datagram of one call",
		.has_len = true, .needed = BY_SOCKETS},
	[STEP_UDP6_SENDMSG] = {"udp6_sendmsg", IPPROTO_UDP,
		{"udpv6_sendmsg"},
		"makes one datagram of one call",
		.ipv6 = true, .has_len = true, .needed = BY_SOCKETS},
	[STEP_UDP_SENDPAGE] = {"udp_sendpage", IPPROTO_UDP,
		{"udp_sendpage"},
		"takes bytes that are spliced",
		.gone = "6.5", .has_len = true},
	[STEP_UDP_TRANSMIT] = {"udp_transmit", IPPROTO_UDP,
		{"ip_send_skb"},
		"hands the datagram to IP",
		.needed = BY_PACKETS},
	[STEP_UDP6_TRANSMIT] = {"udp6_transmit", IPPROTO_UDP,
		{"ip6_send_skb", "udp_v6_send_skb"},
		"hands the datagram to IP",
		.ipv6 = true, .needed = BY_PACKETS},
	[STEP_UDP_RCV] = {"udp_rcv", IPPROTO_UDP,
		{"udp_rcv", "__udp4_lib_rcv"},
		"takes a datagram from IP",
		.given_packet = true},
	[STEP_UDP6_RCV] = {"udp6_rcv", IPPROTO_UDP,
		{"udpv6_rcv", "__udp6_lib_rcv"},
		"takes a datagram from IP",
		.ipv6 = true, .given_packet = true},
	[STEP_UDP_RECVMSG] = {"udp_recvmsg", IPPROTO_UDP,
		{"udp_recvmsg"},
		"reads, for a system call"},
	[STEP_UDP6_RECVMSG] = {"udp6_recvmsg", IPPROTO_UDP,
		{"udpv6_recvmsg"},
		"reads, for a system call",
		.ipv6 = true},
	[STEP_UDP_DEQUEUE] = {"udp_dequeue", IPPROTO_UDP,
		{"__skb_recv_udp"},
		"takes one datagram from the queue"},
	[STEP_UDP_DISCONNECT] = {"udp_disconnect", IPPROTO_UDP,
		{"__udp_disconnect", "udp_disconnect"},
		"forgets the peer"},
	[STEP_UDP_CLOSE] = {"udp_close", IPPROTO_UDP,
		{"udp_destroy_sock", "udp_lib_close"},
		"destroys the socket"},
	[STEP_UDP6_CLOSE] = {"udp6_close", IPPROTO_UDP,
		{"udpv6_destroy_sock"},
		"destroys the socket",
		.ipv6 = true},
	[STEP_TCP_V4_CONNECT] = {"tcp_v4_connect", IPPROTO_TCP,
		{"tcp_v4_connect"},
		"chooses source and port",
		.connects = true, .needed = BY_SOCKETS},
	[STEP_TCP_V6_CONNECT] = {"tcp_v6_connect", IPPROTO_TCP,
		{"tcp_v6_connect"},
		"chooses source and port",
		.ipv6 = true, .connects = true, .needed = BY_SOCKETS},
	[STEP_TCP_CONNECT] = {"tcp_connect", IPPROTO_TCP,
		{"tcp_connect"},
		"builds the SYN",
		.builds_syn = true, .needed = BY_SOCKETS},
	[STEP_TCP_TRANSMIT] = {"tcp_transmit", IPPROTO_TCP,
		{"__tcp_transmit_skb", "tcp_transmit_skb"},
		"hands a segment to IP",
		.needed = BY_SOCKETS},
	[STEP_TCP_RCV] = {"tcp_rcv", IPPROTO_TCP,
		{"tcp_v4_rcv"},
		"takes a segment from IP",
		.given_packet = true},
	[STEP_TCP6_RCV] = {"tcp6_rcv", IPPROTO_TCP,
		{"tcp_v6_rcv"},
		"takes a segment from IP",
		.ipv6 = true, .given_packet = true},
	[STEP_TCP_RCV_STATE] = {"tcp_rcv_state", IPPROTO_TCP,
		{"tcp_rcv_state_process"},
		"runs the state machine"},
	[STEP_TCP_ACCEPT] = {"tcp_accept", IPPROTO_TCP,
		{"inet_csk_accept"},
		"takes a finished connection"},
	[STEP_TCP_SENDMSG] = {"tcp_sendmsg", IPPROTO_TCP,
		{"tcp_sendmsg"},
		"queues bytes for sending",
		.has_len = true},
	[STEP_TCP_SENDPAGE] = {"tcp_sendpage", IPPROTO_TCP,
		{"tcp_sendpage"},
		"queues bytes that are spliced",
		.gone = "6.5", .has_len = true},
	[STEP_TCP_RECVMSG] = {"tcp_recvmsg", IPPROTO_TCP,
		{"tcp_recvmsg"},
		"copies received bytes"},
	[STEP_TCP_CLOSE] = {"tcp_close", IPPROTO_TCP,
		{"tcp_close", "__tcp_close"},
		"ends this half"},
	[STEP_TCP_SEND_FIN] = {"tcp_send_fin", IPPROTO_TCP,
		{"tcp_send_fin"},
		"sends FIN"},
};
/* clang-format on */

const struct plan_step *step_named(const char *name)
{
	static const struct plan_step unknown = {.name = "", .why = ""};

	for (int step = 0; step < STEP_MAX; step++)
		if (strcmp(plan_steps[step].name, name) == 0)
			return &plan_steps[step];
	return &unknown;
}

bool step_has_twin(enum step step)
{
	return step + 1 < STEP_MAX && plan_steps[step + 1].ipv6;
}
