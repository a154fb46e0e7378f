/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Skips the IPv6 extension headers between the IPv6 header and the transport
 * header (RFC 8200 4): a program may set them (ipv6(7), IPV6_HOPOPTS and the
 * like), and fragments have one. Encryption and authentication headers are not
 * skipped: their packets are ignored, here and in tracer/wire/packet.c.
 */
#ifndef DIALTONE_EXTENSIONS_BPF_H
#define DIALTONE_EXTENSIONS_BPF_H

#include "fragment.bpf.h"

#define IPPROTO_HOPOPTS 0
#define IPPROTO_ROUTING 43
#define IPPROTO_DSTOPTS 60

struct ipv6_extension { /* RFC 8200 4.3, 4.4, 4.6 */
	u8 next_header;
	u8 eights; /* of bytes, less the first */
};

/*
 * Extension headers before the transport header; a packet with more is ignored.
 */
#define IPV6_EXTENSIONS_MAX 8

/*
 * Skips one IPv6 extension header at @at, of the kind in e->proto, and returns
 * its bytes; 0: it is the transport header.
 */
static __always_inline u32 read_extension(struct event *e, const void *at,
					  u32 *id)
{
	struct ipv6_extension header;

	if (e->proto == IPPROTO_FRAGMENT)
		return ipv6_part(e, at, id);
	if (e->proto != IPPROTO_HOPOPTS && e->proto != IPPROTO_ROUTING &&
	    e->proto != IPPROTO_DSTOPTS)
		return 0;
	if (bpf_probe_read_kernel(&header, sizeof(header), at))
		return 0;
	e->proto = header.next_header;
	return (1 + header.eights) * 8;
}

/*
 * Skips all of them. After the fragment header of a later part comes payload.
 */
static __always_inline u32 read_extensions(struct event *e, const void *at,
					   u32 *id)
{
	u32 bytes = 0, more;

	for (int i = 0; i < IPV6_EXTENSIONS_MAX; i++) {
		more = read_extension(e, at + bytes, id);
		bytes += more;
		if (!more || e->packet.fragment == FRAGMENT_LATER)
			break;
	}
	return bytes;
}

#endif
