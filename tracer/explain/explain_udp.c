// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Explanations of the UDP functions that the plan may probe. */
#include "explanations.h"

/* clang-format off */
const struct explanation explain_udp[] = {
	{"__ip4_datagram_connect", "net/ipv4/datagram.c",
	 "It looks up the route, chooses the source address and stores "
	 "the peer; it sends no packet.",
	 "This is what connect(2) does on a UDP socket over IPv4. The peer's "
	 "address and port become inet_daddr and inet_dport of the socket, "
	 "from which the IP and UDP headers of later datagrams are filled; the "
	 "state is set to TCP_ESTABLISHED, and the route is kept. ENETUNREACH "
	 "(no route) and EACCES (broadcast without SO_BROADCAST) come from "
	 "here. Its caller holds the socket's lock: ip4_datagram_connect() up "
	 "to Linux 6.12, udp_connect() since 6.13. The name dates from Linux "
	 "4.2."},
	{"ip4_datagram_connect", "net/ipv4/datagram.c",
	 "It locks the socket and calls __ip4_datagram_connect(), which "
	 "does the work; it sends no packet.",
	 "Up to Linux 6.12 this was what connect(2) ran on a UDP socket, and "
	 "stacks of that time show it. Since 6.13 UDP has udp_connect() "
	 "instead, which calls __ip4_datagram_connect() directly: a probe on "
	 "ip4_datagram_connect() still attaches, but no UDP socket ever "
	 "triggers it (raw sockets do). So the plan tries "
	 "__ip4_datagram_connect first, which works on both."},
	{"udp_v4_get_port", "net/ipv4/udp.c",
	 "It gives a UDP socket its local port: the one asked for, or a "
	 "free one; it sends no packet.",
	 "bind(2) calls it, and connect(2) or the first send on a socket that "
	 "has no port yet (inet_autobind()). The port becomes the source port "
	 "of the UDP header. It computes the hash of address and port and "
	 "leaves the search to udp_lib_get_port(), which keeps to "
	 "net.ipv4.ip_local_port_range. The name is the same on every kernel "
	 "of the lab, 5.10 to 7.2."},
	{"udp_sendmsg", "net/ipv4/udp.c",
	 "It makes one datagram from the bytes of one call, and sends it.",
	 "The destination is the call's, or the stored peer of a connected "
	 "socket, whose route is already known. ip_make_skb() builds the "
	 "packet; udp_send_skb() fills in the 8 bytes of the UDP header: "
	 "source port, destination port, length, checksum. With UDP_CORK or "
	 "MSG_MORE the bytes wait for those of a later call. The name is the "
	 "same on every kernel of the lab, 5.10 to 7.2."},
	{"udp_sendpage", "net/ipv4/udp.c",
	 "It takes bytes of splice(2) or sendfile(2), page by page, for "
	 "one datagram.",
	 "In 5.10 it calls udp_sendmsg() with none of the bytes, to open the "
	 "datagram, and appends the page; in Debian's current 6.1 it hands all "
	 "of them to udp_sendmsg(). Linux 6.5 removed it: since then spliced "
	 "bytes go directly to udp_sendmsg(), as over IPv6 they always went to "
	 "udpv6_sendmsg()."},
	{"ip_send_skb", "net/ipv4/ip_output.c",
	 "It hands a finished datagram to IP's output path, which ends at the "
	 "device.",
	 "It calls ip_local_out(), where the length and the checksum of the IP "
	 "header are written and netfilter's OUTPUT rules are applied. UDP "
	 "calls it, and so do ICMP and raw sockets; TCP does not, it calls "
	 "ip_queue_xmit(). The name is the same on every kernel of the lab, "
	 "5.10 to 7.2."},
	{"udp_rcv", "net/ipv4/udp.c",
	 "It takes an arrived UDP packet from IP, finds the socket that "
	 "it is for, and queues it there.",
	 "It reads the UDP header: the ports, with the addresses of the IP "
	 "header, identify the socket, and length and checksum are checked. If "
	 "there is no socket the packet is discarded and an ICMP \"port "
	 "unreachable\" goes back. It runs in softirq: over loopback, on the "
	 "sender's own task. On 5.10 to 6.12 it only calls __udp4_lib_rcv(); "
	 "7.2 has udp_rcv() alone."},
	{"__udp4_lib_rcv", "net/ipv4/udp.c",
	 "It finds the socket that an arrived UDP packet is for, and "
	 "queues the packet there.",
	 "udp_rcv() calls it at once, and it does the work: it checks "
	 "length and checksum of the UDP header and looks the socket up "
	 "by addresses and ports. UDP-Lite used the same function, hence "
	 "the \"lib\". The lab found it on 5.10, 6.1 and 6.12; on 7.2 it "
	 "is gone and udp_rcv() is what remains."},
	{"udp_recvmsg", "net/ipv4/udp.c",
	 "It gives one received datagram to the program, for read(2), "
	 "recvfrom(2) and similar calls.",
	 "It takes the datagram, or waits for one, by __skb_recv_udp(), and "
	 "copies what follows the UDP header. The source address of the IP "
	 "header and the source port of the UDP header become the sender's "
	 "address, where the call asked for it. A datagram that is longer than "
	 "the buffer is cut, and MSG_TRUNC reports that. The name is the same "
	 "on every kernel of the lab, 5.10 to 7.2."},
	{"__skb_recv_udp", "net/ipv4/udp.c",
	 "It takes one datagram from the socket's receive queue, or "
	 "waits for one; it sends no packet.",
	 "It leaves both headers alone. If the queue is empty it sleeps until "
	 "the socket's timeout. A non-blocking socket does not sleep; its result "
	 "is EAGAIN, as it is after the timeout. An error that ICMP has reported to a connected "
	 "socket, ECONNREFUSED, is returned here, too. It has been a function "
	 "of its own since Linux 4.13, with a second queue that only the "
	 "reader locks."},
	{"__udp_disconnect", "net/ipv4/udp.c",
	 "It makes the socket forget its peer; it sends no packet.",
	 "connect(2) with the family AF_UNSPEC ends here. The state becomes "
	 "TCP_CLOSE, and the peer's address and port become zero, so that "
	 "headers take their destination from each call again; the source "
	 "address and the port are kept only if bind(2) has set them. Its "
	 "caller holds the socket's lock. The name dates from Linux 4.9."},
	{"udp_disconnect", "net/ipv4/udp.c",
	 "It locks the socket and calls __udp_disconnect(), which "
	 "forgets the peer; it sends no packet.",
	 "connect(2) with the family AF_UNSPEC calls it. No header is touched, "
	 "and the peer is not notified: UDP has no packet for it. The name is "
	 "the same on every kernel of the lab, 5.10 to 7.2."},
	{"udp_destroy_sock", "net/ipv4/udp.c",
	 "It empties a UDP socket that is being closed; it sends no "
	 "packet.",
	 "sk_common_release() calls it after the last close(2). Bytes that "
	 "were corked and never sent are discarded here; the port is released "
	 "just afterwards, by udp_lib_unhash(). No header is written, and the "
	 "peer is not notified. Kernels of the 4.x line had the name already, "
	 "and 6.1 has it."},
	{"udp_lib_close", "include/net/udp.h",
	 "It is what close(2) runs on a UDP socket; it sends no packet.",
	 "It only calls sk_common_release(), which runs udp_destroy_sock(), "
	 "frees the port and drops the socket. No header is written. It is an "
	 "inline function of a header, of which the compiler keeps a copy "
	 "because struct proto points to it: a kernel may show the name more "
	 "than once. Kernels of the 4.x line had it already, and 6.1 has it."},
	{0},
};
/* clang-format on */
