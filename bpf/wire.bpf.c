// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the kernel itself says about packets and TCP states, from tracepoints:
 * they need no kprobes, and their names have held since Linux 4.16.
 *
 *   net:net_dev_queue        a packet is handed to a device
 *   net:netif_receive_skb    a packet has come from a device
 *                            both: UDP and TCP, and ICMP errors on these
 *   sock:inet_sock_set_state a TCP socket changes its state
 *
 * Only the tracer's own network namespace is reported, since libpcap, the other
 * witness of packets, sees no other either.
 */
#include "icmp.bpf.h"

/* include/net/tcp_states.h */
#define TCP_SYN_SENT 2
#define TCP_SYN_RECV 3
#define TCP_CLOSE    7
#define TCP_LISTEN   10

char LICENSE[] __weak SEC("license") = "Dual BSD/GPL";

/* Whose packet is it? What a task is first seen to send marks its port. */
static __always_inline enum whose whose_packet(struct event *e,
					       struct sk_buff *skb)
{
	enum whose whose;

	/* a first packet may leave before anything else tells its port */
	e->sock = (u64)BPF_CORE_READ(skb, sk);
	whose = whose_sock(e);
	if (whose && e->packet.direction == DIRECTION_OUT)
		mark(e, whose);
	if (!whose)
		whose = whose_flow(e);
	e->sock = 0; /* may be a request socket: its address names nobody */

	if (whose == WHOSE_SENTINEL && e->packet.direction == DIRECTION_OUT) {
		if (e->local.family == AF_INET6)
			count(counters.sentinel_packets6);
		else
			count(counters.sentinel_packets);
	}
	return whose;
}

static __always_inline int packet_event(struct sk_buff *skb, const void *ip,
					u32 octets,
					enum event_direction direction)
{
	struct net_device *dev = BPF_CORE_READ(skb, dev);
	struct event e = {};
	enum whose whose;

	e.netns = BPF_CORE_READ(dev, nd_net.net, ns.inum);
	if (e.netns != filter.netns)
		return 0;
	if (event_headers(&e, ip, octets)) {
		event_begin(&e, EVENT_PACKET);
		e.packet.direction = direction;
		e.packet.ifindex = BPF_CORE_READ(dev, ifindex);
		BPF_CORE_READ_STR_INTO(&e.packet.ifname, dev, name);
		whose = whose_packet(&e, skb);
	} else if (event_icmp(&e, ip, octets)) {
		event_begin(&e, EVENT_ICMP);
		e.icmp.direction = direction;
		e.icmp.ifindex = BPF_CORE_READ(dev, ifindex);
		BPF_CORE_READ_STR_INTO(&e.icmp.ifname, dev, name);
		whose = whose_flow(&e);
	} else {
		return 0;
	}
	count(counters.hits);
	if (whose == WHOSE_FOLLOWED)
		emit(&e);
	else
		count(counters.filtered);
	return 0;
}

SEC("raw_tp/net_dev_queue")
int BPF_PROG(net_dev_queue, struct sk_buff *skb)
{
	const void *head = BPF_CORE_READ(skb, head);
	const void *ip = head + BPF_CORE_READ(skb, network_header);
	const void *data = BPF_CORE_READ(skb, data);

	/* data stands at the link header, if the device has one */
	return packet_event(skb, ip, BPF_CORE_READ(skb, len) - (ip - data),
			    DIRECTION_OUT);
}

/* On receive the network header is not set yet; data stands at it. */
SEC("raw_tp/netif_receive_skb")
int BPF_PROG(netif_receive_skb, struct sk_buff *skb)
{
	return packet_event(skb, BPF_CORE_READ(skb, data),
			    BPF_CORE_READ(skb, len), DIRECTION_IN);
}

SEC("raw_tp/inet_sock_set_state")
int BPF_PROG(inet_sock_set_state, struct sock *sk, int old_state, int new_state)
{
	struct event e = {};
	enum whose whose;

	count(counters.hits);
	if (old_state == TCP_LISTEN && new_state == TCP_SYN_RECV)
		unmark(sk); /* a child begins: its memory was another's */
	event_begin(&e, EVENT_STATE);
	e.state.old_state = old_state;
	e.state.new_state = new_state;
	if (old_state == TCP_CLOSE && new_state == TCP_SYN_SENT)
		e.state.from = connect_from();
	if (!event_sock(&e, sk)) {
		count(counters.filtered);
		return 0;
	}
	whose = whose_event(&e);
	if (whose == WHOSE_SENTINEL)
		count(counters.sentinel_states);
	if (whose == WHOSE_FOLLOWED)
		emit(&e);
	else
		count(counters.filtered);
	if (new_state == TCP_CLOSE)
		unmark(sk); /* the port stays marked: a last ACK may follow */
	return 0;
}
