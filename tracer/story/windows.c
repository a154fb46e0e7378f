// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Packets that passed while a connect(2) was open, counted at its exit.
 *
 *   in:  connects as they begin and end, packets of any socket between
 *   out: connect.inside
 *   read next: connecting.c, who opens and closes the windows
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "windows.h"

struct passed {
	uint64_t ts_ns;
	struct endpoint src, dst;
	uint8_t proto;
	uint8_t witness;
	char iface[IFNAME_OCTETS];
};

#define WAYS 32

/* A packet of each way that has been counted in a window. */
struct ways {
	const struct passed *first[WAYS];
	unsigned int len;
};

int windows_open(struct windows *windows, struct connect *connect)
{
	struct connect **open = windows->open;
	size_t room = windows->open_room;

	if (windows->open_len == room) {
		room = room ? 2 * room : 16;
		open = realloc(open, room * sizeof(struct connect *));
		if (!open)
			return -ENOMEM;
		windows->open = open;
		windows->open_room = room;
	}
	open[windows->open_len++] = connect;
	return 0;
}

/* Takes the window out, and lets go of what passed before those still open. */
static void remove_window(struct windows *windows,
			  const struct connect *connect)
{
	size_t i = 0;

	while (i < windows->open_len && windows->open[i] != connect)
		i++;
	if (i == windows->open_len)
		return;
	windows->open_len--;
	memmove(&windows->open[i], &windows->open[i + 1],
		(windows->open_len - i) * sizeof(struct connect *));
	while (windows->len &&
	       (!windows->open_len || windows->ring[windows->first].ts_ns <
					      windows->open[0]->enter_ns)) {
		windows->first = (windows->first + 1) % WINDOW_PACKETS;
		windows->len--;
	}
}

int windows_packet(struct windows *windows, const struct record *packet)
{
	struct passed *passed;

	if (!windows->open_len)
		return 0;
	if (!windows->ring)
		windows->ring = malloc(WINDOW_PACKETS * sizeof(*passed));
	if (!windows->ring)
		return -ENOMEM;
	while (windows->len == WINDOW_PACKETS) {
		windows->open[0]->crowded = true;
		remove_window(windows, windows->open[0]);
	}
	if (!windows->open_len)
		return 0;
	passed = &windows->ring[(windows->first + windows->len++) %
				WINDOW_PACKETS];
	*passed = (struct passed){.ts_ns = packet->ts_ns,
				  .src = packet->local,
				  .dst = packet->peer,
				  .proto = packet->proto,
				  .witness = packet->packet.witness};
	memcpy(passed->iface, packet->packet.iface, sizeof(passed->iface));
	return 0;
}

static bool is_at(const struct passed *passed, const struct endpoint *local)
{
	return endpoint_covers(local, &passed->src) ||
	       endpoint_covers(local, &passed->dst);
}

/*
 * One packet may pass several devices (a bridge and its ports): its way counts
 * on the first of them. What is first in the window always counts.
 */
static bool is_elsewhere(struct ways *ways, const struct passed *passed)
{
	for (unsigned int i = 0; i < ways->len; i++) {
		const struct passed *first = ways->first[i];

		if (first->witness == passed->witness &&
		    endpoint_equal(&first->src, &passed->src) &&
		    endpoint_equal(&first->dst, &passed->dst))
			return strncmp(first->iface, passed->iface,
				       IFNAME_OCTETS) != 0;
	}
	if (ways->len < WAYS)
		ways->first[ways->len++] = passed;
	return false;
}

void windows_close(struct windows *windows, struct connect *connect)
{
	struct ways ways = {.len = 0};

	for (size_t i = 0; i < windows->len; i++) {
		const struct passed *passed =
			&windows->ring[(windows->first + i) % WINDOW_PACKETS];

		if (passed->proto != connect->proto ||
		    passed->ts_ns < connect->enter_ns ||
		    passed->ts_ns > connect->exit_ns)
			continue;
		if ((is_at(passed, &connect->local) ||
		     is_at(passed, &connect->before)) &&
		    !is_elsewhere(&ways, passed))
			connect->inside[passed->witness]++;
	}
	remove_window(windows, connect);
}

void windows_abandon(struct windows *windows, const struct connect *connect)
{
	remove_window(windows, connect);
}

void windows_fini(struct windows *windows)
{
	free(windows->open);
	free(windows->ring);
	memset(windows, 0, sizeof(*windows));
}
