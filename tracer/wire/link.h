/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The headers before IP in a captured packet: Ethernet, Linux "cooked", VLAN
 * tags. Pure.
 */
#ifndef DIALTONE_LINK_H
#define DIALTONE_LINK_H

#include "packet.h"
#include "record/span.h"

/*
 * Steps @span over the link header and VLAN tags to the IP header, and fills
 * in direction, ifindex and vlan_tags of @packet. Returns 4 or 6, the version
 * of IP that the link header announces, or an error of packet_decode().
 */
int link_decode(struct packet *packet, int link_type, struct span *span);

#endif
