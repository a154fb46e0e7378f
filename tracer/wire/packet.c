// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Decodes IPv4, IPv6, UDP, TCP and ICMP, from the outer header inwards: each
 * step takes its header off the span; the next header then begins the span.
 *
 * Headers are read byte by byte at the offsets of the RFCs: they may lie at any
 * address, and a struct laid over them would have to be packed.
 */
#include "packet.h"

#include <netinet/in.h>
#include <string.h>

#include "link.h"
#include "record/span.h"

#define IP_LENGTH_MAX 0xffff /* what 16 bits of an IP length field can say */

struct ip_header {
	uint8_t proto; /* after the extension headers, which are skipped */
	struct endpoint src, dst;
	bool fragment, later_fragment;
	uint32_t id; /* of a fragment */
};

static void endpoint_set(struct endpoint *ep, uint16_t family,
			 const uint8_t *address, size_t bytes)
{
	ep->family = family;
	memcpy(ep->addr, address, bytes);
}

/*
 * Clips @span to the length in the IP header. A length of 0 on a packet beyond
 * 64 KiB is not an error but a segment that is still to be cut up: Linux writes
 * 0 where the field is too small (BIG TCP: net/ipv4/ip_output.c,
 * iph_set_totlen(); IPv6: RFC 2675, later kernels without its option).
 */
static int clip_to_length(struct span *span, size_t promised, bool zero)
{
	if (zero && span->wire > IP_LENGTH_MAX)
		return 0;
	if (promised > span->wire)
		return -EBADMSG;
	span_clip(span, promised);
	return 0;
}

/* RFC 791 3.1 */
static int ipv4_decode(struct ip_header *ip, struct span *span)
{
	struct span whole = *span;
	size_t header_bytes, total;
	const uint8_t *header;
	unsigned int fragment;
	int err = span_take(span, 20, &header);

	if (err)
		return err;
	header_bytes = (size_t)(header[0] & 0xf) * 4;
	total = get_be16(header + 2);
	if (header[0] >> 4 != 4 || header_bytes < 20 ||
	    (total && total < header_bytes))
		return -EBADMSG;
	err = clip_to_length(&whole, total, total == 0);
	if (err)
		return err;

	fragment = get_be16(header + 6);
	ip->later_fragment = fragment & 0x1fff;
	ip->fragment = ip->later_fragment || fragment & 0x2000;
	ip->id = get_be16(header + 4);
	ip->proto = header[9];
	endpoint_set(&ip->src, AF_INET, header + 12, 4);
	endpoint_set(&ip->dst, AF_INET, header + 16, 4);

	*span = whole; /* again from its start, the options included */
	return span_take(span, header_bytes, &header);
}

/* Is @proto an IPv6 header that can be skipped? RFC 8200 4. */
static bool is_extension(uint8_t proto)
{
	return proto == IPPROTO_HOPOPTS || proto == IPPROTO_ROUTING ||
	       proto == IPPROTO_FRAGMENT || proto == IPPROTO_DSTOPTS;
}

/* Skips one extension header, of the kind that ip->proto says. */
static int extension_decode(struct ip_header *ip, struct span *span)
{
	const uint8_t *header, *rest;
	bool is_fragment = ip->proto == IPPROTO_FRAGMENT;
	unsigned int fragment;
	int err = span_take(span, 8, &header);

	if (err)
		return err;
	ip->proto = header[0];
	if (!is_fragment) /* RFC 8200 4.3: length in eights, less the first */
		return span_take(span, header[1] * 8U, &rest);

	fragment = get_be16(header + 2); /* RFC 8200 4.5 */
	ip->later_fragment = fragment & 0xfff8;
	/* neither offset nor more to come: a whole packet, RFC 6946 */
	ip->fragment = ip->later_fragment || fragment & 1;
	ip->id = get_be32(header + 4);
	return 0;
}

/* RFC 8200 3 */
static int ipv6_decode(struct ip_header *ip, struct span *span)
{
	const uint8_t *header;
	unsigned int i;
	size_t payload;
	int err = span_take(span, 40, &header);

	if (err)
		return err;
	if (header[0] >> 4 != 6)
		return -EBADMSG;
	payload = get_be16(header + 4);
	err = clip_to_length(span, payload, payload == 0);
	if (err)
		return err;

	ip->proto = header[6];
	endpoint_set(&ip->src, AF_INET6, header + 8, 16);
	endpoint_set(&ip->dst, AF_INET6, header + 24, 16);

	for (i = 0; is_extension(ip->proto) && !ip->later_fragment; i++) {
		if (i == PACKET_EXTENSIONS_MAX)
			return -E2BIG;
		err = extension_decode(ip, span);
		if (err)
			return err;
	}
	return 0;
}

