// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Explanations of the other words that the text view prints. */
#include "explanations.h"

/* clang-format off */
const struct explanation explain_words[] = {
	{"softirq", "kernel/softirq.c",
	 "softirq is where the kernel handles arriving packets, on top of the "
	 "task that it interrupted.",
	 "The processor's current task there has nothing to do with the "
	 "packet; over loopback it is mostly the sender. So the tracer finds "
	 "out from the socket whose packet it is, and names no process."},
	{"hardirq", "kernel/irq/handle.c",
	 "hardirq is where the kernel answers a device, on top of the task "
	 "that it interrupted.",
	 "It does little, and leaves the packets to a softirq. Functions that "
	 "it runs during a system call do not belong to the call."},
	{"function_graph", "kernel/trace/trace_functions_graph.c",
	 "function_graph is the tracer of ftrace that sees functions begin and "
	 "end: tracer tree uses it.",
	 "Up to some kernel between 6.1 and 6.12 the machine has only one; "
	 "since then an instance of ftrace may have its own. It is limited to "
	 "the networking functions here: with all functions a machine becomes "
	 "too slow to use."},
	{"UDP", "net/ipv4/udp.c",
	 "UDP puts 8 bytes of header before the payload: source port, "
	 "destination port, length, checksum.",
	 "One datagram is one packet (or one IP packet in fragments), "
	 "with no handshake before it, no acknowledgement after it, and "
	 "no state on the way. So connect(2) has nothing to send. It is "
	 "RFC 768."},
	{"TCP", "net/ipv4/tcp.c",
	 "TCP carries a stream of bytes in segments, each with a header "
	 "of 20 bytes and options.",
	 "Both ends have to agree on sequence numbers first, which is "
	 "the handshake SYN, SYN-ACK, ACK that connect(2) performs. It "
	 "is RFC 9293."},
	{"ICMP", "net/ipv4/icmp.c, net/ipv6/icmp.c",
	 "ICMP reports to a sender what happened to its packet, and quotes the "
	 "packet's first bytes.",
	 "The kernel finds the socket by the quoted ports and stores the error "
	 "there (udp_err(), tcp_v4_err()): \"port unreachable\" is "
	 "ECONNREFUSED at the next call. Only a connected UDP socket gets the "
	 "error, because connect(2) has stored the peer; an unconnected one "
	 "has to ask for it, with IP_RECVERR. It is RFC 792, over IPv6 RFC "
	 "4443."},
	{"kprobe.multi", "kernel/trace/bpf_trace.c, kernel/trace/fprobe.c",
	 "kprobe.multi attaches one eBPF program to many functions at "
	 "once.",
	 "The kernel needs a tenth of a second and more to insert a kprobe for "
	 "each function; kprobe.multi rests on ftrace and takes as long for "
	 "one as for a thousand. It came with 5.18 and needs CONFIG_FPROBE, "
	 "which Debian's 5.10 and 6.1 do not have."},
	{0},
};
/* clang-format on */
