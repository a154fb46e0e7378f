// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Keeps the octets of packets. See octets.h. */
#include "octets.h"

#include <stdlib.h>
#include <string.h>

uint32_t octets_keep(struct octets *octets, const void *bytes, uint32_t kept,
		     uint32_t len)
{
	if (octets->packets_len == octets->packets_room) {
		uint32_t room =
			octets->packets_room ? 2 * octets->packets_room : 256;
		struct octets_packet *packets =
			reallocarray(octets->packets, room, sizeof(*packets));

		if (!packets)
			return 0;
		octets->packets = packets;
		octets->packets_room = room;
	}
	if (octets->bytes_room - octets->bytes_len < kept) {
		size_t room = 2 * (octets->bytes_room + kept) + 4096;
		uint8_t *more = realloc(octets->bytes, room);

		if (!more)
			return 0;
		octets->bytes = more;
		octets->bytes_room = room;
	}
	octets->packets[octets->packets_len] = (struct octets_packet){
		.kept = kept, .len = len, .at = octets->bytes_len};
	memcpy(octets->bytes + octets->bytes_len, bytes, kept);
	octets->bytes_len += kept;
	return ++octets->packets_len;
}

const struct octets_packet *octets_packet(const struct octets *octets,
					  uint32_t number)
{
	if (!octets || !number || number > octets->packets_len)
		return NULL;
	return &octets->packets[number - 1];
}

void octets_fini(struct octets *octets)
{
	free(octets->bytes);
	free(octets->packets);
	*octets = (struct octets){0};
}
