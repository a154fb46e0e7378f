// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Keeps the bytes of packets. See kept.h. */
#include "kept.h"

#include <stdlib.h>
#include <string.h>

uint32_t kept_add(struct kept *kept, const void *bytes, uint32_t captured,
		  uint32_t len)
{
	if (kept->packets_len == kept->packets_room) {
		uint32_t room =
			kept->packets_room ? 2 * kept->packets_room : 256;
		struct kept_packet *packets =
			reallocarray(kept->packets, room, sizeof(*packets));

		if (!packets)
			return 0;
		kept->packets = packets;
		kept->packets_room = room;
	}
	if (kept->bytes_room - kept->bytes_len < captured) {
		size_t room = 2 * (kept->bytes_room + captured) + 4096;
		uint8_t *more = realloc(kept->bytes, room);

		if (!more)
			return 0;
		kept->bytes = more;
		kept->bytes_room = room;
	}
	kept->packets[kept->packets_len] = (struct kept_packet){
		.captured = captured, .len = len, .at = kept->bytes_len};
	memcpy(kept->bytes + kept->bytes_len, bytes, captured);
	kept->bytes_len += captured;
	return ++kept->packets_len;
}

const struct kept_packet *kept_packet(const struct kept *kept, uint32_t number)
{
	if (!kept || !number || number > kept->packets_len)
		return NULL;
	return &kept->packets[number - 1];
}

void kept_fini(struct kept *kept)
{
	free(kept->bytes);
	free(kept->packets);
	*kept = (struct kept){0};
}
