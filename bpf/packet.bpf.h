/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reads the IP, UDP and TCP headers of a packet inside the kernel.
 *
 * Only what the lab shows is read: ends, ports, flags, sequence numbers and the
 * payload's length. Of IPv6 the headers between IP and transport are not
 * walked; libpcap, the other witness, does that.
 */
#ifndef DIALTONE_PACKET_BPF_H
#define DIALTONE_PACKET_BPF_H

#include "lab.bpf.h"

#define IP_OFFSET_MASK 0x1fff /* RFC 791 3.1: fragment offset */

struct ipv4_header { /* RFC 791 3.1 */
	u8 version_ihl;
	u8 tos;
	__be16 total_length;
	__be16 id;
	__be16 fragment;
	u8 ttl;
	u8 protocol;
	__be16 checksum;
	u8 source[4];
	u8 destination[4];
};

struct ipv6_header { /* RFC 8200 3 */
	u32 version_class_flow;
	__be16 payload_length;
	u8 next_header;
	u8 hop_limit;
	u8 source[16];
	u8 destination[16];
};

struct udp_header { /* RFC 768 */
	__be16 source;
	__be16 destination;
	__be16 length;
	__be16 checksum;
};

struct tcp_header { /* RFC 9293 3.1 */
	__be16 source;
	__be16 destination;
	__be32 seq;
	__be32 ack;
	u8 data_offset; /* upper four bits, in words of four octets */
	u8 flags;
	__be16 window;
};

/* Returns the transport header's length, 0 if it is not for the lab. */
static __always_inline u32 read_transport(struct event *e, const void *at)
{
	if (e->proto == IPPROTO_UDP) {
		struct udp_header udp;

		if (bpf_probe_read_kernel(&udp, sizeof(udp), at))
			return 0;
		e->local.port = bpf_ntohs(udp.source);
		e->peer.port = bpf_ntohs(udp.destination);
		return sizeof(udp);
	}
	if (e->proto == IPPROTO_TCP) {
		struct tcp_header tcp;

		if (bpf_probe_read_kernel(&tcp, sizeof(tcp), at))
			return 0;
		e->local.port = bpf_ntohs(tcp.source);
		e->peer.port = bpf_ntohs(tcp.destination);
		e->packet.seq = bpf_ntohl(tcp.seq);
		e->packet.ack = bpf_ntohl(tcp.ack);
		e->packet.tcp_flags = tcp.flags;
		return (tcp.data_offset >> 4) * 4;
	}
	return 0;
}

/*
 * Fills in protocol, source (local), destination (peer), length and TCP fields
 * from the IP header at @at, which @octets follow. Returns false for what is
 * neither UDP nor TCP, is not followed, or is a later fragment (no ports).
 */
static __always_inline bool event_headers(struct event *e, const void *at,
					  u32 octets)
{
	u32 headers, transport;
	u8 version;

	if (bpf_probe_read_kernel(&version, sizeof(version), at))
		return false;
	if (version >> 4 == 4) {
		struct ipv4_header ip;

		if (bpf_probe_read_kernel(&ip, sizeof(ip), at) ||
		    bpf_ntohs(ip.fragment) & IP_OFFSET_MASK)
			return false;
		e->local.family = e->peer.family = AF_INET;
		e->proto = ip.protocol;
		__builtin_memcpy(e->local.addr, ip.source, 4);
		__builtin_memcpy(e->peer.addr, ip.destination, 4);
		headers = (ip.version_ihl & 0xf) * 4;
	} else if (version >> 4 == 6) {
		struct ipv6_header ip;

		if (bpf_probe_read_kernel(&ip, sizeof(ip), at))
			return false;
		e->local.family = e->peer.family = AF_INET6;
		e->proto = ip.next_header;
		__builtin_memcpy(e->local.addr, ip.source, 16);
		__builtin_memcpy(e->peer.addr, ip.destination, 16);
		headers = sizeof(ip);
	} else {
		return false;
	}
	if (!proto_is_followed(e->proto))
		return false;
	transport = read_transport(e, at + headers);
	if (!transport || octets < headers + transport)
		return false;
	e->packet.len = octets - headers - transport;
	return true;
}

/*
 * A function that is called with a packet coming up from IP: skb->data stands
 * at the transport header, the network header lies before it.
 */
static __always_inline int packet_call_event(void *ctx, enum step step,
					     struct sk_buff *skb, u16 proto)
{
	const void *ip =
		BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, network_header);
	const void *data = BPF_CORE_READ(skb, data);
	struct event e = {};
	u32 len;

	count(counters.hits);
	count(counters.step_hits[step]);
	if (!event_headers(&e, ip, BPF_CORE_READ(skb, len) + (data - ip)) ||
	    e.proto != proto) {
		count(counters.filtered);
		return 0;
	}
	len = e.packet.len;
	event_begin(&e, EVENT_CALL);
	__builtin_memset(&e.packet, 0, sizeof(e.packet));
	e.call.step = step;
	e.call.len = len;
	e.netns = BPF_CORE_READ(skb, dev, nd_net.net, ns.inum);
	return call_end(ctx, step, &e, whose_flow(&e));
}

#endif
