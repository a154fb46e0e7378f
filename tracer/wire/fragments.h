/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Only the first part of a datagram that IP has cut up has the ports. The later
 * ones have the same addresses and identification, over IPv4 of the same
 * protocol (RFC 791 3.2), and are known by these as long as the first came
 * before them and not too long ago. Over IPv6 the protocol, too, is the first
 * one's: the others name what the first one's headers begin with, which may be
 * one of IPv6's own (RFC 8200 4.5).
 *
 *   in:  decoded packets    out: protocol and ports of later fragments
 *   read next: capture.c, which asks
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
