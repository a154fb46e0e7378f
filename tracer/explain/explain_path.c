// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Explanations of functions between system call and protocol, and of old names.
 */
#include "explanations.h"

/* clang-format off */
const struct explanation explain_path[] = {
	{"SYSC_connect", "net/socket.c",
	 "SYSC_connect is an old name for the body of connect(2): today "
	 "it is __sys_connect().",
	 "Kernels before 4.17 made the name from "
	 "SYSCALL_DEFINE3(connect, ...), and stacks of that time show "
	 "SYSC_connect below sys_connect. Since 4.17 a stack on x86-64 "
	 "shows __sys_connect() and __x64_sys_connect(). It sends "
	 "nothing itself: inet_dgram_connect() or inet_stream_connect() "
	 "is called next."},
	{"sys_connect", "net/socket.c",
	 "sys_connect is an old name for the entry of connect(2): on "
	 "x86-64 it is __x64_sys_connect() today.",
	 "Since Linux 4.17 the entry of a system call on x86-64 carries "
	 "the prefix __x64_ and takes its arguments from struct pt_regs. "
	 "It calls __sys_connect(), and touches no packet."},
	{"__x64_sys_connect", "net/socket.c",
	 "It is where connect(2) enters the kernel on x86-64: it unpacks "
	 "the registers.",
	 "do_syscall_64() calls it, and it calls __sys_connect(). It touches "
	 "no packet. The name dates from Linux 4.17; before that it was "
	 "sys_connect(). Other architectures have a prefix of their own, such "
	 "as __arm64_."},
	{"__sys_connect", "net/socket.c",
	 "It is the body of connect(2): it finds the descriptor's socket, and "
	 "copies the address.",
	 "Then the socket's own function continues: inet_dgram_connect() for "
	 "UDP, inet_stream_connect() for TCP. It touches no packet. The name "
	 "dates from Linux 4.17; older stacks show SYSC_connect() there."},
	{"SYSC_recvfrom", "net/socket.c",
	 "SYSC_recvfrom is an old name for the body of recvfrom(2): "
	 "today it is __sys_recvfrom().",
	 "Kernels before 4.17 made the name from "
	 "SYSCALL_DEFINE6(recvfrom, ...). It touches no packet: "
	 "sock_recvmsg() and inet_recvmsg() lead on to udp_recvmsg() or "
	 "tcp_recvmsg()."},
	{"sys_recvfrom", "net/socket.c",
	 "sys_recvfrom is an old name for the entry of recvfrom(2): on "
	 "x86-64 it is __x64_sys_recvfrom() today.",
	 "The name changed with Linux 4.17, as that of every system call "
	 "did on x86-64. It touches no packet."},
	{"sys_write", "fs/read_write.c",
	 "sys_write is an old name for the entry of write(2): on x86-64 "
	 "it is __x64_sys_write() today.",
	 "The name changed with Linux 4.17, as that of every system call did "
	 "on x86-64. It calls ksys_write(), which calls vfs_write(); for a "
	 "socket, sock_write_iter() comes next."},
	{"sys_read", "fs/read_write.c",
	 "sys_read is an old name for the entry of read(2): on x86-64 it "
	 "is __x64_sys_read() today.",
	 "The name changed with Linux 4.17, as that of every system call did "
	 "on x86-64. It calls ksys_read(), which calls vfs_read(); for a "
	 "socket, sock_read_iter() comes next."},
	{"inet_dgram_connect", "net/ipv4/af_inet.c",
	 "It is connect(2) for a UDP socket: it takes a local port if "
	 "there is none; it sends no packet.",
	 "With AF_UNSPEC it calls udp_disconnect(). Otherwise inet_autobind() "
	 "takes a port (EAGAIN if none is free), and the protocol stores the "
	 "peer: __ip4_datagram_connect(). The name is the same on every kernel "
	 "of the lab, 5.10 to 7.2."},
	{"inet_stream_connect", "net/ipv4/af_inet.c",
	 "It is connect(2) for a TCP socket: it takes the socket's lock "
	 "and calls __inet_stream_connect().",
	 "It touches no packet itself. It leads to __inet_stream_connect(), "
	 "tcp_v4_connect() and tcp_connect(), which builds the SYN. The name "
	 "is the same on every kernel of the lab, 5.10 to 7.2."},
	{"__inet_stream_connect", "net/ipv4/af_inet.c",
	 "It starts the handshake with tcp_v4_connect() and waits for its end, "
	 "unless the socket is non-blocking.",
	 "EALREADY, EISCONN and EINPROGRESS come from here. The SYN is sent "
	 "beneath it; what arrives meanwhile is handled in softirq, which "
	 "wakes it. The name is the same on every kernel of the lab, 5.10 to "
	 "7.2."},
	{"inet_autobind", "net/ipv4/af_inet.c",
	 "It gives a socket without a port a free one; it sends no "
	 "packet.",
	 "connect(2) on UDP and the first send come here; the protocol's own "
	 "function, udp_v4_get_port() for UDP, does the work. If there is no "
	 "free port, the caller returns EAGAIN. The port becomes the source "
	 "port of the header."},
	{"inet_sendmsg", "net/ipv4/af_inet.c",
	 "It sends on a socket of IPv4: it calls udp_sendmsg() or "
	 "tcp_sendmsg().",
	 "A socket without a port gets one first. No header is touched here. "
	 "The name is the same on every kernel of the lab, 5.10 to 7.2."},
	{"inet_recvmsg", "net/ipv4/af_inet.c",
	 "It receives on a socket of IPv4: it calls udp_recvmsg() or "
	 "tcp_recvmsg().",
	 "No header is touched here. The name is the same on every kernel of "
	 "the lab, 5.10 to 7.2."},
	{"ip_queue_xmit", "net/ipv4/ip_output.c",
	 "It puts the IP header before a TCP segment and sends the "
	 "packet on its way.",
	 "__tcp_transmit_skb() calls it for every segment. It finds the route, "
	 "which a connection keeps, fills in addresses, TTL and protocol, and "
	 "goes on to ip_local_out(). UDP reaches the same place through "
	 "ip_send_skb()."},
	{"do_syscall_64", "arch/x86/entry/common.c, arch/x86/entry/syscall_64.c",
	 "It calls the function of a system call by its number, on "
	 "x86-64.",
	 "The frame is near the end of every stack that began with a system "
	 "call; above it are __x64_sys_connect() and similar functions. It "
	 "touches no packet. In 2025 it moved from common.c to syscall_64.c."},
	{"entry_SYSCALL_64_after_hwframe", "arch/x86/entry/entry_64.S",
	 "It is the first code of the kernel after the instruction "
	 "SYSCALL, on x86-64.",
	 "It is the last frame of every stack that began with a system call. "
	 "It is a label in assembly, not a C function: it saves registers and "
	 "calls do_syscall_64()."},
	{0},
};
/* clang-format on */
