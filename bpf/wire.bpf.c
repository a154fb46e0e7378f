// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Packets and TCP states as the kernel reports them, through tracepoints: they
 * need no kprobes, and their names have not changed since Linux 4.16.
 *
 *   net:net_dev_queue        a packet is handed to a device
 *   net:netif_receive_skb    a packet has come from a device
 *                            both: UDP and TCP, and ICMP errors on these
 *   sock:inet_sock_set_state a TCP socket changes its state
 *
 * Only the tracer's own network namespace is reported, because the capture sees
 * no other one.
 */
#include "icmp.bpf.h"

/* include/net/tcp_states.h */
#define TCP_SYN_SENT     2
#define TCP_SYN_RECV     3
#define TCP_FIN_WAIT2    5
#define TCP_TIME_WAIT    6
#define TCP_CLOSE        7
#define TCP_LISTEN       10
#define TCP_CLOSING      11
#define TCP_NEW_SYN_RECV 12

char LICENSE[] __weak SEC("license") = "Dual BSD/GPL";

/*
 * Where the events of the two directions are filled; syscalls.bpf.c says why
 * not on the stack. Both tracepoints run with softirqs disabled, so no program
 * interrupts another one there on the same CPU.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, u32);
	__type(value, struct event);
} packet_events SEC(".maps");

/* Zeroed. It is never NULL; the verifier requires the check. */
static __always_inline struct event *
packet_event_new(enum event_direction direction)
{
	u32 slot = direction == DIRECTION_IN;
	struct event *e = bpf_map_lookup_elem(&packet_events, &slot);

	if (e)
		__builtin_memset(e, 0, sizeof(*e));
	return e;
}

/*
 * The socket that sends the packet, in e->sock. No socket is named where
 * skb->sk is not a struct sock: a handshake that is not accepted yet has a
 * struct request_sock, and TIME_WAIT has a struct inet_timewait_sock. The
 * packets of both are known by their flow. A packet that comes in was not sent
 * by a socket of this device, whatever skb->sk says.
 */
static __always_inline void fill_sender(struct event *e, struct sk_buff *skb)
{
	struct sock *sk = BPF_CORE_READ(skb, sk);
	u8 state;

	if (!sk || e->packet.direction != DIRECTION_OUT)
		return;
	state = BPF_CORE_READ(sk, __sk_common.skc_state);
	if (state == TCP_TIME_WAIT || state == TCP_NEW_SYN_RECV)
		return;
	e->sock = (u64)sk;
	if (e->proto == IPPROTO_TCP)
		sock_ends(sk, &e->packet.own_local, &e->packet.own_peer);
}

/* Was a UDP packet with a known sender handed over before, and has waited? */
static __always_inline bool is_outside_call(const struct event *e)
{
	return e->proto == IPPROTO_UDP && e->sock &&
	       (e->context == CONTEXT_SOFTIRQ || !call_sends(e->sock));
}

/* Whose packet is it? What a task is first seen to send marks its port. */
static __always_inline enum whose whose_packet(struct event *e,
					       struct sk_buff *skb)
{
	enum whose whose;

	fill_sender(e, skb);
	/* a first packet may leave before another event shows its port */
	whose = e->sock ? whose_sock(e) : WHOSE_NOBODY;
	if (whose) {
		mark_hit(e, whose);
		/* where NAT has changed the port, the answer comes to this one */
		if (e->packet.own_local.port != e->local.port)
			mark_port(e->proto, e->packet.own_local.port, whose);
	}
	if (!whose)
		whose = whose_flow(e);

	if (whose == WHOSE_SELFTEST && e->packet.direction == DIRECTION_OUT) {
		if (e->local.family == AF_INET6)
			count(counters.selftest_packets6);
		else
			count(counters.selftest_packets);
	}
	return whose;
}

static __always_inline int packet_event(struct sk_buff *skb, const void *ip,
					u32 bytes,
					enum event_direction direction)
{
	struct net_device *dev = BPF_CORE_READ(skb, dev);
	u32 netns = BPF_CORE_READ(dev, nd_net.net, ns.inum);
	enum whose whose;
	struct event *e;

	if (netns != filter.netns)
		return 0;
	e = packet_event_new(direction);
	if (!e)
		return 0;
	e->netns = netns;
	if (event_headers(e, ip, bytes)) {
		event_begin(e, EVENT_PACKET);
		e->packet.direction = direction;
		e->packet.ifindex = BPF_CORE_READ(dev, ifindex);
		BPF_CORE_READ_STR_INTO(&e->packet.ifname, dev, name);
		whose = whose_packet(e, skb);
		if (whose == WHOSE_FOLLOWED)
			e->packet.outside_call = is_outside_call(e);
	} else if (event_icmp(e, ip, bytes)) {
		event_begin(e, EVENT_ICMP);
		e->icmp.direction = direction;
		e->icmp.ifindex = BPF_CORE_READ(dev, ifindex);
		BPF_CORE_READ_STR_INTO(&e->icmp.ifname, dev, name);
		whose = whose_flow(e);
	} else {
		return 0;
	}
	count(counters.hits);
	if (whose == WHOSE_FOLLOWED)
		emit(e);
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

	/* data points to the link header, if the device has one */
	return packet_event(skb, ip, BPF_CORE_READ(skb, len) - (ip - data),
			    DIRECTION_OUT);
}

/* On receive the network header is not set yet; data points to it. */
SEC("raw_tp/netif_receive_skb")
int BPF_PROG(netif_receive_skb, struct sk_buff *skb)
{
	return packet_event(skb, BPF_CORE_READ(skb, data),
			    BPF_CORE_READ(skb, len), DIRECTION_IN);
}

/*
 * The socket of the side that closes first ends here, but its connection does
 * not: tcp_time_wait() has turned it into a struct inet_timewait_sock, which
 * `ss` shows for TCP_TIMEWAIT_LEN, 60 s. A RST sets sk_err before
 * (tcp_reset()).
 */
static __always_inline bool time_wait_follows(struct sock *sk, int old_state,
					      int new_state)
{
	return new_state == TCP_CLOSE &&
	       (old_state == TCP_FIN_WAIT2 || old_state == TCP_CLOSING) &&
	       BPF_CORE_READ(sk, sk_err) == 0 &&
	       BPF_CORE_READ((struct tcp_sock *)sk, linger2) >= 0;
}

SEC("raw_tp/inet_sock_set_state")
int BPF_PROG(inet_sock_set_state, struct sock *sk, int old_state, int new_state)
{
	struct event e = {};
	enum whose whose;

	count(counters.hits);
	if (old_state == TCP_LISTEN && new_state == TCP_SYN_RECV)
		unmark(sk); /* a child begins; its memory may have been another socket's */
	event_begin(&e, EVENT_STATE);
	e.state.old_state = old_state;
	e.state.new_state = new_state;
	e.state.continues = time_wait_follows(sk, old_state, new_state);
	if (old_state == TCP_CLOSE && new_state == TCP_SYN_SENT)
		e.state.from = connect_from();
	if (!event_sock(&e, sk)) {
		count(counters.filtered);
		return 0;
	}
	whose = whose_event(&e);
	if (whose == WHOSE_SELFTEST)
		count(counters.selftest_states);
	if (whose == WHOSE_FOLLOWED)
		emit(&e);
	else
		count(counters.filtered);
	if (new_state == TCP_CLOSE)
		unmark(sk); /* the port stays marked: a last ACK may follow */
	return 0;
}
