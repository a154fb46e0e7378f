// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The names of ICMP errors. See icmp.h. */
#include "icmp.h"

#include <stddef.h>
#include <sys/socket.h>

#define ANY_CODE 256

struct error {
	uint16_t type, code;
	const char *name;
};

static const struct error errors4[] = {
	{3, 0, "network unreachable"},
	{3, 1, "host unreachable"},
	{3, 2, "protocol unreachable"},
	{3, 3, "port unreachable"},
	{3, 4, "fragmentation needed"},
	{3, 5, "source route failed"},
	{3, 6, "network unknown"},
	{3, 7, "host unknown"},
	{3, 9, "network prohibited"},
	{3, 10, "host prohibited"},
	{3, 13, "administratively prohibited"},
	{4, ANY_CODE, "source quench"},
	{5, ANY_CODE, "redirect"},
	{11, 0, "time to live exceeded"},
	{11, 1, "reassembly time exceeded"},
	{12, ANY_CODE, "parameter problem"},
	{0, 0, NULL},
};

static const struct error errors6[] = {
	{1, 0, "no route"},
	{1, 1, "administratively prohibited"},
	{1, 2, "beyond scope of source address"},
	{1, 3, "address unreachable"},
	{1, 4, "port unreachable"},
	{1, 5, "source address refused by policy"},
	{1, 6, "route rejected"},
	{2, ANY_CODE, "packet too big"},
	{3, 0, "hop limit exceeded"},
	{3, 1, "reassembly time exceeded"},
	{4, ANY_CODE, "parameter problem"},
	{0, 0, NULL},
};

const char *icmp_error_name(uint16_t family, uint8_t type, uint8_t code)
{
	const struct error *error = family == AF_INET6 ? errors6 : errors4;

	while (error->name &&
	       (error->type != type ||
		(error->code != code && error->code != ANY_CODE)))
		error++;
	return error->name;
}
