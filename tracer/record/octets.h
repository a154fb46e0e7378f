/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The octets of captured packets, for --pcapng. Records have none: a packet that
 * was kept has a number, which its record carries.
 */
#ifndef DIALTONE_OCTETS_H
#define DIALTONE_OCTETS_H

#include <stddef.h>
#include <stdint.h>

struct octets_packet {
	uint32_t kept, len; /* bytes: here, and on the wire */
	size_t at;          /* where it begins */
};

/* Zeroed is empty. */
struct octets {
	uint8_t *bytes;
	size_t bytes_len, bytes_room;
	struct octets_packet *packets;
	uint32_t packets_len, packets_room;
};

/* The number of the packet, from 1; 0: no memory. */
uint32_t octets_keep(struct octets *octets, const void *bytes, uint32_t kept,
		     uint32_t len);

/* NULL: there is none of that number. Its octets: octets->bytes + at. */
const struct octets_packet *octets_packet(const struct octets *octets,
					  uint32_t number);

void octets_fini(struct octets *octets);

#endif
