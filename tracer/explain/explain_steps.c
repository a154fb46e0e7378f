// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Explanations of the steps that are not named after a function. */
#include "explanations.h"

/* clang-format off */
const struct explanation explain_steps[] = {
	{"udp_connect", "net/ipv4/datagram.c, net/ipv4/udp.c",
	 "This step is connect(2) on a UDP socket: it stores the peer "
	 "and sends no packet.",
	 "The plan watches __ip4_datagram_connect() for it, or else "
	 "ip4_datagram_connect(). No header is written; the peer's address and "
	 "port are stored in the socket. Since Linux 6.13 the kernel has a "
	 "function of this name too, which locks the socket and calls "
	 "__ip4_datagram_connect()."},
	{"udp_get_port", "net/ipv4/udp.c",
	 "In this step a UDP socket gets a local port; it sends no packet.",
	 "The plan watches udp_v4_get_port() for it. The port becomes the "
	 "source port in the UDP header of the packets that the socket sends. "
	 "The destination port of arriving packets is compared with it."},
	{"udp_transmit", "net/ipv4/ip_output.c",
	 "In this step a finished datagram is handed to IP.",
	 "The plan watches ip_send_skb() for it. The UDP header is "
	 "complete by then; the IP header's length and checksum follow, "
	 "and then the packet goes to the device."},
	{"udp_dequeue", "net/ipv4/udp.c",
	 "In this step one datagram is taken from the socket's queue.",
	 "The plan watches __skb_recv_udp() for it. It reads no header "
	 "and sends no packet; it waits if the queue is empty."},
	{"udp_close", "net/ipv4/udp.c, include/net/udp.h",
	 "In this step a UDP socket is destroyed; it sends no packet.",
	 "The plan watches udp_destroy_sock() for it, or else udp_lib_close(). "
	 "The peer is not notified: UDP has no header flag for that."},
	{"tcp_transmit", "net/ipv4/tcp_output.c",
	 "In this step a segment gets its TCP header and is handed to IP.",
	 "The plan watches __tcp_transmit_skb() for it, or else "
	 "tcp_transmit_skb(), its name before Linux 4.18. Every segment "
	 "that a connection's socket sends is one such step."},
	{"tcp_rcv", "net/ipv4/tcp_ipv4.c",
	 "In this step a TCP segment arrives from IP.",
	 "The plan watches tcp_v4_rcv() for it. It runs in softirq, and "
	 "its record shows the addresses of the packet, source first, "
	 "because the socket is not yet known there."},
	{"tcp_rcv_state", "net/ipv4/tcp_input.c",
	 "In this step the TCP state machine takes a segment.",
	 "The plan watches tcp_rcv_state_process() for it. Segments of an "
	 "ESTABLISHED connection take a shorter path, tcp_rcv_established(), "
	 "and are not seen here."},
	{"tcp_accept", "net/ipv4/inet_connection_sock.c",
	 "In this step a finished connection is taken from the listener's "
	 "queue.",
	 "The plan watches inet_csk_accept() for it. It sends no packet: "
	 "SYN, SYN-ACK and ACK have passed before."},
	{0},
};
/* clang-format on */
