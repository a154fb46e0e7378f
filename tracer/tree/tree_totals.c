// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Totals of a call tree. See tree_totals.h. */
#include "tree_totals.h"

#include <string.h>

struct tree_totals tree_totals_between(const struct tree_call *call,
				       size_t from, size_t to)
{
	struct tree_totals totals = {0};

	for (size_t i = from; i < to; i++) {
		const struct tree_node *node = &call->nodes[i];
		bool irq = node->context != TREE_TASK;

		switch (node->kind) {
		case NODE_FUNCTION:
			totals.functions++;
			totals.irq_functions += irq;
			totals.unended += !node->ended;
			if (node->depth >= totals.depth)
				totals.depth = node->depth + 1;
			break;
		case NODE_PACKET:
			totals.packets++;
			totals.irq_packets += irq;
			break;
		case NODE_OFF:
			totals.off_ns += node->duration_ns;
			break;
		}
	}
	return totals;
}

struct tree_totals tree_totals(const struct tree_call *call)
{
	return tree_totals_between(call, 0, call->len);
}

size_t tree_behind(const struct tree_call *call, size_t node)
{
	size_t next = node + 1;

	while (next < call->len &&
	       call->nodes[next].depth > call->nodes[node].depth)
		next++;
	return next;
}

static bool begins(const char *name, const char *prefix)
{
	return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* Both protocols pass inet_*, sock_* and ip_*; these only one of them. */
static const char *protocol_of(const char *name)
{
	static const struct {
		const char *prefix, *protocol;
	} signs[] = {
		{"tcp_", "TCP"},
		{"udp_", "UDP"},
		{"udpv6_", "UDP"},
		{"ip4_datagram_connect", "UDP"},
		{"__ip4_datagram_connect", "UDP"},
		{"ip6_datagram_connect", "UDP"},
		{"__ip6_datagram_connect", "UDP"},
		{"unix_", "UNIX"},
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (begins(name, signs[i].prefix))
			return signs[i].protocol;
	return NULL;
}

const char *tree_protocol(const struct tree_call *call)
{
	for (size_t i = 0; i < call->len; i++) {
		const struct tree_node *node = &call->nodes[i];
		const char *found = NULL;

		if (node->kind == NODE_FUNCTION && node->context == TREE_TASK)
			found = protocol_of(node->name);
		if (found)
			return found;
	}
	return NULL;
}

bool tree_has(const struct tree_call *call, const char *name)
{
	for (size_t i = 0; i < call->len; i++)
		if (call->nodes[i].kind == NODE_FUNCTION &&
		    strcmp(call->nodes[i].name, name) == 0)
			return true;
	return false;
}

bool tree_is_socket(const struct tree_call *call)
{
	return tree_has(call, "sock_close") || tree_has(call, "__sock_release");
}
