/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reads the IP, UDP and TCP headers of a packet inside the kernel.
 *
 * It reads only what the tracer shows: addresses, ports, flags, sequence
 * numbers and the payload's length. tracer/wire/packet.c does the same for the
 * capture.
 */
#ifndef DIALTONE_PACKET_BPF_H
#define DIALTONE_PACKET_BPF_H

#include "extensions.bpf.h"

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
	u8 data_offset; /* upper four bits, in words of four bytes */
	u8 flags;
	__be16 window;
};

/* Reads the UDP header at @at; @bytes are available, including the header. */
static __always_inline bool read_udp(struct event *e, const void *at, u32 bytes)
{
	struct udp_header udp;

	if (bytes < sizeof(udp) || bpf_probe_read_kernel(&udp, sizeof(udp), at))
		return false;
	e->local.port = bpf_ntohs(udp.source);
	e->peer.port = bpf_ntohs(udp.destination);
	if (e->packet.fragment == FRAGMENT_FIRST)
		bytes = bpf_ntohs(udp.length); /* the whole datagram's */
	e->packet.len = bytes - sizeof(udp);
	return bytes >= sizeof(udp);
}

static __always_inline bool read_tcp(struct event *e, const void *at, u32 bytes)
{
	struct tcp_header tcp;
	u32 header;

	if (bpf_probe_read_kernel(&tcp, sizeof(tcp), at))
		return false;
	header = (tcp.data_offset >> 4) * 4;
	e->local.port = bpf_ntohs(tcp.source);
	e->peer.port = bpf_ntohs(tcp.destination);
	e->packet.seq = bpf_ntohl(tcp.seq);
	e->packet.ack = bpf_ntohl(tcp.ack);
	e->packet.tcp_flags = tcp.flags;
	e->packet.len = bytes - header;
	return header && bytes >= header;
}

/*
 * Cuts the packet where IP says that it ends: Ethernet pads a frame to 60
 * bytes, and the receiver still sees the padding. A length of 0 means that the
 * packet has more than 65,535 bytes and has not been cut into segments yet.
 */
static __always_inline void clip(u32 *bytes, u32 length)
{
	if (length && length < *bytes)
		*bytes = length;
}

/*
 * Fills in addresses (without ports), protocol and fragment from the IP header
 * at @at, and the identification that all fragments of a datagram share. @bytes
 * is how many bytes there are; on return, how many belong to IP. Returns how
 * many of them come before the transport header, 0 for a packet that is not IP.
 */
static __always_inline u32 read_ip(struct event *e, const void *at, u32 *bytes,
				   u32 *id)
{
	u8 version;

	if (bpf_probe_read_kernel(&version, sizeof(version), at))
		return 0;
	if (version >> 4 == 4) {
		struct ipv4_header ip;

		if (bpf_probe_read_kernel(&ip, sizeof(ip), at))
			return 0;
		e->local.family = e->peer.family = AF_INET;
		e->proto = ip.protocol;
		__builtin_memcpy(e->local.addr, ip.source, 4);
		__builtin_memcpy(e->peer.addr, ip.destination, 4);
		e->packet.fragment = ipv4_part(bpf_ntohs(ip.fragment));
		*id = bpf_ntohs(ip.id);
		clip(bytes, bpf_ntohs(ip.total_length));
		return (ip.version_ihl & 0xf) * 4;
	}
	if (version >> 4 == 6) {
		struct ipv6_header ip;

		if (bpf_probe_read_kernel(&ip, sizeof(ip), at))
			return 0;
		e->local.family = e->peer.family = AF_INET6;
		e->proto = ip.next_header;
		__builtin_memcpy(e->local.addr, ip.source, 16);
		__builtin_memcpy(e->peer.addr, ip.destination, 16);
		if (ip.payload_length)
			clip(bytes, sizeof(ip) + bpf_ntohs(ip.payload_length));
		return sizeof(ip) + read_extensions(e, at + sizeof(ip), id);
	}
	return 0;
}

/*
 * Fills in protocol, source (local), destination (peer), length, fragment and
 * TCP fields from the IP header at @at, which @bytes follow. Returns false if
 * the packet is neither UDP nor TCP, is not followed, or is a later fragment
 * whose first one is not known (no ports).
 */
static __always_inline bool event_headers(struct event *e, const void *at,
					  u32 bytes)
{
	u32 id = 0;
	u32 headers = read_ip(e, at, &bytes, &id);

	if (!headers || bytes < headers)
		return false;
	at += headers;
	bytes -= headers;
	if (e->packet.fragment == FRAGMENT_LATER) {
		e->packet.len = bytes;
		return fragment_find(e, id); /* one that is followed, then */
	}
	if (!proto_is_followed(e->proto))
		return false;
	if (e->proto == IPPROTO_UDP ? !read_udp(e, at, bytes) :
				      !read_tcp(e, at, bytes))
		return false;
	if (e->packet.fragment == FRAGMENT_FIRST)
		fragment_keep(e, id);
	return true;
}

/*
 * For a function that gets a packet from IP: skb->data points to the transport
 * header, the network header is before it.
 */
static __always_inline int packet_call_event(void *ctx, enum step step,
					     struct sk_buff *skb, u16 proto)
{
	const void *ip =
		BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, network_header);
	const void *data = BPF_CORE_READ(skb, data);
	struct event e = {};
	u32 len;

	if (kprobes_off)
		return 0;
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
