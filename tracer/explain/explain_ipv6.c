// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Explanations of the IPv6 functions that the plan may probe, and their steps.
 */
#include "explanations.h"

/* clang-format off */
const struct explanation explain_ipv6[] = {
	{"__ip6_datagram_connect", "net/ipv6/datagram.c",
	 "It looks up the route, chooses the source address and stores "
	 "the peer, over IPv6; it sends no packet.",
	 "This is what connect(2) does on a UDP socket of AF_INET6. With an "
	 "IPv4-mapped peer (::ffff:10.0.0.2) it calls "
	 "__ip4_datagram_connect(), and the socket sends IPv4; the tracer "
	 "shows this as one call. Its caller holds the socket's lock: "
	 "ip6_datagram_connect() up to Linux 6.12, udpv6_connect() since 6.13."},
	{"ip6_datagram_connect", "net/ipv6/datagram.c",
	 "It locks the socket and calls __ip6_datagram_connect(), which "
	 "does the work; it sends no packet.",
	 "Up to Linux 6.12 connect(2) ran it on a UDP socket of AF_INET6. On "
	 "7.2 a probe on it still attaches, but UDP never triggers it, so the "
	 "plan tries __ip6_datagram_connect first."},
	{"udp_v6_get_port", "net/ipv6/udp.c",
	 "It gives a UDP socket of IPv6 its local port: the one asked "
	 "for, or a free one; it sends no packet.",
	 "bind(2) calls it, and connect(2) or the first send on a socket that "
	 "has no port yet. The port becomes the source port of the UDP header. "
	 "udp_lib_get_port() searches for it, as over IPv4: a socket that is "
	 "not IPV6_V6ONLY takes the port for both. The name is the same on "
	 "every kernel of the lab, 5.10 to 7.2."},
	{"udpv6_sendmsg", "net/ipv6/udp.c",
	 "It makes one datagram from the bytes of one call on a socket of "
	 "AF_INET6, and sends it.",
	 "ip6_make_skb() builds the packet, udp_v6_send_skb() fills in the UDP "
	 "header, whose checksum IPv6 requires. If the destination is "
	 "IPv4-mapped it hands the whole call to udp_sendmsg(), and an IPv4 "
	 "packet leaves; the tracer counts that once, here. The name is the "
	 "same on every kernel of the lab, 5.10 to 7.2."},
	{"ip6_send_skb", "net/ipv6/ip6_output.c",
	 "It hands a finished datagram to IPv6's output path, which ends at "
	 "the device.",
	 "It calls ip6_local_out(), where the payload length of the IPv6 "
	 "header is written and netfilter's OUTPUT rules are applied. UDP "
	 "comes here; TCP calls inet6_csk_xmit(). The name is the same on "
	 "every kernel of the lab, 5.10 to 7.2."},
	{"udp_v6_send_skb", "net/ipv6/udp.c",
	 "It fills in the UDP header of a datagram over IPv6 and calls "
	 "ip6_send_skb().",
	 "Ports, length and checksum are the 8 bytes of the header. The plan "
	 "uses it where a probe cannot be attached to ip6_send_skb(). The name "
	 "is the same on every kernel of the lab, 5.10 to 7.2."},
	{"udpv6_rcv", "net/ipv6/udp.c",
	 "It takes an arrived UDP packet from IPv6, finds the socket "
	 "that it is for, and queues it there.",
	 "It runs in softirq, over loopback on the sender's own task. If no "
	 "socket has the port, an ICMPv6 port unreachable goes back. The name "
	 "is the same on every kernel of the lab, 5.10 to 7.2."},
	{"__udp6_lib_rcv", "net/ipv6/udp.c",
	 "It does the work of udpv6_rcv(), for UDP and UDP-Lite alike.",
	 "It checks the UDP header's length and checksum and looks the socket "
	 "up. Kernels of 5.10, 6.1 and 6.12 have it; 7.2 does not, and "
	 "udpv6_rcv() does the work itself."},
	{"udpv6_recvmsg", "net/ipv6/udp.c",
	 "It copies one datagram from the queue of a socket of AF_INET6 "
	 "to the program, or waits for one.",
	 "Source address and port come from the headers of the datagram; if it "
	 "came over IPv4, the address is reported as IPv4-mapped. Bytes that "
	 "do not fit the buffer are lost (MSG_TRUNC). The name is the same on "
	 "every kernel of the lab, 5.10 to 7.2."},
	{"udpv6_destroy_sock", "net/ipv6/udp.c",
	 "It destroys a UDP socket of AF_INET6 when its last descriptor is "
	 "closed; it sends no packet.",
	 "Bytes that were corked (UDP_CORK, MSG_MORE) are dropped. The peer is "
	 "not notified. The name is the same on every kernel of the lab, 5.10 "
	 "to 7.2."},
	{"tcp_v6_connect", "net/ipv6/tcp_ipv6.c",
	 "It chooses source address and port, over IPv6, and begins the "
	 "handshake.",
	 "The state goes to SYN_SENT, and tcp_connect() then builds the SYN. "
	 "With an IPv4-mapped peer it calls tcp_v4_connect(), and the "
	 "handshake is IPv4; the tracer shows this as one call. The name is "
	 "the same on every kernel of the lab, 5.10 to 7.2."},
	{"tcp_v6_rcv", "net/ipv6/tcp_ipv6.c",
	 "It takes an arrived TCP segment from IPv6, checks it, and "
	 "finds the socket that it is for.",
	 "It does what tcp_v4_rcv() does over IPv4, in softirq as well: a "
	 "connection first, a listener otherwise, an RST if there is neither. "
	 "The name is the same on every kernel of the lab, 5.10 to 7.2."},
	{"udp6_connect", "net/ipv6/datagram.c",
	 "This step is connect(2) on a UDP socket of AF_INET6: it stores "
	 "the peer and sends no packet.",
	 "The plan watches __ip6_datagram_connect() for it, or else "
	 "ip6_datagram_connect(). Over IPv4 it is the step udp_connect."},
	{"udp6_get_port", "net/ipv6/udp.c",
	 "In this step a UDP socket of AF_INET6 gets a local port; it sends no "
	 "packet.",
	 "The plan watches udp_v6_get_port() for it."},
	{"udp6_sendmsg", "net/ipv6/udp.c",
	 "In this step a call's bytes become one datagram, on a socket of "
	 "AF_INET6.",
	 "The plan watches udpv6_sendmsg() for it. To an IPv4-mapped "
	 "peer the datagram leaves over IPv4, by the step udp_transmit."},
	{"udp6_transmit", "net/ipv6/ip6_output.c",
	 "In this step a finished datagram is handed to IPv6.",
	 "The plan watches ip6_send_skb() for it, or else "
	 "udp_v6_send_skb()."},
	{"udp6_rcv", "net/ipv6/udp.c",
	 "In this step a UDP packet arrives from IPv6.",
	 "The plan watches udpv6_rcv() for it, or else __udp6_lib_rcv(). "
	 "It runs in softirq, and its record shows the addresses of the "
	 "packet, source first, because the socket is not yet known "
	 "there."},
	{"udp6_recvmsg", "net/ipv6/udp.c",
	 "In this step a program reads from a UDP socket of AF_INET6.",
	 "The plan watches udpv6_recvmsg() for it."},
	{"udp6_close", "net/ipv6/udp.c",
	 "In this step a UDP socket of AF_INET6 is destroyed; it sends no "
	 "packet.",
	 "The plan watches udpv6_destroy_sock() for it."},
	{"tcp6_rcv", "net/ipv6/tcp_ipv6.c",
	 "In this step a TCP segment arrives from IPv6.",
	 "The plan watches tcp_v6_rcv() for it. It runs in softirq, and "
	 "its record shows the addresses of the packet, source first, "
	 "because the socket is not yet known there."},
	{0},
};
/* clang-format on */
