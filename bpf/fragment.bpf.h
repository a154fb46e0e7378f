/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fragments of a datagram. Only the first has the ports. The later ones have
 * the same addresses and identification. That is enough to find their first one
 * here, because ip_do_fragment() and ip6_fragment() hand the first one to the
 * device first. Over IPv4 the protocol belongs to the identification (RFC 791
 * 3.2); over IPv6 the later ones may name another header (RFC 8200 4.5).
 *
 * tracer/wire/packet.c does the same for the capture.
 */
#ifndef DIALTONE_FRAGMENT_BPF_H
#define DIALTONE_FRAGMENT_BPF_H

#include "lab.bpf.h"

#define IPPROTO_FRAGMENT 44

struct ipv6_fragment_header { /* RFC 8200 4.5 */
	u8 next_header;
	u8 reserved;
	__be16 fragment;
	__be32 id;
};

struct fragment_key {
	u8 source[16];
	u8 destination[16];
	u32 id;
	u16 family;
	u16 proto; /* 0 over IPv6 */
};

struct fragment_first { /* host byte order */
	u16 source;
	u16 destination;
	u16 proto;
};

/* LRU: a datagram's parts follow each other closely, and nothing says "last". */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct fragment_key);
	__type(value, struct fragment_first);
} fragments __weak SEC(".maps");

/* From the flags and offset of RFC 791 3.1, in host byte order. */
static __always_inline enum fragment ipv4_part(u16 fragment)
{
	if (fragment & 0x1fff) /* offset */
		return FRAGMENT_LATER;
	return fragment & 0x2000 ? FRAGMENT_FIRST : FRAGMENT_NONE; /* more */
}

/* Skips the fragment header at @at and returns its bytes, or 0. */
static __always_inline u32 ipv6_part(struct event *e, const void *at, u32 *id)
{
	struct ipv6_fragment_header header;
	u16 fragment;

	if (bpf_probe_read_kernel(&header, sizeof(header), at))
		return 0;
	fragment = bpf_ntohs(header.fragment);
	e->proto = header.next_header;
	*id = bpf_ntohl(header.id);
	if (fragment & 0xfff8) /* offset */
		e->packet.fragment = FRAGMENT_LATER;
	else if (fragment & 1) /* more; neither: a whole one, RFC 6946 */
		e->packet.fragment = FRAGMENT_FIRST;
	return sizeof(header);
}

static __always_inline void fragment_key_init(struct fragment_key *key,
					      const struct event *e, u32 id)
{
	__builtin_memcpy(key->source, e->local.addr, sizeof(key->source));
	__builtin_memcpy(key->destination, e->peer.addr,
			 sizeof(key->destination));
	key->id = id;
	key->family = e->local.family;
	key->proto = e->local.family == AF_INET ? e->proto : 0;
}

/* Remembers protocol and ports of a first part. */
static __always_inline void fragment_keep(const struct event *e, u32 id)
{
	struct fragment_first first = {e->local.port, e->peer.port, e->proto};
	struct fragment_key key;

	fragment_key_init(&key, e, id);
	bpf_map_update_elem(&fragments, &key, &first, BPF_ANY);
}

/* Writes them into a later part; false: its first one is not known. */
static __always_inline bool fragment_find(struct event *e, u32 id)
{
	struct fragment_key key;
	struct fragment_first *first;

	fragment_key_init(&key, e, id);
	first = bpf_map_lookup_elem(&fragments, &key);
	if (!first)
		return false;
	e->local.port = first->source;
	e->peer.port = first->destination;
	e->proto = first->proto;
	return true;
}

#endif
