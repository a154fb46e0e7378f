/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One packet, seen on several interfaces of one network namespace: a bridge and
 * its ports, a VLAN and the card below it, both ends of a veth pair. A view says
 * so where it is seen for the second time.
 *
 *   in:  packets
 *   out: was their way seen on another interface before?
 *   read next: story.c, which asks; windows.c and flows.c, which count
 */
#ifndef DIALTONE_SIGHTINGS_H
#define DIALTONE_SIGHTINGS_H

#include "record/record.h"

struct sighting;

/* Zeroed is empty. */
struct sightings {
	struct sighting *table;
};

/*
 * Has the way of the packet or ICMP error (witness, protocol, source, destination) been seen
 * on another interface before? False too where there is no memory for it, or
 * too many ways.
 */
bool sightings_again(struct sightings *sightings, const struct record *packet);

void sightings_fini(struct sightings *sightings);

#endif
