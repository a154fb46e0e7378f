// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Explanations of the flags of the TCP header, alone and in combination. */
#include "explanations.h"

/* clang-format off */
const struct explanation explain_flags[] = {
	{"SYN", "include/uapi/linux/tcp.h",
	 "SYN asks for a connection: the first segment of the client.",
	 "It carries the client's initial sequence number and, as TCP "
	 "options, its maximum segment size and other offers; the flag "
	 "takes one sequence number. tcp_connect() builds it. It is a "
	 "bit of the 14th octet of the TCP header (RFC 9293, section "
	 "3.1)."},
	{"SYN-ACK", "net/ipv4/tcp_ipv4.c",
	 "SYN-ACK agrees: the server's initial sequence number, and the "
	 "ACK for the client's SYN.",
	 "The kernel of the listening side sends it by itself in softirq "
	 "(tcp_v4_send_synack()); the server's program is not involved, and "
	 "accept(2) comes later."},
	{"ACK", "include/uapi/linux/tcp.h",
	 "ACK says that the acknowledgement number holds: every byte "
	 "before it has arrived.",
	 "Every segment after the first SYN carries it. Alone, without "
	 "payload, it ends the handshake, acknowledges data that has arrived, "
	 "or announces a larger window; it takes no sequence number and is "
	 "never acknowledged itself."},
	{"FIN", "include/uapi/linux/tcp.h",
	 "FIN closes one half of the connection: its sender has no more "
	 "bytes to send.",
	 "It takes one sequence number and is acknowledged like a byte "
	 "of payload; the other half stays open until its own FIN. "
	 "close(2) and shutdown(2) cause it, tcp_send_fin() builds it."},
	{"FIN-ACK", "net/ipv4/tcp_output.c",
	 "FIN-ACK closes the sender's half, and acknowledges what has arrived "
	 "so far.",
	 "Linux never sends FIN without ACK, so this is what a FIN usually "
	 "looks like; it does not by itself answer another FIN. The peer "
	 "acknowledges it, and sends its own FIN when its program closes."},
	{"RST", "include/uapi/linux/tcp.h",
	 "RST resets the connection, or says that there is none for this "
	 "segment.",
	 "It answers a segment for which there is no socket, and it ends "
	 "a connection whose unread bytes were thrown away by close(2). "
	 "It is not acknowledged; the other side's calls fail with "
	 "ECONNRESET."},
	{"RST-ACK", "net/ipv4/tcp_ipv4.c",
	 "RST-ACK refuses: nothing listens on this port, and connect(2) fails "
	 "with ECONNREFUSED.",
	 "A SYN to a port without a listener gets it; the acknowledgement "
	 "number is the SYN's sequence number plus 1, which proves to the "
	 "client that it answers that very SYN. tcp_v4_send_reset() makes it, "
	 "in softirq."},
	{"PSH", "include/uapi/linux/tcp.h",
	 "PSH asks the receiver to hand the bytes to its program "
	 "without waiting for more.",
	 "Linux sets it on the last segment of what one call has sent. "
	 "Its own receiving side hands bytes over in any case."},
	{"PSH-ACK", "net/ipv4/tcp_output.c",
	 "PSH-ACK carries payload, the end of what one call sent, and "
	 "acknowledges what has arrived.",
	 "A segment that carries a short message usually looks like this. TCP "
	 "still keeps no message boundaries: the receiver may read it in two "
	 "parts, or together with the next."},
	{"URG", "include/uapi/linux/tcp.h",
	 "URG says that the urgent pointer holds: bytes up to there are "
	 "urgent.",
	 "MSG_OOB of send(2) causes it. RFC 6093 advises new programs "
	 "against it."},
	{"ECE", "include/uapi/linux/tcp.h",
	 "ECE tells the sender that a router marked a packet: "
	 "congestion, without loss (RFC 3168).",
	 "On a SYN, with CWR, it asks for ECN instead; on the SYN-ACK, "
	 "alone, it agrees. net.ipv4.tcp_ecn decides whether Linux asks."},
	{"CWR", "include/uapi/linux/tcp.h",
	 "CWR answers ECE: the sender has made its congestion window "
	 "smaller (RFC 3168).",
	 "On a SYN, with ECE, it asks for ECN. It goes on a segment that "
	 "carries new payload."},
	{0},
};
/* clang-format on */
