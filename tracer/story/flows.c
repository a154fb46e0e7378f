// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Builds TCP handshakes from packets, for each witness separately. Connects
 * whose SYN was not seen wait in a table by their peer and their own address, so
 * that the time for a refusal does not depend on how many of them wait.
 *
 *   in:  TCP packets, and the connects that may have caused them
 *   out: struct flow with one track for each witness; the refusal of a connect
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "flows.h"
#include "record/constants.h"
#include "record/hash.h"

#define LOOK_BACK 64 /* flows to one peer; older ones are not looked at */

/* The flows to one peer that have no owner, the youngest first. */
struct orphans {
	struct endpoint_key peer;
	struct flow_queue unnamed, named; /* does the kernel name the sender? */
	UT_hash_handle hh;
};

bool endpoint_is_resolved(const struct endpoint *local)
{
	return local->port && !endpoint_is_any(local);
}

const struct endpoint *connect_peer(const struct connect *connect)
{
	return connect->stored.port ? &connect->stored : &connect->peer;
}

static void flow_make_key(struct flow_key *key, const struct endpoint *caller,
			  const struct endpoint *peer)
{
	endpoint_key(caller, &key->caller);
	endpoint_key(peer, &key->peer);
}

static struct flow *flow_find_name(const struct flows *flows,
				   const struct endpoint *caller,
				   const struct endpoint *peer)
{
	struct flow_key key;
	struct flow_name *name;

	flow_make_key(&key, caller, peer);
	hash_find(flows->table, &key, name);
	return name ? name->flow : NULL;
}

struct flow *flows_find(const struct flows *flows, const struct endpoint *a,
			const struct endpoint *b)
{
	struct flow *flow = flow_find_name(flows, a, b);

	return flow ? flow : flow_find_name(flows, b, a);
}

static void unname(struct flows *flows, struct flow_name *name)
{
	if (name->flow && flows->table)
		HASH_DEL(flows->table, name);
	name->flow = NULL;
}

static void leave_table(struct flows *flows, struct flow *flow)
{
	unname(flows, &flow->names[0]);
	unname(flows, &flow->names[1]);
}

static struct flow_queue *queue_of(const struct flow *flow)
{
	return flow->sender ? &flow->among->named : &flow->among->unnamed;
}

static void orphans_remove(struct flows *flows, struct flow *flow)
{
	struct orphans *among = flow->among;

	TAILQ_REMOVE(queue_of(flow), flow, same_peer);
	TAILQ_REMOVE(&flows->by_age, flow, by_age);
	flows->orphans_len--;
	flow->among = NULL;
	if (!TAILQ_EMPTY(&among->unnamed) || !TAILQ_EMPTY(&among->named))
		return;
	HASH_DEL(flows->orphans, among);
	free(among);
}

static void drop(struct flows *flows, struct flow *flow)
{
	leave_table(flows, flow);
	if (flow->among)
		orphans_remove(flows, flow);
	else
		LIST_REMOVE(flow, entry);
	free(flow);
}

static struct orphans *orphans_to(struct flows *flows,
				  const struct endpoint_key *peer)
{
	struct orphans *orphans;

	hash_find(flows->orphans, peer, orphans);
	return orphans;
}

static int orphans_add(struct flows *flows, struct flow *flow)
{
	const struct endpoint_key *peer = &flow->names[0].key.peer;
	struct orphans *among = orphans_to(flows, peer);

	if (!among) {
		hash_new(flows->orphans, peer, peer, among);
		if (!among)
			return -ENOMEM;
		TAILQ_INIT(&among->unnamed);
		TAILQ_INIT(&among->named);
	}
	if (!flows->by_age.tqh_last)
		TAILQ_INIT(&flows->by_age);
	flow->among = among;
	TAILQ_INSERT_HEAD(queue_of(flow), flow, same_peer);
	TAILQ_INSERT_TAIL(&flows->by_age, flow, by_age);
	flows->orphans_len++;
	return 0;
}

/* The kernel names the sender of the SYN. */
static void flow_name_sender(struct flow *flow, uint32_t sender)
{
	if (flow->among)
		TAILQ_REMOVE(queue_of(flow), flow, same_peer);
	flow->sender = sender;
	if (flow->among)
		TAILQ_INSERT_HEAD(queue_of(flow), flow, same_peer);
}

static void forget_oldest(struct flows *flows)
{
	struct flow *oldest = TAILQ_FIRST(&flows->by_age);

	if (oldest->syn_ns > flows->forgotten_ns)
		flows->forgotten_ns = oldest->syn_ns;
	drop(flows, oldest);
}

