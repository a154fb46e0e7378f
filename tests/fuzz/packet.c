// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Fuzzes what libpcap hands over: any bytes, as a packet of any link type.
 *
 *   in:  a byte that chooses the link type, two bytes with the length that the
 *        snapshot lacks, and the packet
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/dlt.h>

#include "fuzz.h"
#include "wire/packet.h"

/* A packet that was read says nothing that could not be. */
static void check(const struct packet *packet, size_t captured, size_t wire)
{
	assert(packet->missing == wire - captured);
	assert(packet->vlan_tags <= 4);
	assert(packet->src.family == packet->dst.family);
	if (packet->later_fragment)
		assert(packet->fragment && !packet->src.port);
	if (!packet->fragment)
		assert(packet->len <= wire);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int link_types[] = {DLT_LINUX_SLL2, DLT_EN10MB,
					 DLT_LINUX_SLL,  DLT_RAW,
					 DLT_NULL,       DLT_PPP};
	size_t captured, wire;
	struct packet packet;
	uint8_t *bytes;
	int type;

	if (size < 3)
		return -1;
	type = link_types[data[0] % (sizeof(link_types) / sizeof(int))];
	captured = size - 3;
	wire = captured + (data[1] << 8 | data[2]);
	bytes = malloc(captured); /* its end is where ASan stands */
	if (!bytes)
		return -1;
	memcpy(bytes, data + 3, captured);
	if (packet_decode(&packet, type, bytes, captured, wire) == 0)
		check(&packet, captured, wire);
	free(bytes);
	return 0;
}