/* Takes the IP headers off @span and leaves it at their payload, no more. */
static int ip_decode(struct ip_header *ip, struct span *span, int version)
{
	memset(ip, 0, sizeof(*ip));
	return version == 4 ? ipv4_decode(ip, span) : ipv6_decode(ip, span);
}

/* RFC 768 */
static int udp_decode(struct packet *packet, struct span *span)
{
	const uint8_t *header;
	size_t datagram;
	int err = span_take(span, 8, &header);

	if (err)
		return err;
	packet->src.port = get_be16(header);
	packet->dst.port = get_be16(header + 2);
	datagram = get_be16(header + 4);
	if (datagram == 0 && span->wire > IP_LENGTH_MAX)
		datagram = 8 + span->wire; /* jumbogram, RFC 2675 4 */
	if (datagram < 8 || (!packet->fragment && datagram - 8 > span->wire))
		return -EBADMSG;
	packet->len = (uint32_t)(datagram - 8);
	return 0;
}

/* RFC 9293 3.1 */
static int tcp_decode(struct packet *packet, struct span *span)
{
	size_t header_bytes;
	const uint8_t *header;
	int err = span_take(span, 20, &header);

	if (err)
		return err;
	packet->src.port = get_be16(header);
	packet->dst.port = get_be16(header + 2);
	packet->seq = get_be32(header + 4);
	packet->ack = get_be32(header + 8);
	packet->tcp_flags = header[13];
	header_bytes = (size_t)(header[12] >> 4) * 4;
	if (header_bytes < 20 || header_bytes - 20 > span->wire)
		return -EBADMSG;
	packet->len = (uint32_t)(span->wire - (header_bytes - 20));
	return 0; /* options that the snapshot cuts off are not missed */
}

/* RFC 792, RFC 4443 2.1: does this message quote the packet it is about? */
static bool packet_icmp_is_error(uint8_t proto, uint8_t type)
{
	if (proto == IPPROTO_ICMPV6)
		return type >= 1 && type <= 4;
	return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

/*
 * Reads the ends of the packet that an ICMP error quotes. The quotation may end
 * anywhere (RFC 792 requires eight bytes after the IP header), so it is read
 * like a snapshot of a packet of unknown length, and missing fields stay 0.
 */
static void quotation_decode(struct packet_icmp *icmp, struct span span)
{
	struct ip_header ip;
	const uint8_t *ports;

	span.wire = SIZE_MAX;
	if (span.captured == 0 ||
	    ip_decode(&ip, &span, span.at[0] >> 4 == 4 ? 4 : 6) < 0)
		return;
	icmp->inner_proto = ip.proto;
	icmp->inner_src = ip.src;
	icmp->inner_dst = ip.dst;
	if ((ip.proto != IPPROTO_UDP && ip.proto != IPPROTO_TCP) ||
	    ip.later_fragment || span_take(&span, 4, &ports) < 0)
		return;
	icmp->inner_src.port = get_be16(ports);
	icmp->inner_dst.port = get_be16(ports + 2);
}

/* RFC 792, RFC 4443: no message that they define is shorter than eight. */
static int icmp_decode(struct packet *packet, struct span *span)
{
	const uint8_t *header;
	int err = span_take(span, 8, &header);

	if (err)
		return err;
	packet->len = (uint32_t)span->wire;
	packet->icmp.type = header[0];
	packet->icmp.code = header[1];
	packet->icmp.error = packet_icmp_is_error(packet->proto, header[0]);
	if (packet->icmp.error)
		quotation_decode(&packet->icmp, *span);
	return 0;
}

static int transport_decode(struct packet *packet, struct span *span)
{
	packet->len = (uint32_t)span->wire;
	if (packet->later_fragment)
		return 0;
	switch (packet->proto) {
	case IPPROTO_UDP:
		return udp_decode(packet, span);
	case IPPROTO_TCP:
		return tcp_decode(packet, span);
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return icmp_decode(packet, span);
	default:
		return 0;
	}
}

int packet_decode(struct packet *packet, int link_type, const uint8_t *bytes,
		  size_t captured, size_t wire)
{
	struct span span = {bytes, captured, wire};
	struct ip_header ip;
	int version, err;

	memset(packet, 0, sizeof(*packet));
	if (captured > wire || wire > UINT32_MAX)
		return -EBADMSG;
	packet->missing = (uint32_t)(wire - captured);

	version = link_decode(packet, link_type, &span);
	if (version < 0)
		return version;
	err = ip_decode(&ip, &span, version);
	packet->proto = ip.proto;
	packet->src = ip.src;
	packet->dst = ip.dst;
	packet->fragment = ip.fragment;
	packet->later_fragment = ip.later_fragment;
	packet->fragment_id = ip.fragment ? ip.id : 0;
	if (err)
		return err;
	return transport_decode(packet, &span);
}
