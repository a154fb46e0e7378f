// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Explanations of functions in call trees: between protocol and device, in both
 * directions, and around the socket.
 */
#include "explanations.h"

/* clang-format off */
const struct explanation explain_tree[] = {
	{"__sys_connect_file", "net/socket.c",
	 "It asks the security modules, and calls the socket's own connect.",
	 "That is inet_dgram_connect() for UDP and inet_stream_connect() for "
	 "TCP: here the two paths separate. It touches no packet."},
	{"__sys_accept4", "net/socket.c",
	 "It is the body of accept(2) and accept4(2): it makes a new socket "
	 "for a connection that is finished.",
	 "inet_accept() and inet_csk_accept() beneath it take the "
	 "connection from the queue, and wait if there is none. The "
	 "handshake was done before, in softirq; it touches no packet."},
	{"__x64_sys_close", "fs/open.c",
	 "It is where close(2) enters the kernel on x86-64: it takes the "
	 "file out of the process's table.",
	 "When the last descriptor is closed, __fput() releases the file: "
	 "inside close(2) since Linux 6.6; before that on the return to user "
	 "space, after the call."},
	{"filp_close", "fs/open.c",
	 "It drops one reference to an open file; the last one leads to "
	 "__fput().",
	 "close(2) calls it, and so does a process that ends, for each file "
	 "that it has open. It touches no packet."},
	{"__fput", "fs/file_table.c",
	 "It releases a file that no process has open any more; for a socket "
	 "it calls sock_close().",
	 "Before Linux 6.6 close(2) deferred it to the return to user space "
	 "(task_work), so it appears after the call and not inside it. A "
	 "socket that a child also has open is not released yet."},
	{"sock_close", "net/socket.c",
	 "It releases a socket's file: it calls the protocol's own function, "
	 "through __sock_release() and inet_release().",
	 "These call udp_lib_close() or tcp_close(); TCP sends its FIN there."},
	{"inet_release", "net/ipv4/af_inet.c",
	 "It releases a socket of IPv4: it calls udp_lib_close() or "
	 "tcp_close().",
	 "It touches no packet itself; what TCP still has to send, and "
	 "its FIN, is sent beneath it."},
	{"move_addr_to_kernel", "net/socket.c",
	 "It copies the address that the program gave from user space.",
	 "EFAULT comes from here, and EINVAL for an impossible length. It "
	 "touches no packet."},
	{"security_socket_connect", "security/security.c",
	 "It asks the security modules (SELinux, AppArmor, Landlock) "
	 "whether this connect is allowed.",
	 "EACCES or EPERM may come from here. It touches no packet."},
	{"lock_sock_nested", "net/core/sock.c",
	 "It locks the socket for this task: packets that arrive meanwhile "
	 "wait in the backlog.",
	 "It is the function behind lock_sock(). release_sock() ends it."},
	{"release_sock", "net/core/sock.c",
	 "It unlocks the socket, and first handles the packets that arrived "
	 "while it was locked.",
	 "So a segment may be handled in the task that made the call, and not "
	 "in softirq: in a connect(2) over loopback this happens to the "
	 "SYN-ACK, and the ACK is sent from here."},
	{"ip_route_output_flow", "net/ipv4/route.c",
	 "It looks up the route to an address; the route gives the source "
	 "address.",
	 "ENETUNREACH and EHOSTUNREACH come from here. It reads only tables of "
	 "this machine; it touches no packet."},
	{"__ip_queue_xmit", "net/ipv4/ip_output.c",
	 "It does the work of ip_queue_xmit(): route and IP header for a "
	 "TCP segment.",
	 "SCTP uses it too, with a type of service of its own. Then "
	 "ip_local_out() sends the packet on its way."},
	{"ip_local_out", "net/ipv4/ip_output.c",
	 "It completes the IP header (length, checksum) and passes the "
	 "packet through netfilter's OUTPUT.",
	 "TCP and UDP both call it. ip_output() is next, unless a rule drops "
	 "the packet."},
	{"ip_output", "net/ipv4/ip_output.c",
	 "It sends a packet towards its device, through netfilter's "
	 "POSTROUTING.",
	 "ip_finish_output() and ip_finish_output2() are next, then "
	 "__dev_queue_xmit()."},
	{"ip_finish_output", "net/ipv4/ip_output.c",
	 "It cuts a packet that is longer than the device's MTU, or reports "
	 "that it may not.",
	 "Most packets pass as they are, to ip_finish_output2()."},
	{"ip_finish_output2", "net/ipv4/ip_output.c",
	 "It finds the neighbour, that is the next address on the link, "
	 "and hands the packet over.",
	 "If the hardware address is not known, ARP asks for it; loopback has "
	 "none. __dev_queue_xmit() is next."},
	{"dev_hard_start_xmit", "net/core/dev.c",
	 "It gives a packet to the driver of its device.",
	 "A capture by libpcap takes its copy here. On lo the driver is "
	 "loopback_xmit()."},
	{"loopback_xmit", "drivers/net/loopback.c",
	 "It is the driver of lo: it puts a sent packet at once into the queue "
	 "of arrived packets.",
	 "So the receiver's side runs on the same CPU, as soon as softirqs are "
	 "allowed: in the sender's time, inside its system call."},
	{"__netif_receive_skb", "net/core/dev.c",
	 "It takes a packet in from its device and gives it to the "
	 "protocol above, ip_rcv() for IPv4.",
	 "It runs in softirq, in the time of the task that runs on the CPU; on "
	 "loopback that is the sender."},
	{"ip_rcv", "net/ipv4/ip_input.c",
	 "It checks the IP header of a packet that has arrived.",
	 "Damaged packets are dropped here; netfilter's PREROUTING follows, "
	 "then the route: ip_local_deliver() if it is for this machine."},
	{"ip_local_deliver", "net/ipv4/ip_input.c",
	 "It gives a packet for this machine to its protocol: udp_rcv(), "
	 "tcp_v4_rcv(), icmp_rcv().",
	 "Fragments are put together before, and netfilter's INPUT is "
	 "passed."},
	{"tcp_v4_do_rcv", "net/ipv4/tcp_ipv4.c",
	 "It takes one segment for a socket that is not locked, by the "
	 "state that the connection is in.",
	 "tcp_rcv_established() or tcp_rcv_state_process() is next. From "
	 "release_sock() it runs in a task, otherwise in softirq."},
	{0},
};
/* clang-format on */
