// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* ICMP errors. See icmp.h. */
#include "icmp.h"

#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>

#define ANY_CODE 256

struct error {
	uint16_t type, code;
	int number;
	const char *name;
};

static const struct error errors4[] = {
	{3, 0, ENETUNREACH, "network unreachable"},
	{3, 1, EHOSTUNREACH, "host unreachable"},
	{3, 2, ENOPROTOOPT, "protocol unreachable"},
	{3, 3, ECONNREFUSED, "port unreachable"},
	{3, 4, EMSGSIZE, "fragmentation needed"},
	{3, 5, EOPNOTSUPP, "source route failed"},
	{3, 6, ENETUNREACH, "network unknown"},
	{3, 7, EHOSTDOWN, "host unknown"},
	{3, 9, ENETUNREACH, "network prohibited"},
	{3, 10, EHOSTUNREACH, "host prohibited"},
	{3, 13, EHOSTUNREACH, "administratively prohibited"},
	{4, ANY_CODE, 0, "source quench"},
	{5, ANY_CODE, 0, "redirect"},
	{11, 0, EHOSTUNREACH, "time to live exceeded"},
	{11, 1, EHOSTUNREACH, "reassembly time exceeded"},
	{12, ANY_CODE, EPROTO, "parameter problem"},
	{0, 0, 0, NULL},
};

static const struct error errors6[] = {
	{1, 0, ENETUNREACH, "no route"},
	{1, 1, EACCES, "administratively prohibited"},
	{1, 2, EHOSTUNREACH, "beyond scope of source address"},
	{1, 3, EHOSTUNREACH, "address unreachable"},
	{1, 4, ECONNREFUSED, "port unreachable"},
	{1, 5, EACCES, "source address refused by policy"},
	{1, 6, EACCES, "route rejected"},
	{2, ANY_CODE, EMSGSIZE, "packet too big"},
	{3, 0, EHOSTUNREACH, "hop limit exceeded"},
	{3, 1, EHOSTUNREACH, "reassembly time exceeded"},
	{4, ANY_CODE, EPROTO, "parameter problem"},
	{0, 0, 0, NULL},
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
