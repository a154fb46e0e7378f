// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Explanations of the system calls of syscalls.c. */
#include "explanations.h"

/* clang-format off */
const struct explanation explain_syscalls[] = {
	{"socket", "net/socket.c",
	 "socket(2) creates a socket and returns a descriptor for it; nothing "
	 "is sent.",
	 "Domain (AF_INET), type (SOCK_STREAM, SOCK_DGRAM) and protocol choose "
	 "the functions that every later call on it will run: TCP's or UDP's. "
	 "It has no address, no port and no peer yet, so no header can be "
	 "written yet. SOCK_NONBLOCK and SOCK_CLOEXEC may be added to the type "
	 "since Linux 2.6.27."},
	{"bind", "net/socket.c, net/ipv4/af_inet.c",
	 "bind(2) fixes the local address and port of a socket; nothing "
	 "is sent.",
	 "They become the source of every packet that the socket sends, and "
	 "the destination of an arriving packet is compared with them. Port 0 "
	 "asks for any free port. Clients rarely call it, because connect(2), "
	 "or the first send, takes a port for them."},
	{"connect", "net/socket.c, net/ipv4/af_inet.c",
	 "connect(2) fixes the peer: on UDP it sends nothing, on TCP it "
	 "starts the handshake.",
	 "On a UDP socket it looks up the route, chooses the source "
	 "address and, if there is none yet, a port, and stores the "
	 "peer's address and port in the socket; no header is written "
	 "and no packet leaves. On a TCP socket it sends a SYN and, "
	 "unless the socket is non-blocking, waits until the handshake "
	 "has ended or failed. With the address family AF_UNSPEC it "
	 "forgets the peer again. The call goes to inet_dgram_connect() "
	 "for UDP, to inet_stream_connect() for TCP."},
	{"listen", "net/socket.c, net/ipv4/af_inet.c",
	 "listen(2) makes a TCP socket wait for connections; nothing is "
	 "sent.",
	 "The state goes from CLOSE to LISTEN, and from then on the kernel "
	 "itself answers a SYN to this port with SYN-ACK, with no system call "
	 "in between. The backlog limits the queue of finished connections "
	 "that accept(2) has not yet taken; net.core.somaxconn limits the "
	 "backlog. UDP has no such queue: there the call fails with "
	 "EOPNOTSUPP."},
	{"accept", "net/socket.c, net/ipv4/inet_connection_sock.c",
	 "accept(2) takes one finished connection from a listening "
	 "socket's queue; nothing is sent.",
	 "The handshake ended before: the kernel sent the SYN-ACK and "
	 "received the last ACK in softirq. The new descriptor's socket "
	 "has the listener's port and a peer of its own, the source of "
	 "the SYN; the listener goes on listening. While the queue is "
	 "empty the call waits, or fails with EAGAIN if the socket is "
	 "non-blocking."},
	{"accept4", "net/socket.c, net/ipv4/inet_connection_sock.c",
	 "accept4(2) is accept(2) with SOCK_NONBLOCK and SOCK_CLOEXEC "
	 "for the new descriptor; nothing is sent.",
	 "It takes one finished connection from a listening socket's queue, as "
	 "accept(2) does, and saves the two calls of fcntl(2) that would "
	 "otherwise follow. On x86-64 Linux has it since 2.6.28."},
	{"sendto", "net/socket.c",
	 "sendto(2) sends to the address given, or to the peer; on UDP "
	 "one call makes one datagram.",
	 "On UDP the address becomes the destination of the IP and UDP "
	 "headers; on a connected socket it may be left out, and then the "
	 "stored peer is used. On TCP the bytes join the stream, and TCP "
	 "decides how many segments carry them, and when. On x86-64 the C "
	 "library's send(2) is this system call without an address."},
	{"sendmsg", "net/socket.c",
	 "sendmsg(2) sends as sendto(2) does, from several buffers, with "
	 "control data next to them.",
	 "Its struct msghdr holds the address (msg_name), the buffers "
	 "(msg_iov) and ancillary data such as IP_PKTINFO, which chooses "
	 "the source address of the IP header. On UDP all buffers "
	 "together make one datagram."},
	{"sendmmsg", "net/socket.c",
	 "sendmmsg(2) sends several messages in one system call: on UDP, "
	 "one datagram for each.",
	 "Each element of its vector is what sendmsg(2) takes; the "
	 "result counts the messages that were sent, not bytes. Linux "
	 "has it since 3.0."},
	{"write", "fs/read_write.c, net/socket.c",
	 "write(2) on a socket sends to its peer: on UDP one datagram, "
	 "on TCP bytes of the stream.",
	 "It has no room for an address, so a UDP socket must have been "
	 "connected first; EDESTADDRREQ says that it was not. As an operation "
	 "on files it goes through vfs_write() and sock_write_iter(), and from "
	 "there it takes the same path as sendto(2)."},
	{"writev", "fs/read_write.c, net/socket.c",
	 "writev(2) is write(2) from several buffers: on UDP they make "
	 "one datagram together.",
	 "On a socket it takes the path of write(2), and has no room for an "
	 "address either. On TCP the bytes of all buffers join the stream, one "
	 "after the other."},
	{"sendfile", "fs/read_write.c, fs/splice.c",
	 "sendfile(2) sends bytes of a file on a socket, without taking "
	 "them through the program.",
	 "The kernel splices the file's pages to the socket, by way of a "
	 "pipe of its own. Up to Linux 6.4 the bytes come to "
	 "udp_sendpage() or tcp_sendpage(), later to udp_sendmsg() or "
	 "tcp_sendmsg()."},
	{"splice", "fs/splice.c, net/socket.c",
	 "splice(2) sends bytes of a pipe on a socket, without taking "
	 "them through the program.",
	 "The lab follows the direction from a pipe to a socket: the "
	 "descriptor shown is the second one of the call. Up to Linux "
	 "6.4 the bytes come to udp_sendpage() or tcp_sendpage(), later "
	 "to udp_sendmsg() or tcp_sendmsg(). Nothing is sent before the "
	 "pipe holds something."},
	{"recvfrom", "net/socket.c",
	 "recvfrom(2) takes what has arrived for a socket, and on UDP reports "
	 "who sent it.",
	 "On UDP it takes one datagram from the receive queue; the sender is "
	 "the source address of its IP header with the source port of its UDP "
	 "header. Bytes that do not fit into the buffer are discarded. On TCP "
	 "it copies bytes of the stream and reports no address. If nothing has "
	 "arrived it waits, or fails with EAGAIN if the socket is non-blocking "
	 "or its SO_RCVTIMEO has run out. On x86-64 the C library's recv(2) is "
	 "this system call without an address."},
	{"recvmsg", "net/socket.c",
	 "recvmsg(2) takes what has arrived into several buffers, with "
	 "address, flags and control data.",
	 "Its struct msghdr gets the sender's address (msg_name), flags such "
	 "as MSG_TRUNC for a datagram that was cut, and ancillary data such as "
	 "IP_PKTINFO, which gives the destination of the IP header. With "
	 "MSG_ERRQUEUE it reads the queue of errors instead, where IP_RECVERR "
	 "puts ICMP messages."},
	{"recvmmsg", "net/socket.c",
	 "recvmmsg(2) takes several messages in one system call: on UDP, "
	 "one datagram for each.",
	 "Each element of its vector is what recvmsg(2) takes; the "
	 "result counts messages, not bytes. Linux has it since 2.6.33."},
	{"read", "fs/read_write.c, net/socket.c",
	 "read(2) on a socket takes what has arrived, without reporting who "
	 "sent it.",
	 "On UDP one call takes one datagram, and its sender's address is lost "
	 "to the caller: a server that has to answer needs recvfrom(2). On TCP "
	 "it copies bytes of the stream, and 0 means that the peer has sent "
	 "its FIN. As an operation on files it goes through vfs_read() and "
	 "sock_read_iter()."},
	{"readv", "fs/read_write.c, net/socket.c",
	 "readv(2) is read(2) into several buffers, filled one after the "
	 "other.",
	 "On UDP one call takes one datagram, however many buffers it fills. "
	 "On a socket it takes the path of read(2) and reports no address "
	 "either."},
	{"getsockname", "net/socket.c, net/ipv4/af_inet.c",
	 "getsockname(2) returns the local address and port of a socket; "
	 "nothing is sent.",
	 "After connect(2) on a UDP socket it shows the source that the "
	 "kernel has chosen for the headers to come, so a program can "
	 "learn its address towards a peer without sending a packet. "
	 "Before bind(2) and connect(2) both are zero."},
	{"getpeername", "net/socket.c, net/ipv4/af_inet.c",
	 "getpeername(2) returns the peer's address and port; nothing is sent.",
	 "On UDP this is what connect(2) has stored, and it does not prove "
	 "that a host is there. On TCP it is the other end of the connection. "
	 "ENOTCONN means that there is no peer, or that the handshake has not "
	 "ended."},
	{"setsockopt", "net/socket.c, net/core/sock.c",
	 "setsockopt(2) sets an option of the socket, or of IP, TCP or "
	 "UDP beneath it, named by level and number.",
	 "Most options are only stored, and later calls look at them: "
	 "SO_RCVTIMEO limits a wait, IP_TTL is written into the IP headers to "
	 "come. A few act at once: clearing TCP_CORK sends what was held back."},
	{"getsockopt", "net/socket.c, net/core/sock.c",
	 "getsockopt(2) reads an option of the socket, or of IP, TCP or "
	 "UDP beneath it; nothing is sent.",
	 "SO_ERROR reports how a non-blocking connect(2) has ended: 0, or the "
	 "number of its error, which the call clears. TCP_INFO shows the "
	 "state, the round-trip time and the retransmissions of a connection."},
	{"shutdown", "net/socket.c, net/ipv4/af_inet.c",
	 "shutdown(2) ends one or both directions of a socket, even "
	 "if others hold a descriptor of it.",
	 "On TCP SHUT_WR sends a FIN after what is still queued, and the "
	 "program can go on reading; SHUT_RD sends nothing. On UDP no packet "
	 "is sent at all, and the call fails with ENOTCONN if the socket has "
	 "no peer."},
	{"close", "fs/open.c, net/socket.c",
	 "close(2) releases a descriptor; with a socket's last one TCP sends "
	 "FIN, UDP sends nothing.",
	 "If bytes were left unread, or SO_LINGER is set to 0 seconds, TCP "
	 "sends RST instead of FIN. On UDP the port is free again and waiting "
	 "datagrams are discarded; the peer is not notified, and its next "
	 "datagram is answered with an ICMP \"port unreachable\" (unless "
	 "another socket has taken the port)."},
	{0},
};
/* clang-format on */
