/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
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
#ifndef DIALTONE_FRAGMENTS_H
#define DIALTONE_FRAGMENTS_H

#include <stdbool.h>

#include "packet.h"

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
