// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Explanations of the TCP functions that the plan may probe. */
#include "explanations.h"

/* clang-format off */
const struct explanation explain_tcp[] = {
	{"tcp_v4_connect", "net/ipv4/tcp_ipv4.c",
	 "It chooses route, source address and port for a connection "
	 "over IPv4, and enters SYN_SENT.",
	 "ip_route_connect() finds the route, inet_hash_connect() takes a free "
	 "port (EADDRNOTAVAIL if there is none), and the initial sequence "
	 "number is computed from addresses, ports and a secret. These fill "
	 "the TCP header of the SYN, which tcp_connect() then builds. Over "
	 "IPv6 the function is tcp_v6_connect(). The name is the same on every "
	 "kernel of the lab, 5.10 to 7.2."},
	{"tcp_connect", "net/ipv4/tcp_output.c",
	 "It builds the SYN, sends it, and starts the timer that repeats "
	 "it.",
	 "The segment has the SYN flag, the initial sequence number and no "
	 "payload; its options offer the maximum segment size, selective "
	 "acknowledgement, timestamps and the window scale. If no answer comes "
	 "the timer sends it again, net.ipv4.tcp_syn_retries times, and then "
	 "connect(2) fails with ETIMEDOUT. The name is the same on every "
	 "kernel of the lab, 5.10 to 7.2."},
	{"__tcp_transmit_skb", "net/ipv4/tcp_output.c",
	 "It writes the TCP header of one segment and hands the segment "
	 "to IP.",
	 "Ports, sequence and acknowledgement numbers, flags, window, options "
	 "and checksum are filled in here; then ip_queue_xmit() puts the IP "
	 "header before them. Every segment of a socket passes here: SYN, ACK, "
	 "data, FIN, and what is sent again. The SYN-ACK of a listener and the "
	 "RST that answers a stray segment have no full socket yet and take "
	 "other paths, tcp_v4_send_synack() and tcp_v4_send_reset(). The name "
	 "dates from Linux 4.18 and the stable kernels of that summer (4.14, "
	 "4.17); before that it was tcp_transmit_skb()."},
	{"tcp_transmit_skb", "net/ipv4/tcp_output.c",
	 "It writes the TCP header of one segment; since Linux 4.18 "
	 "__tcp_transmit_skb() does that.",
	 "Stacks of older kernels show this name. Since 4.18 it only calls "
	 "__tcp_transmit_skb(), and the compiler inlines it into its callers: "
	 "the kernels of the lab, 5.10 to 7.2, have no symbol of this name to "
	 "attach to."},
	{"tcp_v4_rcv", "net/ipv4/tcp_ipv4.c",
	 "It takes an arrived TCP segment from IP, checks it, and finds "
	 "the socket that it is for.",
	 "The addresses of the IP header and the ports of the TCP header name "
	 "the socket: a connection first, a listener otherwise. If there is "
	 "none, an RST goes back, which the other side's connect(2) reports as "
	 "ECONNREFUSED. It runs in softirq, over loopback on the sender's own "
	 "task; if a task holds the socket's lock the segment waits in the "
	 "backlog, and that task handles it. The name is the same on every "
	 "kernel of the lab, 5.10 to 7.2."},
	{"tcp_rcv_state_process", "net/ipv4/tcp_input.c",
	 "It runs TCP's state machine for a segment in any state but "
	 "ESTABLISHED and TIME_WAIT.",
	 "It looks at the flags and numbers of the TCP header and moves the "
	 "socket on: SYN_SENT to ESTABLISHED on a SYN-ACK, SYN_RECV to "
	 "ESTABLISHED on the last ACK, FIN_WAIT1 to FIN_WAIT2, LAST_ACK to "
	 "CLOSE. It asks for the ACK that ends the client's handshake. The "
	 "name is the same on every kernel of the lab, 5.10 to 7.2."},
	{"inet_csk_accept", "net/ipv4/inet_connection_sock.c",
	 "It takes a finished connection from the listener's queue, or "
	 "waits for one; it sends no packet.",
	 "accept(2) and accept4(2) call it. The handshake is over by then: no "
	 "header is read or written, and the program gets a socket that "
	 "softirq has made. The name is the same on every kernel of the lab, "
	 "5.10 to 7.2; its arguments have changed in between."},
	{"tcp_sendmsg", "net/ipv4/tcp.c",
	 "It copies the program's bytes to the send queue, and lets TCP "
	 "send what it may.",
	 "The peer's window, the congestion window and Nagle's rule decide "
	 "what may leave at once; the headers are written later, in "
	 "__tcp_transmit_skb(). One call may make several segments, or several "
	 "calls one. The name is the same on every kernel of the lab, 5.10 to "
	 "7.2."},
	{"tcp_sendpage", "net/ipv4/tcp.c",
	 "It queues bytes of splice(2) or sendfile(2), page by page and "
	 "without copying them, for sending.",
	 "From the queue on they take the path of the bytes that tcp_sendmsg() "
	 "copies: the headers are written in __tcp_transmit_skb(). Linux 6.5 "
	 "removed it: since then spliced bytes go to tcp_sendmsg(). It serves "
	 "IPv4 and IPv6."},
	{"tcp_recvmsg", "net/ipv4/tcp.c",
	 "It copies received bytes of the stream to the program, or "
	 "waits for some.",
	 "The headers were dealt with when the segments arrived; only payload "
	 "is copied. Reading makes room, and so it may send an ACK that "
	 "announces a larger window to the peer. It returns 0 once the peer's "
	 "FIN has been reached. The name is the same on every kernel of the "
	 "lab, 5.10 to 7.2."},
	{"tcp_close", "net/ipv4/tcp.c",
	 "It ends a TCP socket after its last close(2): FIN after what is "
	 "queued, or RST if something was left unread.",
	 "An established connection goes to FIN_WAIT1, one whose peer has "
	 "closed already goes from CLOSE_WAIT to LAST_ACK, and a FIN is sent "
	 "by tcp_send_fin(). Unread bytes, or SO_LINGER with 0 seconds, turn "
	 "the FIN flag of the TCP header into RST. Since Linux 5.11 it locks "
	 "the socket and calls __tcp_close(), which does this. The name is the "
	 "same on every kernel of the lab, 5.10 to 7.2."},
	{"__tcp_close", "net/ipv4/tcp.c",
	 "It does the work of tcp_close(), with the socket locked: FIN after "
	 "what is queued, or RST.",
	 "The same segments follow as from tcp_close(): a FIN, or an RST if "
	 "bytes were left unread. It became a function of its own in Linux "
	 "5.11, for Multipath TCP to call, and later also in the stable series "
	 "of 5.10. The plan uses it where a probe cannot be attached to "
	 "tcp_close()."},
	{"tcp_send_fin", "net/ipv4/tcp_output.c",
	 "It sets FIN on the last segment that waits, or makes one for "
	 "it, and sends what is queued.",
	 "The FIN flag of the TCP header takes one sequence number, as a byte "
	 "of payload would, so that the peer can acknowledge it. Payload that "
	 "is queued goes first. tcp_close() and shutdown(2) call it. The name "
	 "is the same on every kernel of the lab, 5.10 to 7.2."},
	{0},
};
/* clang-format on */
