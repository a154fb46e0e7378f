// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Decodes IPv4, IPv6, UDP, TCP and ICMP, from the outer header inwards: each
 * step takes its header off the span; the next header then begins the span.
 *
 * Headers are read byte by byte at the offsets of the RFCs: they may lie at any
 * address, and a struct laid over them would have to be packed. Layouts of link
 * layers: https://www.tcpdump.org/linktypes.html; IEEE 802.3 and 802.1Q.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <pcap/dlt.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "packet.h"

/*
 * A part of a packet: the bytes that the snapshot has, and how many there were
 * on the wire. Every header is taken through span_take(), the one place that
 * checks bounds.
 */
struct span {
	const uint8_t *at;
	size_t captured; /* bytes that may be read at @at */
	size_t wire;     /* bytes that the packet has from there on */
};

/*
 * Sets *@header to the next @bytes and steps over them. -EBADMSG if the packet
 * is shorter, -ENODATA if only the snapshot is.
 */
static int span_take(struct span *span, size_t bytes, const uint8_t **header)
{
	if (bytes > span->wire)
		return -EBADMSG;
	if (bytes > span->captured)
		return -ENODATA;
	*header = span->at;
	span->at += bytes;
	span->captured -= bytes;
	span->wire -= bytes;
	return 0;
}

/* Forgets what lies after the first @bytes: padding, another packet. */
static void span_clip(struct span *span, size_t bytes)
{
	if (span->wire > bytes)
		span->wire = bytes;
	if (span->captured > bytes)
		span->captured = bytes;
}

static uint16_t get_be16(const uint8_t at[static 2])
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get_be32(const uint8_t at[static 4])
{
	return (uint32_t)get_be16(at) << 16 | get_be16(at + 2);
}

/*
 * The link layer of a captured packet: which header libpcap put before IP, and
 * its direction and interface.
 */

#define VLAN_TAGS_MAX 4 /* two are usual (802.1ad); more is an attack */

/* sll_pkttype of packet(7): all but PACKET_OUTGOING have come in. */
static enum event_direction direction_of(unsigned int packet_type)
{
	return packet_type == PACKET_OUTGOING ? DIRECTION_OUT : DIRECTION_IN;
}

/* Steps over VLAN tags (802.1Q, 802.1ad) to the type of what they carry. */
static int ethertype_decode(struct packet *packet, struct span *span,
			    unsigned int type)
{
	const uint8_t *tag;
	int err;

	while (type == ETH_P_8021Q || type == ETH_P_8021AD ||
	       type == ETH_P_QINQ1) {
		if (packet->vlan_tags == VLAN_TAGS_MAX)
			return -EBADMSG;
		err = span_take(span, 4, &tag);
		if (err)
			return err;
		packet->vlan_tags++;
		type = get_be16(tag + 2);
	}
	switch (type) {
	case ETH_P_IP:
		return 4;
	case ETH_P_IPV6:
		return 6;
	default: /* ARP ...; below 0x600 a length, and LLC follows (802.3) */
		return -EAFNOSUPPORT;
	}
}

static int ethernet_decode(struct packet *packet, struct span *span)
{
	const uint8_t *header;
	int err = span_take(span, 14, &header);

	if (err)
		return err;
	return ethertype_decode(packet, span, get_be16(header + 12));
}

/* LINKTYPE_LINUX_SLL: packet type, ARPHRD, address (2 + 8), protocol. */
static int sll_decode(struct packet *packet, struct span *span)
{
	const uint8_t *header;
	int err = span_take(span, 16, &header);

	if (err)
		return err;
	packet->direction = direction_of(get_be16(header));
	return ethertype_decode(packet, span, get_be16(header + 14));
}

/*
 * LINKTYPE_LINUX_SLL2: protocol, reserved, ifindex (4), ARPHRD, packet type
 * (1), address (1 + 8). The VLAN tag that the kernel has taken off a packet is
 * put back by libpcap 1.10 for Ethernet and SLL, but not for SLL2.
 */
static int sll2_decode(struct packet *packet, struct span *span)
{
	const uint8_t *header;
	int err = span_take(span, 20, &header);

	if (err)
		return err;
	packet->ifindex = get_be32(header + 4);
	packet->direction = direction_of(header[10]);
	return ethertype_decode(packet, span, get_be16(header));
}

/* LINKTYPE_RAW: IP comes first; its version field says which one. */
static int raw_decode(const struct span *span)
{
	struct span ahead = *span;
	const uint8_t *header;
	int err = span_take(&ahead, 1, &header);

	if (err)
		return err;
	switch (header[0] >> 4) {
	case 4:
		return 4;
	case 6:
		return 6;
	default:
		return -EAFNOSUPPORT;
	}
}

/*
 * LINKTYPE_NULL: an address family in the byte order of the machine that
 * captured. AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24, 28 or 30 on
 * BSDs.
 */
static int null_decode(struct span *span)
{
	const uint8_t *header;
	uint32_t family;
	int err = span_take(span, 4, &header);

	if (err)
		return err;
	family = get_be32(header);
	if (family > 0xffff)
		family = __builtin_bswap32(family);
	switch (family) {
	case 2:
		return 4;
	case 10:
	case 24:
	case 28:
	case 30:
		return 6;
	default:
		return -EAFNOSUPPORT;
	}
}

/*
 * Steps @span over the link header and VLAN tags to the IP header, and fills
 * in direction, ifindex and vlan_tags of @packet. Returns 4 or 6, the version
 * of IP that the link header announces, or an error of packet_decode().
 */
static int link_decode(struct packet *packet, int link_type, struct span *span)
{
	switch (link_type) {
	case DLT_EN10MB:
		return ethernet_decode(packet, span);
	case DLT_LINUX_SLL:
		return sll_decode(packet, span);
	case DLT_LINUX_SLL2:
		return sll2_decode(packet, span);
	case DLT_RAW:
		return raw_decode(span);
	case DLT_NULL:
		return null_decode(span);
	default:
		return -EPROTONOSUPPORT;
	}
}

static bool same_address(const struct endpoint *a, const struct endpoint *b)
{
	return a->family == b->family &&
	       memcmp(a->addr, b->addr, sizeof(a->addr)) == 0;
}

static bool is_of(const struct fragment_first *first,
		  const struct packet *packet)
{
	if (packet->src.family == AF_INET && first->proto != packet->proto)
		return false;
	return first->id == packet->fragment_id &&
	       same_address(&first->src, &packet->src) &&
	       same_address(&first->dst, &packet->dst);
}

static void fragments_keep(struct fragments *fragments,
			   const struct packet *packet)
{
	unsigned int place = fragments->next++ % FRAGMENTS_KEPT;

	fragments->first[place] = (struct fragment_first){
		.src = packet->src,
		.dst = packet->dst,
		.id = packet->fragment_id,
		.proto = packet->proto,
	};
}

bool fragments_ports(struct fragments *fragments, struct packet *packet)
{
	if (!packet->fragment)
		return true;
	if (!packet->later_fragment) {
		fragments_keep(fragments, packet);
		return true;
	}
	/* the latest first: identifications are used again */
	for (unsigned int back = 1; back <= FRAGMENTS_KEPT; back++) {
		const struct fragment_first *first =
			&fragments->first[(fragments->next - back) %
					  FRAGMENTS_KEPT];

		if (!is_of(first, packet))
			continue;
		packet->proto = first->proto;
		packet->src.port = first->src.port;
		packet->dst.port = first->dst.port;
		return true;
	}
	return false;
}

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
