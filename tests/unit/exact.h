/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the tests of packet.c share. */
#ifndef DIALTONE_TEST_EXACT_H
#define DIALTONE_TEST_EXACT_H

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/packet.h"

/* Decodes from memory of exactly that size: ASan sees a read behind it. */
static inline int decode(struct packet *packet, int link, const uint8_t *bytes,
			 size_t captured, size_t wire)
{
	uint8_t *copy = malloc(captured ? captured : 1);
	int err;

	assert_non_null(copy);
	memcpy(copy, bytes, captured);
	err = packet_decode(packet, link, captured ? copy : copy + 1, captured,
			    wire);
	free(copy);
	return err;
}

static inline void assert_endpoint(const struct endpoint *ep,
				   const char *address, uint16_t port)
{
	char text[INET6_ADDRSTRLEN];

	assert_string_equal(inet_ntop(ep->family, ep->addr, text, sizeof(text)),
			    address);
	assert_int_equal(ep->port, port);
}

/* Puts @insert_len bytes into @from at @at. Returns the new length. */
static inline size_t with(uint8_t *to, const uint8_t *from, size_t len,
			  size_t at, const void *insert, size_t insert_len)
{
	memcpy(to, from, at);
	memcpy(to + at, insert, insert_len);
	memcpy(to + at + insert_len, from + at, len - at);
	return len + insert_len;
}

#endif
