/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The bytes of captured packets, for --pcapng. Records have none: a packet that
 * was kept has a number, which its record carries.
 */
#ifndef DIALTONE_KEPT_H
#define DIALTONE_KEPT_H

#include <stddef.h>
#include <stdint.h>

struct kept_packet {
	uint32_t captured, len; /* bytes: here, and on the wire */
	size_t at;              /* where it begins */
};

/* Zeroed is empty. */
struct kept {
	uint8_t *bytes;
	size_t bytes_len, bytes_room;
	struct kept_packet *packets;
	uint32_t packets_len, packets_room;
};

/* The number of the packet, from 1; 0: no memory. */
uint32_t kept_add(struct kept *kept, const void *bytes, uint32_t captured,
		  uint32_t len);

/* NULL: there is none of that number. Its bytes: kept->bytes + at. */
const struct kept_packet *kept_packet(const struct kept *kept, uint32_t number);

void kept_fini(struct kept *kept);

#endif
