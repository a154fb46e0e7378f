/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ICMP errors: their names, and what Linux makes of them. */
#ifndef DIALTONE_ICMP_H
#define DIALTONE_ICMP_H

#include <stdint.h>

/*
 * "port unreachable": what an error of @type and @code reports, over IPv4 by
 * RFC 792 and RFC 1812 5.2.7, over IPv6 (@family is AF_INET6) by RFC 4443. NULL
 * for one without a name.
 */
const char *icmp_error_name(uint16_t family, uint8_t type, uint8_t code);

/*
 * The errno that a socket gets for it: icmp_err_convert[] in net/ipv4/icmp.c,
 * icmpv6_err_convert() in net/ipv6/icmp.c, and what udp_err() and tcp_v4_err() do
 * with the other types. 0: none.
 */
int icmp_errno(uint16_t family, uint8_t type, uint8_t code);

#endif