/* Another flow with the same name loses it. 0 or -ENOMEM. */
static int name_flow(struct flows *flows, struct flow *flow, int i,
		     const struct endpoint *caller, const struct endpoint *peer)
{
	struct flow_name *name = &flow->names[i];
	struct flow_name *old;
	struct flow_key key;

	flow_make_key(&key, caller, peer);
	hash_find(flows->table, &key, old);
	if (old && old->flow == flow)
		return 0;
	if (old)
		unname(flows, old);
	unname(flows, name);
	name->key = key;
	HASH_ADD(hh, flows->table, key, sizeof(name->key), name);
	if (!name->hh.tbl)
		return -ENOMEM;
	name->flow = flow;
	return 0;
}

/* A new flow takes the place of an older one with the same two ends. */
static struct flow *flow_add(struct flows *flows, const struct endpoint *caller,
			     const struct endpoint *peer)
{
	struct flow *old = flow_find_name(flows, caller, peer);
	struct flow *flow = calloc(1, sizeof(*flow));

	if (!flow)
		return NULL;
	if (old && !old->owner)
		drop(flows, old);
	if (flows->orphans_len >= ORPHANS_MAX)
		forget_oldest(flows);
	flow->caller = *caller;
	if (name_flow(flows, flow, 0, caller, peer) ||
	    orphans_add(flows, flow)) {
		leave_table(flows, flow);
		free(flow);
		return NULL;
	}
	return flow;
}

static void own(struct flows *flows, struct flow *flow, struct connect *connect)
{
	orphans_remove(flows, flow);
	LIST_INSERT_HEAD(&flows->owned, flow, entry);
	flow->owner = connect;
	connect->flow = flow;
}

int flows_claim(struct flows *flows, struct connect *connect)
{
	const struct endpoint *peer = connect_peer(connect);
	struct flow *flow = flow_find_name(flows, &connect->local, peer);

	if (flow && flow->owner && connect->previous &&
	    flow->owner->number == connect->previous)
		return 0;
	if (!flow || flow->owner || flow->syn_ns < connect->enter_ns)
		flow = flow_add(flows, &connect->local, peer);
	if (!flow)
		return -ENOMEM;
	own(flows, flow, connect);
	return 0;
}

int flows_sent(struct flows *flows, struct connect *connect,
	       const struct record *syn)
{
	const struct record_packet *tcp = &syn->packet;
	struct flow *flow = flow_find_name(flows, &syn->local, &syn->peer);
	struct flow *waiting = connect->flow;

	if (!waiting || flow != waiting) {
		if (!flow || flow->owner || flow->seq != tcp->seq)
			flow = flow_add(flows, &syn->local, &syn->peer);
		if (!flow)
			return -ENOMEM;
		own(flows, flow, connect);
		if (waiting)
			drop(flows, waiting);
	}
	flow_name_sender(flow, syn->socket);
	if (!tcp->own_local.port) {
		connect->stored = syn->peer;
		connect->local = syn->local;
		return 0;
	}
	connect->stored = tcp->own_peer;
	connect->local = tcp->own_local;
	connect->wire_local = syn->local;
	connect->wire_peer = syn->peer;
	return name_flow(flows, flow, 1, &tcp->own_local, &tcp->own_peer);
}

/* The flows of @queue since @since_ns: how many, but no more than two. */
static int count_since(const struct flow_queue *queue, uint64_t since_ns,
		       struct flow **last)
{
	struct flow *flow = TAILQ_FIRST(queue);
	int found = 0;

	for (int i = 0; flow && found < 2 && i < LOOK_BACK; i++) {
		if (flow->syn_ns >= since_ns) {
			*last = flow;
			found++;
		}
		flow = TAILQ_NEXT(flow, same_peer);
	}
	return found;
}

void flows_claim_by_peer(struct flows *flows, struct connect *connect)
{
	struct flow *only = NULL;
	struct orphans *orphans;
	struct endpoint_key peer;
	int found;

	endpoint_key(connect_peer(connect), &peer);
	orphans = orphans_to(flows, &peer);
	if (!orphans ||
	    (flows->forgotten_ns && flows->forgotten_ns >= connect->enter_ns))
		return;
	found = count_since(&orphans->unnamed, connect->enter_ns, &only);
	if (connect->mptcp)
		found += count_since(&orphans->named, connect->enter_ns, &only);
	if (found != 1)
		return; /* two flows match: ambiguous, claim neither */
	connect->local = only->caller;
	own(flows, only, connect);
}

