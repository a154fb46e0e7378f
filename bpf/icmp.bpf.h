/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ICMP errors. An ICMP error has no ports, but it quotes the packet that it
 * reports on, at least up to its ports. These ports say which socket it
 * concerns.
 *
 * tracer/wire/packet.c does the same for the capture.
 */
#ifndef DIALTONE_ICMP_BPF_H
#define DIALTONE_ICMP_BPF_H

#include "packet.bpf.h"

#define IPPROTO_ICMP   1
#define IPPROTO_ICMPV6 58

struct icmp_header { /* RFC 792, RFC 4443 2.1: the same for all errors */
	u8 type;
	u8 code;
	__be16 checksum;
	__be32 rest;
};

static __always_inline bool icmp_is_error(u16 proto, u8 type)
{
	if (proto == IPPROTO_ICMPV6)
		return type >= 1 && type <= 4;
	return proto == IPPROTO_ICMP && (type == 3 || type == 4 || type == 5 ||
					 type == 11 || type == 12);
}

/* Reads addresses, protocol and ports of the quoted packet at @at. */
static __always_inline bool read_quoted(struct event *e, const void *at,
					u32 bytes)
{
	u32 id, headers;
	__be16 ports[2];

	headers = read_ip(e, at, &bytes, &id);
	if (!headers || bytes < headers + sizeof(ports) ||
	    e->packet.fragment == FRAGMENT_LATER ||
	    !proto_is_followed(e->proto) ||
	    bpf_probe_read_kernel(ports, sizeof(ports), at + headers))
		return false;
	e->local.port = bpf_ntohs(ports[0]);
	e->peer.port = bpf_ntohs(ports[1]);
	return true;
}

/*
 * For a packet that event_headers() has read and rejected. Fills in the error
 * from the IP header at @at, of which @bytes are available, and the protocol,
 * source (local) and destination (peer) of the quoted packet. Returns false if
 * it is not an ICMP error, or if the quoted packet is not followed.
 */
static __always_inline bool event_icmp(struct event *e, const void *at,
				       u32 bytes)
{
	struct event_addr from;
	struct icmp_header icmp;
	u32 id, headers;

	if (e->proto != IPPROTO_ICMP && e->proto != IPPROTO_ICMPV6)
		return false; /* nearly all: not read a second time */
	headers = read_ip(e, at, &bytes, &id);
	from = e->local;
	if (!headers || bytes < headers + sizeof(icmp) ||
	    e->packet.fragment == FRAGMENT_LATER ||
	    bpf_probe_read_kernel(&icmp, sizeof(icmp), at + headers) ||
	    !icmp_is_error(e->proto, icmp.type))
		return false;
	headers += sizeof(icmp);
	e->packet.fragment = FRAGMENT_NONE;
	if (!read_quoted(e, at + headers, bytes - headers))
		return false;
	__builtin_memset(&e->packet, 0, sizeof(e->packet));
	e->icmp.type = icmp.type;
	e->icmp.code = icmp.code;
	e->icmp.from = from;
	return true;
}

#endif
