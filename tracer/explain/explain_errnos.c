// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Explanations of the errors of connect(2) and related calls. */
#include "explanations.h"

/* clang-format off */
const struct explanation explain_errnos[] = {
	{"EINPROGRESS", "net/ipv4/af_inet.c",
	 "EINPROGRESS: the socket is non-blocking; the SYN is out, and "
	 "the handshake goes on without the call.",
	 "connect(2) returns it on TCP; poll(2) reports with POLLOUT when the "
	 "handshake has ended, and SO_ERROR gives the result. A blocking "
	 "connect(2) returns it too when SO_SNDTIMEO runs out. UDP never does: "
	 "its connect(2) finishes at once."},
	{"ECONNREFUSED", "net/ipv4/tcp_input.c, net/ipv4/udp.c",
	 "ECONNREFUSED: an answer said that nothing listens there: RST on TCP, "
	 "ICMP on UDP.",
	 "On TCP connect(2) fails with it when an RST answers its SYN. On UDP "
	 "connect(2) never does; an ICMP \"port unreachable\" that answers an "
	 "earlier datagram makes a later send or receive on the connected "
	 "socket fail. An unconnected UDP socket gets no error unless "
	 "IP_RECVERR is set."},
	{"ETIMEDOUT", "net/ipv4/tcp_timer.c",
	 "ETIMEDOUT: there was no answer to the SYN or to any of its "
	 "repetitions.",
	 "connect(2) on TCP gives up after net.ipv4.tcp_syn_retries "
	 "repetitions, 6 unless changed, which takes about two minutes. On an "
	 "established connection, data or keepalive probes without an "
	 "acknowledgement lead to it. UDP waits for no answer and has no such "
	 "error from connect(2)."},
	{"ENETUNREACH", "net/ipv4/route.c",
	 "ENETUNREACH: the routing table has no route to that network; nothing "
	 "was sent.",
	 "connect(2) reports it for UDP and for TCP from its look-up of the "
	 "route (ip_route_connect()): the route is all that connect(2) on a "
	 "UDP socket tests. An ICMP \"network unreachable\" can cause it "
	 "later."},
	{"EHOSTUNREACH", "net/ipv4/icmp.c",
	 "EHOSTUNREACH: there is a route, but the host on it cannot be "
	 "reached.",
	 "The cause is that ARP got no answer on the last hop, or that a "
	 "router sent an ICMP \"host unreachable\"; so packets or ARP requests "
	 "were sent before. connect(2) on UDP sends nothing, and therefore "
	 "cannot find it out."},
	{"EAGAIN", "net/ipv4/af_inet.c, net/ipv4/udp.c",
	 "EAGAIN: nothing is available now, and the socket does not wait, or "
	 "its timeout has expired.",
	 "Reads and accept(2) return it on a non-blocking socket, or "
	 "when SO_RCVTIMEO has passed; EWOULDBLOCK is the same number. "
	 "From connect(2) on UDP it means something else: no local port "
	 "was free (inet_autobind())."},
	{"EALREADY", "net/ipv4/af_inet.c",
	 "EALREADY: an earlier connect(2) on this socket is still at its "
	 "handshake; nothing new was sent.",
	 "Only a TCP socket has it, after EINPROGRESS. poll(2) is the "
	 "way to wait for the end."},
	{"EISCONN", "net/ipv4/af_inet.c",
	 "EISCONN: the socket is connected already; nothing was sent.",
	 "connect(2) on TCP returns it, since a connection's peer cannot be "
	 "changed. A UDP socket may be connected any number of times, each "
	 "time to another peer."},
	{"ENOTCONN", "net/ipv4/af_inet.c",
	 "ENOTCONN: the socket has no peer, and the call needs one.",
	 "getpeername(2) and shutdown(2) return it, and so does reading from a "
	 "TCP socket that was never connected. No packet was sent."},
	{"EDESTADDRREQ", "net/ipv4/udp.c",
	 "EDESTADDRREQ: the UDP socket has no peer, and the call gave no "
	 "address.",
	 "write(2), or send(2), on a UDP socket before connect(2) fails with "
	 "it; no datagram is made. sendto(2) with an address does not need the "
	 "connect."},
	{"EADDRINUSE", "net/ipv4/inet_connection_sock.c, net/ipv4/udp.c",
	 "EADDRINUSE: another socket has that local address and port.",
	 "Mostly bind(2) returns it; SO_REUSEADDR, for TCP over a port in "
	 "TIME_WAIT, and SO_REUSEPORT relax the rule. No packet is involved."},
	{"EADDRNOTAVAIL", "net/ipv4/inet_hashtables.c",
	 "EADDRNOTAVAIL: no such local address, or no free local port "
	 "towards this peer.",
	 "bind(2) means the first. connect(2) on TCP means the second: "
	 "every port of net.ipv4.ip_local_port_range is taken towards "
	 "this address and port. Nothing was sent."},
	{"EAFNOSUPPORT", "net/ipv4/datagram.c, net/ipv4/tcp_ipv4.c",
	 "EAFNOSUPPORT: this socket cannot use the address's family.",
	 "connect(2) with an IPv6 address on an AF_INET socket fails with it, "
	 "before the route is looked up. Nothing was sent."},
	{"EACCES", "net/ipv4/datagram.c, net/ipv4/af_inet.c",
	 "EACCES: not allowed: a broadcast address without SO_BROADCAST, or a "
	 "port that is reserved for root.",
	 "connect(2) and sendto(2) on UDP mean the first, bind(2) the "
	 "second. Nothing was sent."},
	{"EPERM", "net/ipv4/udp.c, net/netfilter/core.c",
	 "EPERM: a firewall rule, or the security policy, forbade it.",
	 "A packet that netfilter's OUTPUT hook drops makes a send on "
	 "UDP fail with it; so can a BPF program of a control group that "
	 "forbids connect(2). The packet did not reach the wire."},
	{"EINVAL", "net/ipv4/datagram.c, net/ipv4/af_inet.c",
	 "EINVAL: an argument is not valid, such as an address that is too "
	 "short.",
	 "connect(2) returns it for an address length below that of "
	 "struct sockaddr_in, and bind(2) for a socket that has its port "
	 "already. Nothing was sent."},
	{"EBADF", "net/socket.c",
	 "EBADF: the number is not an open descriptor.",
	 "The call failed before it reached any socket. A descriptor that was "
	 "closed too early, or twice, is the usual reason."},
	{"ENOTSOCK", "net/socket.c",
	 "ENOTSOCK: the descriptor is open, but it is not a socket.",
	 "A file or a pipe has no protocol to call. The call failed before it "
	 "reached any socket."},
	{"EFAULT", "net/socket.c",
	 "EFAULT: an address or a buffer is outside the program's memory.",
	 "The kernel copies the address before it looks at the protocol, "
	 "so from connect(2) nothing was sent."},
	{"EINTR", "net/ipv4/af_inet.c",
	 "EINTR: a signal came while the call waited.",
	 "A connect(2) on TCP that was interrupted is not undone: the "
	 "handshake goes on, and a second connect(2) returns EALREADY or "
	 "EISCONN. poll(2) and SO_ERROR report how it ends."},
	{"ECONNRESET", "net/ipv4/tcp_input.c",
	 "ECONNRESET: the peer reset the connection with an RST.",
	 "Reads and writes on TCP return it once. Bytes that were still on "
	 "their way are lost."},
	{"ECONNABORTED", "net/ipv4/af_inet.c",
	 "ECONNABORTED: the connection was aborted before the call could "
	 "return it.",
	 "connect(2) returns it if the socket was closed during the call and "
	 "there is no other error to report. POSIX lets accept(2) return it "
	 "for a client that has left the queue."},
	{"EPIPE", "net/ipv4/tcp.c, net/core/stream.c",
	 "EPIPE: this side has closed its half for writing, or the "
	 "connection is gone.",
	 "A write on TCP after shutdown(2), or after an RST was "
	 "reported, returns it, with the signal SIGPIPE unless "
	 "MSG_NOSIGNAL is given. Nothing was sent."},
	{"EMSGSIZE", "net/ipv4/udp.c, net/ipv4/ip_output.c",
	 "EMSGSIZE: the datagram is longer than may be sent in one "
	 "piece.",
	 "A UDP payload over IPv4 has at most 65,507 bytes: the 16-bit length "
	 "less the IP and UDP headers. With path MTU discovery "
	 "(IP_PMTUDISC_DO) the path's MTU is the limit. Nothing was sent."},
	{"EOPNOTSUPP", "net/core/sock.c",
	 "EOPNOTSUPP: this protocol has no such operation.",
	 "listen(2) and accept(2) on a UDP socket return it: there are "
	 "no connections to wait for. Nothing was sent."},
	{"ENOPROTOOPT", "net/core/sock.c",
	 "ENOPROTOOPT: no such option at this level.",
	 "getsockopt(2) and setsockopt(2) return it for an option that "
	 "the protocol, or this kernel, does not know. Nothing was sent."},
	{"EPROTONOSUPPORT", "net/ipv4/af_inet.c",
	 "EPROTONOSUPPORT: no such protocol in this domain, or not for "
	 "this type.",
	 "socket(2) returns it, for example for SOCK_STREAM with "
	 "IPPROTO_UDP. No socket was made."},
	{"ENOBUFS", "net/ipv4/udp.c",
	 "ENOBUFS: no room to queue the packet.",
	 "A full queue of a device drops it; on UDP the sender gets the error "
	 "only if IP_RECVERR is set. TCP sends the segment again later."},
	{"ERESTARTSYS", "include/linux/errno.h",
	 "ERESTARTSYS: a signal came; the kernel will start the call "
	 "again, or turn this into EINTR.",
	 "Only an exit tracepoint sees the number (512): the program sees a "
	 "restarted call or EINTR, depending on SA_RESTART of its handler."},
	{"ERESTARTNOINTR", "include/linux/errno.h",
	 "ERESTARTNOINTR: a signal came; the kernel starts the call "
	 "again in any case.",
	 "Only an exit tracepoint sees the number (513). The program notices "
	 "only its handler."},
	{"ERESTARTNOHAND", "include/linux/errno.h",
	 "ERESTARTNOHAND: a signal came; the call starts again if no "
	 "handler ran, and is EINTR otherwise.",
	 "Only an exit tracepoint sees the number (514). SA_RESTART "
	 "makes no difference to it."},
	{"ERESTART_RESTARTBLOCK", "include/linux/errno.h",
	 "ERESTART_RESTARTBLOCK: a signal came; the call goes on with "
	 "what is left of its time.",
	 "Only an exit tracepoint sees the number (516). If no handler ran, "
	 "restart_syscall(2) does it; otherwise the program gets EINTR."},
	{0},
};
/* clang-format on */