bool track_ended(const struct track *track)
{
	return track->progress >= FLOW_ESTABLISHED;
}

/* A caller that answers with SYN-ACK has received a SYN: simultaneous open. */
static enum progress next_sent(enum progress progress, bool syn, bool ack)
{
	if (progress == FLOW_SYN_ACK && ack)
		return FLOW_ESTABLISHED;
	return progress == FLOW_SYN && syn && ack ? FLOW_CROSSED : progress;
}

static enum progress next_progress(enum progress progress, uint8_t flags,
				   bool from_caller)
{
	bool syn = flags & TH_SYN, ack = flags & TH_ACK;

	if (flags & TH_RST)
		return from_caller ? FLOW_ABORTED : FLOW_REFUSED;
	if (from_caller)
		return next_sent(progress, syn, ack);
	if (syn && !ack)
		return progress == FLOW_SYN ? FLOW_CROSSED : progress;
	if (progress == FLOW_CROSSED && ack)
		return FLOW_ESTABLISHED; /* our SYN came to the other side */
	return syn && ack ? FLOW_SYN_ACK : progress;
}

/*
 * A packet may pass several devices (a VLAN and the card below it): each
 * direction is followed on the first one where it was seen.
 */
static bool flow_is_elsewhere(struct track *track, const struct record *packet,
			      bool from_caller)
{
	char *iface = track->iface[!from_caller];

	if (!*iface)
		memcpy(iface, packet->packet.iface, IFNAME_BYTES);
	return strncmp(iface, packet->packet.iface, IFNAME_BYTES) != 0;
}

/* Loopback devices, such as lo and a VRF, receive what they send. */
static bool is_given_back(struct track *track, const struct record *packet,
			  bool from_caller)
{
	const struct record_packet *tcp = &packet->packet;
	bool same = track->out[!from_caller].flags == tcp->tcp_flags &&
		    track->out[!from_caller].seq == tcp->seq &&
		    track->out[!from_caller].ack == tcp->ack;

	if (tcp->direction == DIRECTION_IN)
		return same && tcp->tcp_flags;
	track->out[!from_caller].flags = tcp->tcp_flags;
	track->out[!from_caller].seq = tcp->seq;
	track->out[!from_caller].ack = tcp->ack;
	return false;
}

static void track_advance(struct track *track, const struct record *packet,
			  bool from_caller)
{
	uint8_t flags = packet->packet.tcp_flags;

	if (track_ended(track))
		return;
	track->progress = next_progress(track->progress, flags, from_caller);
	track->crossed |= track->progress == FLOW_CROSSED ||
			  (from_caller && flags & TH_SYN && flags & TH_ACK);
	if (track_ended(track))
		track->ended_ns = packet->ts_ns;
}

static void track_packet(struct track *track, const struct record *packet,
			 bool from_caller)
{
	if (track_ended(track) ||
	    flow_is_elsewhere(track, packet, from_caller) ||
	    is_given_back(track, packet, from_caller))
		return;
	if (track->packets < TRACK_FLAGS)
		track->flags[track->packets] = packet->packet.tcp_flags;
	track->packets++;
	track_advance(track, packet, from_caller);
}

/* Is it another connection between the same two ends, and no SYN sent again? */
static bool is_another(const struct flow *flow, const struct record_packet *syn)
{
	return flow->has_syn && (flow->seq != syn->seq ||
				 track_ended(&flow->track[syn->witness]));
}

/* The first SYN shows which connection it is. */
static void note_syn(struct flow *flow, const struct record *packet)
{
	if (flow->has_syn)
		return;
	flow->has_syn = true;
	flow->seq = packet->packet.seq;
	flow->syn_ns = packet->ts_ns;
}

/* A packet to oneself is sent and received, and is one packet. */
static void note_packet(struct flow *sent, struct flow *received,
			const struct record *packet)
{
	enum witness witness = packet->packet.witness;

	if (sent && sent->has_syn)
		track_packet(&sent->track[witness], packet, true);
	if (!received || !received->has_syn)
		return;
	if (received == sent)
		track_advance(&received->track[witness], packet, false);
	else
		track_packet(&received->track[witness], packet, false);
}

/*
 * If both sides call, each packet is in two flows: the one that its sender
 * began, and the one that its receiver began.
 */
