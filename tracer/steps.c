// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The steps by the names that the probe plan gives them (bpf/event.h, enum
 * step), with what a reader needs beside the function's name.
 *
 *   read next: view_text.c (prints the remarks), claims.c (needs the steps)
 */
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "steps.h"

static const struct {
	const char *name;
	bool has_len;
	const char *remark;
} steps[] = {
	{"udp_connect", false, "stores the peer, chooses the local address"},
	{"udp_get_port", false, "takes a free local port"},
	{"udp_sendmsg", true, "makes a datagram"},
	{"udp_transmit", false, "hands it down to IP"},
	{"udp_rcv", false, "a datagram arrives"},
	{"udp_recvmsg", false, "wants a datagram"},
	{"udp_dequeue", false, "takes one from the socket's queue"},
	{"udp_disconnect", false, "forgets the peer"},
	{"udp_close", false, "gives the port back"},
	{"tcp_v4_connect", false, "chooses the local address"},
	{"tcp_connect", false, "makes a SYN"},
	{"tcp_transmit", false, "hands a segment down to IP"},
	{"tcp_rcv", false, "a segment arrives"},
	{"tcp_rcv_state", false, "it may change the socket's state"},
	{"tcp_accept", false, "wants an established connection"},
	{"tcp_sendmsg", true, "puts octets into the send queue"},
	{"tcp_recvmsg", false, "wants octets from the receive queue"},
	{"tcp_close", false, "begins to close"},
	{"tcp_send_fin", false, "queues a FIN"},
};

#define STEPS (sizeof(steps) / sizeof(steps[0]))

static size_t step_index(const char *name)
{
	size_t i = 0;

	while (i < STEPS && strcmp(steps[i].name, name) != 0)
		i++;
	return i;
}

const char *step_remark(const char *name)
{
	size_t i = step_index(name);

	return i < STEPS ? steps[i].remark : "";
}

bool step_has_len(const char *name)
{
	size_t i = step_index(name);

	return i < STEPS && steps[i].has_len;
}

const char *const *step_needed(uint8_t proto)
{
	static const char *const udp[] = {"udp_connect", "udp_sendmsg",
					  "udp_transmit", NULL};
	static const char *const tcp[] = {"tcp_v4_connect", "tcp_connect",
					  "tcp_transmit", NULL};

	return proto == IPPROTO_TCP ? tcp : udp;
}
