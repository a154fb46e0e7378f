// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * TCP handshakes put together from packets, each witness for itself.
 *
 *   in:  TCP packets, and the connects that may have caused them
 *   out: struct flow with one track for each witness
 *   read next: connecting.c (who claims flows), claim_tcp.c (who judges them)
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "flows.h"
#include "record/constants.h"

static void make_key(struct flow_key *key, const struct endpoint *caller,
		     const struct endpoint *peer)
{
	endpoint_key(caller, &key->caller);
	endpoint_key(peer, &key->peer);
}

static struct flow *find(const struct flows *flows,
			 const struct endpoint *caller,
			 const struct endpoint *peer)
{
	struct flow_key key;
	struct flow *flow;

	make_key(&key, caller, peer);
	HASH_FIND(hh, flows->table, &key, sizeof(key), flow);
	return flow;
}

struct flow *flows_find(const struct flows *flows, const struct endpoint *a,
			const struct endpoint *b)
{
	struct flow *flow = find(flows, a, b);

	return flow ? flow : find(flows, b, a);
}

static void leave_table(struct flows *flows, struct flow *flow)
{
	if (flow->in_table && flows->table)
		HASH_DEL(flows->table, flow);
	flow->in_table = false;
}

static void drop(struct flows *flows, struct flow *flow)
{
	leave_table(flows, flow);
	LIST_REMOVE(flow, entry);
	free(flow);
}

/* A new flow takes the place of an older one with the same two ends. */
static struct flow *add(struct flows *flows, const struct endpoint *caller,
			const struct endpoint *peer)
{
	struct flow *old = find(flows, caller, peer);
	struct flow *flow = calloc(1, sizeof(*flow));

	if (!flow)
		return NULL;
	if (old && !old->owner)
		drop(flows, old);
	else if (old)
		leave_table(flows, old);
	make_key(&flow->key, caller, peer);
	flow->caller = *caller;
	HASH_ADD(hh, flows->table, key, sizeof(flow->key), flow);
	if (!flow->hh.tbl) {
		free(flow);
		return NULL;
	}
	flow->in_table = true;
	LIST_INSERT_HEAD(&flows->orphans, flow, entry);
	return flow;
}

static void own(struct flows *flows, struct flow *flow, struct connect *connect)
{
	LIST_REMOVE(flow, entry);
	LIST_INSERT_HEAD(&flows->owned, flow, entry);
	flow->owner = connect;
	connect->flow = flow;
}

int flows_claim(struct flows *flows, struct connect *connect)
{
	struct flow *flow = find(flows, &connect->local, &connect->peer);

	if (flow && flow->owner && flow->owner == connect->previous)
		return 0;
	if (!flow || flow->owner || flow->syn_ns < connect->enter_ns)
		flow = add(flows, &connect->local, &connect->peer);
	if (!flow)
		return -ENOMEM;
	own(flows, flow, connect);
	return 0;
}

void flows_claim_by_peer(struct flows *flows, struct connect *connect)
{
	struct flow *flow = LIST_FIRST(&flows->orphans);
	struct flow *only = NULL;
	struct endpoint_key peer;

	endpoint_key(&connect->peer, &peer);
	for (; flow; flow = LIST_NEXT(flow, entry)) {
		if (memcmp(&flow->key.peer, &peer, sizeof(peer)) != 0 ||
		    flow->syn_ns < connect->enter_ns)
			continue;
		if (only)
			return; /* either may be his: a guess is no evidence */
		only = flow;
	}
	if (!only)
		return;
	connect->local = only->caller;
	own(flows, only, connect);
}

bool track_ended(const struct track *track)
{
	return track->progress >= FLOW_ESTABLISHED;
}

static enum progress next_progress(enum progress progress, uint8_t flags,
				   bool from_caller)
{
	if (flags & TH_RST)
		return from_caller ? FLOW_ABORTED : FLOW_REFUSED;
	if (!from_caller && (flags & (TH_SYN | TH_ACK)) == (TH_SYN | TH_ACK))
		return FLOW_SYN_ACK;
	if (from_caller && progress == FLOW_SYN_ACK &&
	    (flags & (TH_SYN | TH_ACK)) == TH_ACK)
		return FLOW_ESTABLISHED;
	return progress;
}

/*
 * A packet may pass several devices (a VLAN and the card below it): each
 * direction is followed on the first one where it was seen.
 */
static bool is_elsewhere(struct track *track, const struct record *packet,
			 bool from_caller)
{
	char *iface = track->iface[!from_caller];

	if (!*iface)
		memcpy(iface, packet->packet.iface, IFNAME_OCTETS);
	return strncmp(iface, packet->packet.iface, IFNAME_OCTETS) != 0;
}

static void track_packet(struct track *track, const struct record *packet,
			 bool from_caller)
{
	uint8_t flags = packet->packet.tcp_flags;

	if (track_ended(track) || is_elsewhere(track, packet, from_caller))
		return;
	if (track->packets < TRACK_FLAGS)
		track->flags[track->packets] = flags;
	track->packets++;
	track->progress = next_progress(track->progress, flags, from_caller);
	if (track_ended(track))
		track->ended_ns = packet->ts_ns;
}

/* Another connection between the same two ends, and no SYN sent again. */
static bool is_another(const struct flow *flow, const struct record_packet *syn)
{
	return flow->has_syn && (flow->seq != syn->seq ||
				 track_ended(&flow->track[syn->witness]));
}

int flows_packet(struct flows *flows, const struct record *packet, bool new,
		 struct flow **flow)
{
	const struct record_packet *tcp = &packet->packet;
	bool syn = (tcp->tcp_flags & (TH_SYN | TH_ACK)) == TH_SYN;
	bool from_caller = true;

	*flow = find(flows, &packet->local, &packet->peer);
	if (!*flow && !syn) {
		from_caller = false;
		*flow = find(flows, &packet->peer, &packet->local);
	}
	if (syn && (*flow ? is_another(*flow, tcp) : new)) {
		*flow = add(flows, &packet->local, &packet->peer);
		if (!*flow)
			return -ENOMEM;
	}
	if (!*flow)
		return 0;
	if (syn && !(*flow)->has_syn) {
		(*flow)->has_syn = true;
		(*flow)->seq = tcp->seq;
		(*flow)->syn_ns = packet->ts_ns;
	}
	if (!(*flow)->has_syn)
		return 0; /* the end of an older connection */
	track_packet(&(*flow)->track[tcp->witness], packet, from_caller);
	return 0;
}

void track_format(const struct track *track, struct text *text,
		  const char *separator)
{
	for (uint32_t i = 0; i < track->packets && i < TRACK_FLAGS; i++) {
		text_add(text, i ? separator : "");
		constant_tcp_flags(text, track->flags[i]);
	}
	if (track->packets > TRACK_FLAGS)
		text_printf(text, "%sand %u more", separator,
			    track->packets - TRACK_FLAGS);
}

static void drop_all(struct flows *flows, struct flow_list *list)
{
	struct flow *flow = LIST_FIRST(list), *next;

	LIST_INIT(list);
	for (; flow; flow = next) {
		next = LIST_NEXT(flow, entry);
		leave_table(flows, flow);
		free(flow);
	}
}

void flows_drop_orphans(struct flows *flows)
{
	drop_all(flows, &flows->orphans);
}

void flows_fini(struct flows *flows)
{
	drop_all(flows, &flows->orphans);
	drop_all(flows, &flows->owned);
}