int flows_packet(struct flows *flows, const struct record *packet, bool new,
		 struct flow **flow)
{
	const struct record_packet *tcp = &packet->packet;
	bool syn = (tcp->tcp_flags & (TH_SYN | TH_ACK)) == TH_SYN;
	struct flow *sent =
		flow_find_name(flows, &packet->local, &packet->peer);
	struct flow *received;

	if (syn && (sent ? is_another(sent, tcp) : new)) {
		sent = flow_add(flows, &packet->local, &packet->peer);
		if (!sent)
			return -ENOMEM;
	}
	/* the same one if a socket calls itself */
	received = flow_find_name(flows, &packet->peer, &packet->local);
	if (syn && sent)
		note_syn(sent, packet);
	if (sent && tcp->witness == WITNESS_KERNEL && packet->socket && syn)
		flow_name_sender(sent, packet->socket);
	note_packet(sent, received, packet);
	flows->touched[0] = sent;
	flows->touched[1] = received;
	*flow = sent && sent->owner ? sent : received ? received : sent;
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

void flows_drop_orphans(struct flows *flows)
{
	struct flow *flow = TAILQ_FIRST(&flows->by_age), *next;

	for (; flow; flow = next) {
		next = TAILQ_NEXT(flow, by_age);
		drop(flows, flow);
	}
	flows->forgotten_ns = 0;
}

void flows_drop_owned(struct flows *flows, struct connect *connect)
{
	if (connect->flow)
		drop(flows, connect->flow);
	connect->flow = NULL;
}

void flows_fini(struct flows *flows)
{
	struct flow *flow = LIST_FIRST(&flows->owned), *next;

	flows_drop_orphans(flows);
	for (; flow; flow = next) {
		next = LIST_NEXT(flow, entry);
		drop(flows, flow);
	}
}

struct waiting_key {
	struct endpoint_key peer, local; /* @local: 0 if it is not known */
};

struct waiting_at {
	struct waiting_key key;
	LIST_HEAD(connect_list, connect) connects;
	UT_hash_handle hh;
};

static void waiting_make_key(struct waiting_key *key,
			     const struct endpoint *local,
			     const struct endpoint *peer)
{
	memset(key, 0, sizeof(*key));
	endpoint_key(peer, &key->peer);
	if (local && endpoint_is_resolved(local))
		endpoint_key(local, &key->local);
}

static struct waiting_at *waiting_at(const struct waiting_connects *waiting,
				     const struct waiting_key *key)
{
	struct waiting_at *at;

	hash_find(waiting->table, key, at);
	return at;
}

int waiting_add(struct waiting_connects *waiting, struct connect *connect)
{
	struct waiting_key key;
	struct waiting_at *at;

	waiting_make_key(&key, &connect->local, connect_peer(connect));
	hash_get(waiting->table, key, &key, at);
	if (!at)
		return -ENOMEM;
	LIST_INSERT_HEAD(&at->connects, connect, waiting);
	connect->waits_at = at;
	return 0;
}

void waiting_remove(struct waiting_connects *waiting, struct connect *connect)
{
	struct waiting_at *at = connect->waits_at;

	if (!at)
		return;
	LIST_REMOVE(connect, waiting);
	connect->waits_at = NULL;
	if (!LIST_EMPTY(&at->connects))
		return;
	HASH_DEL(waiting->table, at);
	free(at);
}

int waiting_move(struct waiting_connects *waiting, struct connect *connect)
{
	if (!connect->waits_at)
		return 0;
	waiting_remove(waiting, connect);
	return waiting_add(waiting, connect);
}

static void refuse_at(struct waiting_connects *waiting,
		      const struct waiting_key *key,
		      const struct refusal *refusal)
{
	struct waiting_at *at;

	while ((at = waiting_at(waiting, key))) {
		struct connect *connect = LIST_FIRST(&at->connects);

		connect->refusal = *refusal;
		waiting_remove(waiting, connect);
	}
}

void waiting_refuse(struct waiting_connects *waiting,
		    const struct endpoint *local, const struct endpoint *peer,
		    const struct refusal *refusal)
{
	struct waiting_key key;

	if (!waiting->table)
		return;
	waiting_make_key(&key, local, peer);
	refuse_at(waiting, &key, refusal);
	waiting_make_key(&key, NULL, peer);
	refuse_at(waiting, &key, refusal);
}

void waiting_fini(struct waiting_connects *waiting)
{
	hash_empty(waiting->table, free);
}
