// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The link layer of a captured packet: which header libpcap put before IP, and
 * its direction and interface.
 *
 * Layouts: https://www.tcpdump.org/linktypes.html; IEEE 802.3 and 802.1Q.
 */
#include "link.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <pcap/dlt.h>

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

int link_decode(struct packet *packet, int link_type, struct span *span)
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
