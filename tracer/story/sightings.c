// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A table of ways, and the interface on which each was seen first.
 * See sightings.h.
 */
#include "sightings.h"

#include <stdlib.h>
#include <string.h>

#include "record/hash.h"

#define WAYS_MAX 65536

struct way {
	struct endpoint_key src, dst;
	uint32_t proto, witness, type; /* an ICMP error goes its own way */
};

struct sighting {
	struct way way;
	char iface[IFNAME_OCTETS];
	UT_hash_handle hh;
};

static struct sighting *add(struct sightings *sightings, const struct way *way,
			    const char *iface)
{
	struct sighting *sighting;

	if (HASH_COUNT(sightings->table) >= WAYS_MAX)
		return NULL;
	sighting = calloc(1, sizeof(*sighting));
	if (!sighting)
		return NULL;
	sighting->way = *way;
	memcpy(sighting->iface, iface, sizeof(sighting->iface));
	HASH_ADD(hh, sightings->table, way, sizeof(sighting->way), sighting);
	if (sighting->hh.tbl)
		return sighting;
	free(sighting);
	return NULL;
}

bool sightings_again(struct sightings *sightings, const struct record *packet)
{
	struct way way = {.proto = packet->proto,
			  .witness = packet->packet.witness,
			  .type = packet->type};
	struct sighting *sighting;

	endpoint_key(&packet->local, &way.src);
	endpoint_key(&packet->peer, &way.dst);
	HASH_FIND(hh, sightings->table, &way, sizeof(way), sighting);
	if (!sighting)
		sighting = add(sightings, &way, packet->packet.iface);
	return sighting && strncmp(sighting->iface, packet->packet.iface,
				   IFNAME_OCTETS) != 0;
}

void sightings_fini(struct sightings *sightings)
{
	struct sighting *sighting = sightings->table, *next;

	/* the elements stay chained when their table has gone */
	HASH_CLEAR(hh, sightings->table);
	for (; sighting; sighting = next) {
		next = sighting->hh.next;
		free(sighting);
	}
}
