// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Explanations of the states of a TCP socket. */
#include "explanations.h"

/* clang-format off */
const struct explanation explain_states[] = {
	{"CLOSE", "include/net/tcp_states.h",
	 "CLOSE: there is no connection; the socket neither sends nor "
	 "answers.",
	 "Every new socket begins here and every TCP socket ends here; "
	 "RFC 9293 calls the state CLOSED. An RST leads here from any "
	 "other state of a connection, and from SYN_SENT that is what "
	 "ECONNREFUSED means."},
	{"LISTEN", "include/net/tcp_states.h",
	 "LISTEN: the socket waits for a SYN from any client.",
	 "listen(2) leads here from CLOSE. A SYN is answered with "
	 "SYN-ACK, and a new socket takes the connection: the listener "
	 "itself stays in LISTEN until it is closed."},
	{"SYN_SENT", "include/net/tcp_states.h",
	 "SYN_SENT: connect(2) has sent, or is about to send, its SYN "
	 "and waits for the answer.",
	 "tcp_v4_connect() leads here from CLOSE before the SYN is "
	 "built. A SYN-ACK leads on to ESTABLISHED, an RST back to CLOSE "
	 "(ECONNREFUSED), and silence, after the last repetition, to "
	 "CLOSE as well (ETIMEDOUT)."},
	{"SYN_RECV", "include/net/tcp_states.h",
	 "SYN_RECV: the server's new socket takes the last ACK of the "
	 "handshake.",
	 "RFC 9293 calls it SYN-RECEIVED. In Linux a connection whose SYN-ACK "
	 "is on its way is a small request socket (NEW_SYN_RECV); the full "
	 "socket is made when the ACK arrives, enters SYN_RECV and leaves it "
	 "at once for ESTABLISHED. That is why the change is seen as LISTEN to "
	 "SYN_RECV, although the listener goes on listening."},
	{"ESTABLISHED", "include/net/tcp_states.h",
	 "ESTABLISHED: the handshake is done, and both sides may send "
	 "payload.",
	 "The client comes here when it has the SYN-ACK, the server when it "
	 "has the ACK for it. A connected UDP socket gets the same state "
	 "number (1), without any packet."},
	{"FIN_WAIT1", "include/net/tcp_states.h",
	 "FIN_WAIT1: this side closed first; its FIN is not yet "
	 "acknowledged.",
	 "close(2) or shutdown(2) leads here from ESTABLISHED. The ACK "
	 "for the FIN leads to FIN_WAIT2, the peer's own FIN without "
	 "that ACK to CLOSING, and both in one segment to TIME_WAIT."},
	{"FIN_WAIT2", "include/net/tcp_states.h",
	 "FIN_WAIT2: this side's FIN is acknowledged; the peer has not "
	 "closed its half yet.",
	 "The peer may go on sending. Once the program has closed the "
	 "socket, Linux waits net.ipv4.tcp_fin_timeout (60 seconds by "
	 "default) for the peer's FIN, in a small socket of its own "
	 "kind; the full socket's record then ends with CLOSE."},
	{"TIME_WAIT", "include/net/tcp_states.h",
	 "TIME_WAIT: both halves are closed; the addresses and ports are "
	 "reserved for late segments.",
	 "The side that closed first stays here, for 60 seconds in Linux "
	 "(TCP_TIMEWAIT_LEN; RFC 9293 says two maximum segment lifetimes), and "
	 "repeats the last ACK if the peer's FIN comes again. A small socket "
	 "holds the state, so the full socket's record shows a change to "
	 "CLOSE."},
	{"CLOSE_WAIT", "include/net/tcp_states.h",
	 "CLOSE_WAIT: the peer has closed its half; this program has not "
	 "closed yet.",
	 "The peer's FIN leads here from ESTABLISHED, and read(2) "
	 "returns 0 once the bytes before it are read. A socket that "
	 "stays here for long belongs to a program that forgot close(2)."},
	{"LAST_ACK", "include/net/tcp_states.h",
	 "LAST_ACK: the peer closed first; now this side's FIN waits for "
	 "its ACK.",
	 "close(2) leads here from CLOSE_WAIT. The ACK leads to CLOSE, "
	 "and there is no TIME_WAIT on this side."},
	{"CLOSING", "include/net/tcp_states.h",
	 "CLOSING: both sides sent FIN at the same time, and the ACK for "
	 "this one is still missing.",
	 "The peer's FIN leads here from FIN_WAIT1 when it arrives before the "
	 "ACK for this side's FIN. That ACK leads to TIME_WAIT."},
	{"NEW_SYN_RECV", "include/net/tcp_states.h",
	 "NEW_SYN_RECV: a SYN has arrived and the SYN-ACK was sent, all held "
	 "in a small request socket.",
	 "It is SYN-RECEIVED of RFC 9293 on the listening side: no full socket "
	 "is made before the client's ACK proves that the client exists. The "
	 "name is Linux's own, since 4.1, and no change to it is reported by "
	 "the tracepoint inet_sock_set_state."},
	{0},
};
/* clang-format on */
