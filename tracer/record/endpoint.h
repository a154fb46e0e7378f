/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An address and a port, IPv4 or IPv6, and how people write it. */
#ifndef DIALTONE_ENDPOINT_H
#define DIALTONE_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct endpoint {
	uint16_t family; /* AF_INET, AF_INET6, FAMILY_UNSPEC; 0: none */
	uint16_t port;   /* host byte order */
	uint8_t addr[16];
};

#define ENDPOINT_STRLEN 56 /* "[" INET6_ADDRSTRLEN "]:65535" and the NUL */

/*
 * Writes `10.0.0.1:41234`, `[::1]:9007`, "AF_UNSPEC", or "" for none; an
 * IPv4-mapped IPv6 address is written as the IPv4 address that it stands for.
 * Returns @buf.
 */
const char *endpoint_format(const struct endpoint *ep,
			    char buf[ENDPOINT_STRLEN]);

/* The same without the port: `10.0.0.1`, `::1`. */
const char *endpoint_format_host(const struct endpoint *ep,
				 char buf[ENDPOINT_STRLEN]);

/* Reads that; the port is 0. 0, or -EINVAL. */
int endpoint_parse_host(struct endpoint *ep, const char *text);

/* Reads what endpoint_format() writes. 0, or -EINVAL. */
int endpoint_parse(struct endpoint *ep, const char *text);

/* Same address and port; IPv4 equals its IPv4-mapped IPv6 form. */
bool endpoint_equal(const struct endpoint *a, const struct endpoint *b);

/* "IPv4" for AF_INET, "IPv6" for AF_INET6. */
const char *endpoint_family_name(uint16_t family);

/* An address of IPv6 that is not IPv4-mapped. */
bool endpoint_is_ipv6(const struct endpoint *ep);

/* No address at all, or the wildcard (0.0.0.0, ::); the port is ignored. */
bool endpoint_is_any(const struct endpoint *ep);

/*
 * A socket bound to @bound sends from and receives at @ep: the ports are equal
 * (and not 0), and so are the addresses unless @bound is the wildcard.
 */
bool endpoint_covers(const struct endpoint *bound, const struct endpoint *ep);

/* The same for equal endpoints, without a hole in it: for tables. */
struct endpoint_key {
	uint8_t addr[16]; /* IPv4 as its IPv4-mapped IPv6 form */
	uint16_t port;
	uint16_t zero;
};

void endpoint_key(const struct endpoint *ep, struct endpoint_key *key);

#endif
