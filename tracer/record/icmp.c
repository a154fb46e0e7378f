// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* ICMP errors. See icmp.h. */
#include "icmp.h"

#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>

#define ANY_CODE 256

struct error {
	uint16_t type, code;
	const char *name;
	int number;
};

static const struct error errors4[] = {
	{3, 0, "network unreachable", ENETUNREACH},
	{3, 1, "host unreachable", EHOSTUNREACH},
	{3, 2, "protocol unreachable", ENOPROTOOPT},
	{3, 3, "port unreachable", ECONNREFUSED},
	{3, 4, "fragmentation needed", EMSGSIZE},
	{3, 5, "source route failed", EOPNOTSUPP},
	{3, 6, "network unknown", ENETUNREACH},
	{3, 7, "host unknown", EHOSTDOWN},
	{3, 9, "network prohibited", ENETUNREACH},
	{3, 10, "host prohibited", EHOSTUNREACH},
	{3, 13, "administratively prohibited", EHOSTUNREACH},
	{4, ANY_CODE, "source quench", 0},
	{5, ANY_CODE, "redirect", 0},
	{11, 0, "time to live exceeded", EHOSTUNREACH},
	{11, 1, "reassembly time exceeded", EHOSTUNREACH},
	{12, ANY_CODE, "parameter problem", EPROTO},
	{0, 0, NULL, 0},
};

static const struct error errors6[] = {
	{1, 0, "no route", ENETUNREACH},
	{1, 1, "administratively prohibited", EACCES},
	{1, 2, "beyond scope of source address", EHOSTUNREACH},
	{1, 3, "address unreachable", EHOSTUNREACH},
	{1, 4, "port unreachable", ECONNREFUSED},
	{1, 5, "source address refused by policy", EACCES},
	{1, 6, "route rejected", EACCES},
	{2, ANY_CODE, "packet too big", EMSGSIZE},
	{3, 0, "hop limit exceeded", EHOSTUNREACH},
	{3, 1, "reassembly time exceeded", EHOSTUNREACH},
	{4, ANY_CODE, "parameter problem", EPROTO},
	{0, 0, NULL, 0},
};

static const struct error *error_find(uint16_t family, uint8_t type,
				      uint8_t code)
{
	const struct error *error = family == AF_INET6 ? errors6 : errors4;

	while (error->name &&
	       (error->type != type ||
		(error->code != code && error->code != ANY_CODE)))
		error++;
	return error;
}

const char *icmp_error_name(uint16_t family, uint8_t type, uint8_t code)
{
	return error_find(family, type, code)->name;
}

int icmp_errno(uint16_t family, uint8_t type, uint8_t code)
{
	return error_find(family, type, code)->number;
}
