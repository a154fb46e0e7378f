// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The path of a TCP socket through the kernel, read from top to bottom:
 * connect, transmit, receive, accept, send and receive data, close.
 *
 * As in udp.bpf.c, each program is one step, and the plan chooses the function.
 * A softirq runs on top of the task that it interrupted: on loopback that is
 * the client, even for the server's half of the handshake.
 */
#include "packet.bpf.h"

char LICENSE[] __weak SEC("license") = "Dual BSD/GPL";

/* connect(2): chooses source address and port. */
SEC("kprobe")
int BPF_KPROBE(tcp_v4_connect, struct sock *sk)
{
	if (is_reported_by_ipv6(STEP_TCP_V4_CONNECT, sk))
		return 0;
	return call_event(ctx, STEP_TCP_V4_CONNECT, sk, 0);
}

SEC("kprobe")
int BPF_KPROBE(tcp_v6_connect, struct sock *sk)
{
	return call_event(ctx, STEP_TCP_V6_CONNECT, sk, 0);
}

/* Builds the SYN. */
SEC("kprobe")
int BPF_KPROBE(tcp_connect, struct sock *sk)
{
	return call_event(ctx, STEP_TCP_CONNECT, sk, 0);
}

/* Every segment passes here on its way to IP: SYN, data, ACK, FIN. */
SEC("kprobe")
int BPF_KPROBE(tcp_transmit, struct sock *sk)
{
	return call_event(ctx, STEP_TCP_TRANSMIT, sk, 0);
}

/* A segment has come up from IP, in softirq, and has no socket yet. */
SEC("kprobe")
int BPF_KPROBE(tcp_rcv, struct sk_buff *skb)
{
	return packet_call_event(ctx, STEP_TCP_RCV, skb, IPPROTO_TCP);
}

SEC("kprobe")
int BPF_KPROBE(tcp6_rcv, struct sk_buff *skb)
{
	return packet_call_event(ctx, STEP_TCP6_RCV, skb, IPPROTO_TCP);
}

/* The state machine of RFC 9293, for all states but ESTABLISHED. */
SEC("kprobe")
int BPF_KPROBE(tcp_rcv_state, struct sock *sk)
{
	return call_event(ctx, STEP_TCP_RCV_STATE, sk, 0);
}

/* accept(2): takes a connection whose handshake is long over. */
SEC("kprobe")
int BPF_KPROBE(tcp_accept, struct sock *sk)
{
	return call_event(ctx, STEP_TCP_ACCEPT, sk, 0);
}

SEC("kprobe")
int BPF_KPROBE(tcp_sendmsg, struct sock *sk, struct msghdr *msg, size_t len)
{
	return call_event(ctx, STEP_TCP_SENDMSG, sk, len);
}

/* splice(2) and sendfile(2), up to Linux 6.4; since then tcp_sendmsg. */
SEC("kprobe")
int BPF_KPROBE(tcp_sendpage, struct sock *sk, void *page, int offset,
	       size_t size)
{
	return call_event(ctx, STEP_TCP_SENDPAGE, sk, size);
}

SEC("kprobe")
int BPF_KPROBE(tcp_recvmsg, struct sock *sk, struct msghdr *msg, size_t len)
{
	return call_event(ctx, STEP_TCP_RECVMSG, sk, len);
}

/* close(2) of the last reference. */
SEC("kprobe")
int BPF_KPROBE(tcp_close, struct sock *sk)
{
	return call_event(ctx, STEP_TCP_CLOSE, sk, 0);
}

/* The connection's own half is over: FIN goes out. */
SEC("kprobe")
int BPF_KPROBE(tcp_send_fin, struct sock *sk)
{
	return call_event(ctx, STEP_TCP_SEND_FIN, sk, 0);
}
