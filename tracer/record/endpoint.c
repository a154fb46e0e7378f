// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Endpoints as text and back, and whether two of them are the same.
 *
 *   in:  addresses from sockets and packets; the text of recordings
 *   out: text in a buffer of the caller's; nothing is allocated
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/event.h"
#include "endpoint.h"

/* ::ffff:0:0/96, RFC 4291 2.5.5.2 */
static const uint8_t mapped_prefix[12] = {[10] = 0xff, [11] = 0xff};

static bool is_mapped(const struct endpoint *ep)
{
	return ep->family == AF_INET6 &&
	       memcmp(ep->addr, mapped_prefix, sizeof(mapped_prefix)) == 0;
}

void endpoint_key(const struct endpoint *ep, struct endpoint_key *key)
{
	memset(key, 0, sizeof(*key));
	key->port = ep->port;
	if (ep->family == AF_INET6) {
		memcpy(key->addr, ep->addr, sizeof(key->addr));
	} else if (ep->family == AF_INET) {
		memcpy(key->addr, mapped_prefix, sizeof(mapped_prefix));
		memcpy(key->addr + sizeof(mapped_prefix), ep->addr, 4);
	}
}

const char *endpoint_format(const struct endpoint *ep,
			    char buf[ENDPOINT_STRLEN])
{
	char addr[INET6_ADDRSTRLEN];

	buf[0] = '\0';
	if (ep->family == FAMILY_UNSPEC) {
		snprintf(buf, ENDPOINT_STRLEN, "AF_UNSPEC");
	} else if (ep->family == AF_INET || is_mapped(ep)) {
		inet_ntop(AF_INET, ep->addr + (is_mapped(ep) ? 12 : 0), addr,
			  sizeof(addr));
		snprintf(buf, ENDPOINT_STRLEN, "%s:%u", addr, ep->port);
	} else if (ep->family == AF_INET6) {
		inet_ntop(AF_INET6, ep->addr, addr, sizeof(addr));
		snprintf(buf, ENDPOINT_STRLEN, "[%s]:%u", addr, ep->port);
	}
	return buf;
}

const char *endpoint_format_host(const struct endpoint *ep,
				 char buf[ENDPOINT_STRLEN])
{
	buf[0] = '\0';
	if (ep->family == AF_INET || is_mapped(ep))
		inet_ntop(AF_INET, ep->addr + (is_mapped(ep) ? 12 : 0), buf,
			  ENDPOINT_STRLEN);
	else if (ep->family == AF_INET6)
		inet_ntop(AF_INET6, ep->addr, buf, ENDPOINT_STRLEN);
	return buf;
}

int endpoint_parse_host(struct endpoint *ep, const char *text)
{
	struct endpoint parsed = {.family = strchr(text, ':') ? AF_INET6 :
								AF_INET};

	if (inet_pton(parsed.family, text, parsed.addr) != 1)
		return -EINVAL;
	*ep = parsed;
	return 0;
}

/* A port is one to five digits and nothing else; strtoul would take " +7". */
static int parse_port(const char *text, uint16_t *port)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long value;

	if (digits == 0 || digits > 5 || text[digits] != '\0')
		return -EINVAL;
	value = strtoul(text, NULL, 10);
	if (value > UINT16_MAX)
		return -EINVAL;
	*port = value;
	return 0;
}

static int parse_numeric(struct endpoint *ep, const char *text)
{
	char addr[INET6_ADDRSTRLEN];
	bool v6 = text[0] == '[';
	const char *begin = text + v6;
	const char *end = v6 ? strchr(begin, ']') : strchr(begin, ':');
	const char *port;

	if (!end || (size_t)(end - begin) >= sizeof(addr))
		return -EINVAL;
	memcpy(addr, begin, end - begin);
	addr[end - begin] = '\0';
	port = end + v6;
	if (*port != ':' || parse_port(port + 1, &ep->port))
		return -EINVAL;
	ep->family = v6 ? AF_INET6 : AF_INET;
	return inet_pton(ep->family, addr, ep->addr) == 1 ? 0 : -EINVAL;
}

int endpoint_parse(struct endpoint *ep, const char *text)
{
	struct endpoint parsed = {0};
	int err = 0;

	if (strcmp(text, "AF_UNSPEC") == 0)
		parsed.family = FAMILY_UNSPEC;
	else if (*text)
		err = parse_numeric(&parsed, text);
	if (!err)
		*ep = parsed;
	return err;
}

static bool is_address(const struct endpoint *ep)
{
	return ep->family == AF_INET || ep->family == AF_INET6;
}

bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	struct endpoint_key ka, kb;

	if (!is_address(a) || !is_address(b))
		return a->family == b->family;
	endpoint_key(a, &ka);
	endpoint_key(b, &kb);
	return memcmp(&ka, &kb, sizeof(ka)) == 0;
}

const char *endpoint_family_name(uint16_t family)
{
	return family == AF_INET6 ? "IPv6" : "IPv4";
}

bool endpoint_is_ipv6(const struct endpoint *ep)
{
	return ep->family == AF_INET6 && !is_mapped(ep);
}

bool endpoint_is_any(const struct endpoint *ep)
{
	static const uint8_t zero[16];

	if (!is_address(ep))
		return true;
	if (ep->family == AF_INET)
		return memcmp(ep->addr, zero, 4) == 0;
	if (is_mapped(ep))
		return memcmp(ep->addr + 12, zero, 4) == 0;
	return memcmp(ep->addr, zero, sizeof(zero)) == 0;
}

bool endpoint_covers(const struct endpoint *bound, const struct endpoint *ep)
{
	if (!is_address(bound) || !is_address(ep) || bound->port == 0)
		return false;
	if (bound->port != ep->port)
		return false;
	return endpoint_is_any(bound) || endpoint_equal(bound, ep);
}
