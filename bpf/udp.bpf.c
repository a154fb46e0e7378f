// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The path of a UDP socket through the kernel, read from top to bottom:
 * connect, send, receive, disconnect, close.
 *
 * There is one program for each step (steps.def). SEC("kprobe") names no
 * function: the plan (tracer/plan) attaches each program to the best candidate
 * that this kernel has and that fires in the self-test. The arguments are those
 * that all candidates of the step share. Where IPv6 uses another function than
 * IPv4, its program (udp6_…) follows; otherwise one program serves both.
 *
 * Compare tcp.bpf.c: it has the same structure and many more steps.
 */
#include "packet.bpf.h"

char LICENSE[] __weak SEC("license") = "Dual BSD/GPL";

/* Where one call sends to, if it is not to the peer that connect(2) stored. */
static __always_inline void read_msg_name(struct event_addr *peer,
					  struct msghdr *msg)
{
	void *name = BPF_CORE_READ(msg, msg_name);
	struct sockaddr_in6 addr = {};

	if (!name || BPF_CORE_READ(msg, msg_namelen) < 8 ||
	    bpf_probe_read_kernel(&addr, sizeof(addr), name))
		return;
	if (addr.sin6_family != AF_INET && addr.sin6_family != AF_INET6)
		return;
	__builtin_memset(peer, 0, sizeof(*peer));
	peer->family = addr.sin6_family;
	peer->port = bpf_ntohs(addr.sin6_port);
	if (addr.sin6_family == AF_INET) /* it lies where IPv6 has the flow */
		__builtin_memcpy(peer->addr, &addr.sin6_flowinfo, 4);
	else
		__builtin_memcpy(peer->addr, addr.sin6_addr, 16);
}

static __always_inline int sendmsg_event(void *ctx, enum step step,
					 struct sock *sk, struct msghdr *msg,
					 u32 len)
{
	struct event e = {};
	bool ours;

	if (kprobes_off)
		return 0;
	call_begin(&e, step, len);
	ours = event_sock(&e, sk);
	read_msg_name(&e.peer, msg);
	return call_end(ctx, step, &e, ours ? whose_event(&e) : WHOSE_NOBODY);
}

/* connect(2): chooses the source, stores the peer. Nothing is sent. */
SEC("kprobe")
int BPF_KPROBE(udp_connect, struct sock *sk)
{
	if (is_reported_by_ipv6(STEP_UDP_CONNECT, sk))
		return 0;
	return call_event(ctx, STEP_UDP_CONNECT, sk, 0);
}

SEC("kprobe")
int BPF_KPROBE(udp6_connect, struct sock *sk)
{
	return call_event(ctx, STEP_UDP6_CONNECT, sk, 0);
}

/* bind(2), or the first use of an unbound socket: a local port is taken. */
SEC("kprobe")
int BPF_KPROBE(udp_get_port, struct sock *sk)
{
	return call_event(ctx, STEP_UDP_GET_PORT, sk, 0);
}

SEC("kprobe")
int BPF_KPROBE(udp6_get_port, struct sock *sk)
{
	return call_event(ctx, STEP_UDP6_GET_PORT, sk, 0);
}

/* send, sendto, sendmsg, write: one call, one datagram. */
SEC("kprobe")
int BPF_KPROBE(udp_sendmsg, struct sock *sk, struct msghdr *msg, size_t len)
{
	if (is_reported_by_ipv6(STEP_UDP_SENDMSG, sk))
		return 0;
	return sendmsg_event(ctx, STEP_UDP_SENDMSG, sk, msg, len);
}

SEC("kprobe")
int BPF_KPROBE(udp6_sendmsg, struct sock *sk, struct msghdr *msg, size_t len)
{
	return sendmsg_event(ctx, STEP_UDP6_SENDMSG, sk, msg, len);
}

/* splice(2) and sendfile(2), up to Linux 6.4; IPv6 takes udp6_sendmsg. */
SEC("kprobe")
int BPF_KPROBE(udp_sendpage, struct sock *sk, void *page, int offset,
	       size_t size)
{
	return call_event(ctx, STEP_UDP_SENDPAGE, sk, size);
}

/* The datagram, headers and all, goes down to IP. */
SEC("kprobe")
int BPF_KPROBE(udp_transmit, struct net *net, struct sk_buff *skb)
{
	struct sock *sk = BPF_CORE_READ(skb, sk);

	return call_event(ctx, STEP_UDP_TRANSMIT, sk, 0);
}

SEC("kprobe")
int BPF_KPROBE(udp6_transmit, struct sk_buff *skb)
{
	struct sock *sk = BPF_CORE_READ(skb, sk);

	return call_event(ctx, STEP_UDP6_TRANSMIT, sk, 0);
}

/*
 * A datagram has come up from IP, in softirq. Its socket has not been looked up
 * yet, so its ports decide.
 */
SEC("kprobe")
int BPF_KPROBE(udp_rcv, struct sk_buff *skb)
{
	return packet_call_event(ctx, STEP_UDP_RCV, skb, IPPROTO_UDP);
}

SEC("kprobe")
int BPF_KPROBE(udp6_rcv, struct sk_buff *skb)
{
	return packet_call_event(ctx, STEP_UDP6_RCV, skb, IPPROTO_UDP);
}

/* recv, recvfrom, recvmsg, read. */
SEC("kprobe")
int BPF_KPROBE(udp_recvmsg, struct sock *sk, struct msghdr *msg, size_t len)
{
	return call_event(ctx, STEP_UDP_RECVMSG, sk, len);
}

SEC("kprobe")
int BPF_KPROBE(udp6_recvmsg, struct sock *sk, struct msghdr *msg, size_t len)
{
	return call_event(ctx, STEP_UDP6_RECVMSG, sk, len);
}

/* One datagram is taken from the socket's queue, or waited for. */
SEC("kprobe")
int BPF_KPROBE(udp_dequeue, struct sock *sk)
{
	return call_event(ctx, STEP_UDP_DEQUEUE, sk, 0);
}

/* connect(AF_UNSPEC): the peer is forgotten. */
SEC("kprobe")
int BPF_KPROBE(udp_disconnect, struct sock *sk)
{
	return call_event(ctx, STEP_UDP_DISCONNECT, sk, 0);
}

/* The last reference is closed. */
SEC("kprobe")
int BPF_KPROBE(udp_close, struct sock *sk)
{
	call_event(ctx, STEP_UDP_CLOSE, sk, 0);
	unmark(sk);
	return 0;
}

SEC("kprobe")
int BPF_KPROBE(udp6_close, struct sock *sk)
{
	call_event(ctx, STEP_UDP6_CLOSE, sk, 0);
	unmark(sk);
	return 0;
}
