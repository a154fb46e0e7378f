// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The first parts of the latest datagrams. See fragments.h.
 */
#include "fragments.h"

#include <string.h>
#include <sys/socket.h>

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
