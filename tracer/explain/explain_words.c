// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Explanations of the other words that the text view prints. */
#include "explanations.h"

/* clang-format off */
const struct explanation explain_words[] = {
	{"softirq", "kernel/softirq.c",
	 "softirq is where the kernel handles arriving packets, on "
	 "whatever task it interrupted.",
	 "The task that is named by the processor there has nothing to "
	 "do with the packet; over loopback it is mostly the sender. So "
	 "the tracer tells by the socket whose packet it is, and names "
	 "no process."},
	{"hardirq", "kernel/irq/handle.c",
	 "hardirq is the kernel at the call of a device, on whatever task "
	 "it interrupted.",
	 "It does little, and leaves the packets to a softirq. What it "
	 "ran in the middle of a system call is not the call's own."},
	{"function_graph", "kernel/trace/trace_functions_graph.c",
	 "function_graph is the tracer of ftrace that sees functions "
	 "begin and end: the tracer tree is made of it.",
	 "Up to some kernel between 6.1 and 6.12 there is one for all; "
	 "since then an instance of ftrace may have its own. It is "
	 "limited to the networking functions here: over all functions "
	 "a machine slows down beyond use."},
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
	 "ICMP reports to a sender what became of a packet of his, and "
	 "quotes its first bytes.",
	 "By the ports that are quoted the kernel finds the socket and "
	 "leaves the error there (udp_err(), tcp_v4_err()): \"port "
	 "unreachable\" is ECONNREFUSED at the next call. Of UDP sockets "
	 "only a connected one is told so, which is what connect(2) has "
	 "done for it; an unconnected one has to ask, by IP_RECVERR. It "
	 "is RFC 792, over IPv6 RFC 4443."},
	{"kprobe.multi", "kernel/trace/bpf_trace.c, kernel/trace/fprobe.c",
	 "kprobe.multi attaches one eBPF program to many functions at "
	 "once.",
	 "A kprobe for each function takes the kernel a tenth of a second "
	 "and more to put in; this one rests on ftrace and takes as long "
	 "for one as for a thousand. It came with 5.18 and needs "
	 "CONFIG_FPROBE, which Debian's 5.10 and 6.1 have not."},
	{0},
};
/* clang-format on */
