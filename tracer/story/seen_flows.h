/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Recognizes a packet that is seen on several interfaces of one network
 * namespace: a bridge and its ports, a VLAN and the card below it, both ends of
 * a veth pair. The view marks it where it is seen for the second time.
 *
 *   in:  packets
 *   out: was their flow seen on another interface before?
 */
#ifndef DIALTONE_SEEN_FLOWS_H
#define DIALTONE_SEEN_FLOWS_H

#include "record/record.h"

struct seen_flow;

/* Zeroed is empty. */
struct seen_flows {
	struct seen_flow *table;
};

/*
 * Was the flow of the packet or ICMP error (witness, protocol, source,
 * destination) seen on another interface before? Also false if there is no
 * memory for it, or too many flows.
 */
bool seen_flows_again(struct seen_flows *seen_flows,
		      const struct record *packet);

void seen_flows_fini(struct seen_flows *seen_flows);

#endif
