/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Decodes a captured packet: bytes and their link type in, fields out. Pure: no
 * capture handle, no clock, no names; whatever the bytes are, it never reads
 * past the last one.
 *
 *   in: libpcap's bytes    out: struct packet
 */
#ifndef DIALTONE_PACKET_H
#define DIALTONE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/event.h"
#include "record/endpoint.h"

/* IPv6 headers between IP and transport that are walked; more are refused. */
#define PACKET_EXTENSIONS_MAX 8

/* An ICMP message, and the packet that an ICMP error quotes. */
struct packet_icmp {
	uint8_t type;
	uint8_t code;
	bool error;                /* it reports on a packet, which it quotes */
	uint8_t inner_proto;       /* 0: the quoted packet cannot be read */
	struct endpoint inner_src; /* port 0: ICMP, or too little is quoted */
	struct endpoint inner_dst;
};

struct packet {
	enum event_direction direction; /* 0: the link header does not say */
	uint32_t ifindex;               /* 0: the link header does not say */
	uint8_t vlan_tags;              /* how many stood before IP */

	/*
	 * IPPROTO_UDP, _TCP, _ICMP, _ICMPV6, or another. Of a later fragment
	 * over IPv6, what the first one's headers begin with: see struct fragments.
	 */
	uint8_t proto;
	struct endpoint src; /* port 0 unless UDP or TCP */
	struct endpoint dst;
	bool fragment;       /* a part of an IP packet; len: see below */
	bool later_fragment; /* not the first part: it has no ports */
	uint32_t
		fragment_id; /* of the parts of one packet, RFC 791, 8200 4.5 */

	/*
	 * Payload bytes after the transport header (of other protocols: after
	 * IP). UDP: as its header says, so a first fragment has the length of
	 * the whole datagram. TCP: as the IP header says, so link padding does
	 * not count. A segment that the network card has yet to cut up (GSO)
	 * counts whole.
	 */
	uint32_t len;
	uint8_t tcp_flags;
	uint32_t seq, ack;

	uint32_t missing; /* bytes on the wire that the snapshot has not */
	struct packet_icmp icmp;
};

/*
 * Decodes the @captured bytes at @bytes of a packet that had @wire bytes,
 * link header included (libpcap: caplen, len); @link_type is a DLT_ value:
 * EN10MB, LINUX_SLL, LINUX_SLL2, RAW or NULL.
 *
 * Returns 0, or, with the fields before the error filled in:
 *   -EPROTONOSUPPORT  a link type that is not read
 *   -EAFNOSUPPORT     not IPv4 or IPv6: ARP, LLC, ...
 *   -ENODATA          the snapshot ends inside a header; @missing says by how
 *                     much it is short of the packet
 *   -EBADMSG          malformed: a header runs past the packet, or contradicts
 *                     itself
 *   -E2BIG            more than PACKET_EXTENSIONS_MAX extension headers
 */
int packet_decode(struct packet *packet, int link_type, const uint8_t *bytes,
		  size_t captured, size_t wire);

/*
 * Finds the ports of later fragments. Only the first fragment of a datagram has
 * them. The later ones have the same addresses and identification, over IPv4 of
 * the same protocol (RFC 791 3.2). These identify them if the first one came
 * before them and not too long ago. Over IPv6 the protocol, too, is taken from
 * the first one: the others name the first header of its fragmentable part,
 * which may be an extension header (RFC 8200 4.5).
 *
 *   in:  decoded packets    out: protocol and ports of later fragments
 */

#define FRAGMENTS_KEPT 64 /* datagrams whose first part is remembered */

struct fragment_first {
	struct endpoint src, dst; /* with ports */
	uint32_t id;
	uint8_t proto;
};

/* Zeroed is empty. */
struct fragments {
	struct fragment_first first[FRAGMENTS_KEPT];
	unsigned int next;
};

/*
 * Remembers a first part; writes its protocol and ports into a later one. False
 * for a later one whose first part is not known; true for everything else.
 */
bool fragments_ports(struct fragments *fragments, struct packet *packet);

#endif
