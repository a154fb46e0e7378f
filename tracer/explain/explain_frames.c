// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Explanations of stack frames from a system call's entry to the socket, and
 * from the softirq to the protocol. A frame was seen, over loopback, on the
 * kernels that its text names.
 */
#include "explanations.h"

/* clang-format off */
const struct explanation explain_frames[] = {
	{"__x64_sys_write", "fs/read_write.c",
	 "It is where write(2) enters the kernel on x86-64.",
	 "It unpacks the registers and continues in ksys_write(), mostly by a "
	 "jump, so stacks seldom show it. It touches no packet. The name dates "
	 "from Linux 4.17; before that it was sys_write()."},
	{"ksys_write", "fs/read_write.c",
	 "It is the body of write(2): it finds the file that the descriptor "
	 "stands for.",
	 "A socket is a file, too, so write(2) works on a connected socket. "
	 "vfs_write() comes next. It touches no packet. It appears in stacks "
	 "from 5.10 to 7.2."},
	{"vfs_write", "fs/read_write.c",
	 "It writes to a file of any kind; for a socket it calls "
	 "sock_write_iter().",
	 "On 5.10 new_sync_write() is between the two, on 4.x __vfs_write() as "
	 "well. It touches no packet."},
	{"__vfs_write", "fs/read_write.c",
	 "__vfs_write is an old name: today vfs_write() itself does its work.",
	 "Stacks of 4.x show it between vfs_write() and new_sync_write(). It "
	 "touches no packet."},
	{"new_sync_write", "fs/read_write.c",
	 "It wraps the bytes of a write(2) so that sock_write_iter() can "
	 "take them.",
	 "It appears in stacks of 5.10; on 6.1 and later kernels the compiler "
	 "has inlined it into vfs_write(). It touches no packet."},
	{"sock_write_iter", "net/socket.c",
	 "It is where write(2) on a file becomes sending on a socket.",
	 "What follows is the same as for send(2): __sock_sendmsg(), and then "
	 "the protocol's udp_sendmsg() or tcp_sendmsg(). It appears in stacks "
	 "from 5.10 to 7.2."},
	{"__sock_sendmsg", "net/socket.c",
	 "It sends on a socket: it calls inet_sendmsg(), or the protocol "
	 "directly.",
	 "It asks the security modules first. Its name was sock_sendmsg() "
	 "before; that name remains for callers inside the kernel. Stable "
	 "kernels have taken the change, so stacks of Debian's 5.10 and 6.1 "
	 "show it; those of 7.2 do on arm64, and do not on x86-64."},
	{"sock_sendmsg", "net/socket.c",
	 "sock_sendmsg sends on a socket; in the path of a system call today "
	 "it is __sock_sendmsg().",
	 "Stacks of 4.x show it below sock_write_iter() and SYSC_sendto(). It "
	 "still exists, for callers inside the kernel."},
	{"__sys_sendto", "net/socket.c",
	 "It is the body of sendto(2) and send(2): it copies the address, if "
	 "one is given.",
	 "__sock_sendmsg() comes next. The name is there since Linux 4.17; "
	 "older stacks show SYSC_sendto() there. It touches no packet."},
	{"udp_send_skb", "net/ipv4/udp.c",
	 "It puts the UDP header before the payload: ports, length, checksum.",
	 "udp_sendmsg() calls it with a finished buffer, and it calls "
	 "ip_send_skb(). It appears in stacks from 5.10 to 7.2, but not in the "
	 "article's, of 4.x."},
	{"__x64_sys_read", "fs/read_write.c",
	 "It is where read(2) enters the kernel on x86-64.",
	 "It unpacks the registers and continues in ksys_read(), mostly by a "
	 "jump, so stacks seldom show it. It touches no packet. The name dates "
	 "from Linux 4.17; before that it was sys_read()."},
	{"ksys_read", "fs/read_write.c",
	 "It is the body of read(2): it finds the file that the descriptor "
	 "stands for.",
	 "vfs_read() comes next. It touches no packet. It appears in stacks "
	 "from 5.10 to 7.2."},
	{"vfs_read", "fs/read_write.c",
	 "It reads from a file of any kind; for a socket it calls "
	 "sock_read_iter().",
	 "On 5.10 new_sync_read() is between the two, on 4.x __vfs_read() as "
	 "well. It touches no packet."},
	{"__vfs_read", "fs/read_write.c",
	 "__vfs_read is an old name: today vfs_read() itself does its work.",
	 "Stacks of 4.x show it between vfs_read() and new_sync_read(). It "
	 "touches no packet."},
	{"new_sync_read", "fs/read_write.c",
	 "It wraps the buffer of a read(2) so that sock_read_iter() can fill "
	 "it.",
	 "It appears in stacks of 5.10; on 6.1 and later kernels the compiler "
	 "has inlined it into vfs_read(). It touches no packet."},
	{"sock_read_iter", "net/socket.c",
	 "It is where read(2) on a file becomes receiving on a socket.",
	 "read(2) has no room for an address, so the sender's address is lost "
	 "here. What follows is the same as for recv(2): inet_recvmsg() and "
	 "udp_recvmsg() or tcp_recvmsg(). It appears in stacks from 5.10 to "
	 "7.2."},
	{"sock_recvmsg", "net/socket.c",
	 "It receives on a socket: it calls inet_recvmsg().",
	 "It asks the security modules first. Stacks of 4.x and 7.2 show it; "
	 "those of 5.10 and 6.1 go from its caller to inet_recvmsg(). It "
	 "touches no packet."},
	{"__sys_recvfrom", "net/socket.c",
	 "It is the body of recvfrom(2) and recv(2): at its end it copies the "
	 "sender's address.",
	 "The name is there since Linux 4.17; older stacks show "
	 "SYSC_recvfrom() there. It touches no packet itself."},
	{"__x64_sys_recvfrom", "net/socket.c",
	 "It is where recvfrom(2) enters the kernel on x86-64.",
	 "It unpacks the registers and calls __sys_recvfrom(). It touches no "
	 "packet. The name dates from Linux 4.17; before that it was "
	 "sys_recvfrom()."},
	{"__local_bh_enable_ip", "kernel/softirq.c",
	 "It allows softirqs again, and runs those that are waiting at once.",
	 "So a packet sent over loopback is received before the sender's call "
	 "has returned, on the sender's own stack. The frames above this one "
	 "are the receiver's work."},
	{"do_softirq", "kernel/softirq.c",
	 "It switches to the stack for softirqs, and runs them there.",
	 "A part of it may appear in stacks as do_softirq.part.0. The task "
	 "that was running has nothing to do with what follows."},
	{"__do_softirq", "kernel/softirq.c",
	 "It runs the softirqs that are waiting, among them network receive.",
	 "__softirqentry_text_start is a second name of the same address, "
	 "which stacks of 5.10 show. Debian's 6.1, 6.12 and 7.2 show "
	 "handle_softirqs(), which has its loop; on arm64 they show both."},
	{"__softirqentry_text_start", "kernel/softirq.c",
	 "It is where the code of softirqs begins: on 5.10 a second name of "
	 "__do_softirq().",
	 "Stacks of 5.10 show this name, and those of 6.1 on arm64. On "
	 "Debian's 6.1, 6.12 and 7.2 handle_softirqs() appears there, or above "
	 "it."},
	{"handle_softirqs", "kernel/softirq.c",
	 "It is the loop that runs the softirqs that are waiting, among them "
	 "network receive.",
	 "The frames below it in a stack belong to the interrupted task. It "
	 "appears in stacks of Debian's 6.1, 6.12 and 7.2, on arm64 with its "
	 "caller __do_softirq(); on 5.10 it is a part of that function."},
	{"task_work_run", "kernel/task_work.c",
	 "It does the work that a task has deferred until it returns to its "
	 "program.",
	 "Before Linux 6.6 close(2) defers the release of a file: ____fput() "
	 "comes next. It touches no packet itself; a FIN is sent beneath it."},
	{"____fput", "fs/file_table.c",
	 "It is __fput() in the form that task_work_run() can call.",
	 "It appears in stacks of close(2) of 6.1. It touches no packet "
	 "itself; a FIN is sent beneath it."},
	{"net_rx_action", "net/core/dev.c",
	 "It is the receive softirq: it takes packets from each device that "
	 "has some waiting.",
	 "For lo and for a veth it calls process_backlog(), for a network card "
	 "its driver (NAPI). It appears in stacks from 5.10 to 7.2."},
	{"process_backlog", "net/core/dev.c",
	 "It takes packets that were sent over loopback or veth from this "
	 "processor's queue.",
	 "Each goes up through __netif_receive_skb_one_core() to IP. It "
	 "appears in stacks from 5.10 to 7.2."},
	{"ip_local_deliver_finish", "net/ipv4/ip_input.c",
	 "It hands a packet that is for this machine to UDP or TCP.",
	 "ip_protocol_deliver_rcu() looks the protocol up by the number in the "
	 "IP header. It appears in stacks from 5.10 to 7.2."},
	{"__dev_queue_xmit", "net/core/dev.c",
	 "It hands a packet to the device: from here on it is on the wire.",
	 "The device's queue and what tcpdump sees come next; loopback puts "
	 "the packet at once into the queue of those received. It appears in "
	 "stacks from 5.10 to 7.2."},
	{0},
};
/* clang-format on */
