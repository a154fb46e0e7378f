// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A table of flows, and the interface on which each was seen first.
 * See seen_flows.h.
 */
#include "seen_flows.h"

#include <stdlib.h>
#include <string.h>

#include "record/hash.h"

#define SEEN_FLOWS_MAX 65536

struct seen_flow_key {
	struct endpoint_key src, dst;
	uint32_t proto, witness, type; /* an ICMP error is a flow of its own */
};

struct seen_flow {
	struct seen_flow_key key;
	char iface[IFNAME_BYTES];
	UT_hash_handle hh;
};

static struct seen_flow *seen_flows_add(struct seen_flows *seen_flows,
					const struct seen_flow_key *key,
					const char *iface)
{
	struct seen_flow *flow;

	if (HASH_COUNT(seen_flows->table) >= SEEN_FLOWS_MAX)
		return NULL;
	hash_new(seen_flows->table, key, key, flow);
	if (flow)
		memcpy(flow->iface, iface, sizeof(flow->iface));
	return flow;
}

bool seen_flows_again(struct seen_flows *seen_flows,
		      const struct record *packet)
{
	struct seen_flow_key key = {.proto = packet->proto,
				    .witness = packet->packet.witness,
				    .type = packet->type};
	struct seen_flow *flow;

	endpoint_key(&packet->local, &key.src);
	endpoint_key(&packet->peer, &key.dst);
	hash_find(seen_flows->table, &key, flow);
	if (!flow)
		flow = seen_flows_add(seen_flows, &key, packet->packet.iface);
	return flow &&
	       strncmp(flow->iface, packet->packet.iface, IFNAME_BYTES) != 0;
}

void seen_flows_fini(struct seen_flows *seen_flows)
{
	hash_empty(seen_flows->table, free);
}
