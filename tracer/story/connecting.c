// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The life of a connect(2) in the story.
 *
 * A UDP connect, and a connect(AF_UNSPEC), has a window: packets of its socket
 * that pass in it are counted. A TCP connect has a flow: the handshake between
 * its two addresses, which may continue after the call. The call itself often
 * chooses the socket's own address, so both are resolved only when it is known:
 * from a kernel function in the call, or at its exit.
 *
 *   in:  entries and exits of connect(2), addresses, packets
 *   out: struct connect in the evidence
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "connecting.h"

#define ERESTARTSYS 512 /* include/linux/errno.h: the call will begin again */

bool connect_dissolves(const struct connect *connect)
{
	return connect->peer.family == FAMILY_UNSPEC;
}

bool connect_is_pending(const struct connect *connect)
{
	return connect->returned &&
	       (connect->ret == -EINPROGRESS || connect->ret == -EALREADY ||
		connect->ret == -EINTR || connect->ret == -ERESTARTSYS);
}

bool connect_has_window(const struct connect *connect)
{
	return connect->proto == IPPROTO_UDP || connect_dissolves(connect);
}

/* At entry the socket has no peer, or an earlier one. */
static const struct endpoint no_peer;

static int connecting_keep(struct evidence *evidence, struct connect *connect)
{
	struct connect **connects = evidence->connects;
	unsigned int room = evidence->connects_room;

	if (evidence->connects_len == room) {
		room = room ? 2 * room : 64;
		connects = realloc(connects, room * sizeof(struct connect *));
		if (!connects)
			return -ENOMEM;
		evidence->connects = connects;
		evidence->connects_room = room;
	}
	connect->at = evidence->connects_len;
	connect->number = ++evidence->connects_begun;
	connects[evidence->connects_len++] = connect;
	return 0;
}

/* Those that are gone leave holes, until half of them are holes. */
void evidence_close_holes(struct evidence *evidence)
{
	unsigned int len = 0;

	for (unsigned int i = 0; i < evidence->connects_len; i++) {
		struct connect *connect = evidence->connects[i];

		if (!connect)
			continue;
		connect->at = len;
		evidence->connects[len++] = connect;
	}
	evidence->connects_len = len;
	evidence->connects_gone = 0;
}

void connecting_forget(struct connecting *connecting, struct evidence *evidence,
		       struct connect *connect)
{
	settled_point(&connecting->settled, &connect->alongside, NULL);
	settled_remove(&connecting->settled, connect);
	waiting_remove(&connecting->waiting, connect);
	windows_forget(connect);
	flows_drop_owned(&connecting->flows, connect);
	evidence->connects[connect->at] = NULL;
	free(connect);
	if (++evidence->connects_gone > evidence->connects_len / 2 + 32)
		evidence_close_holes(evidence);
}

static void connect_describe(struct connect *connect,
			     const struct socket_entry *socket,
			     const struct record *record)
{
	connect->proto = record->proto;
	connect->pid = record->pid;
	connect->tid = record->tid;
	connect->socket = record->socket;
	memcpy(connect->comm, record->comm, sizeof(connect->comm));
	connect->fd = record->syscall.fd;
	connect->peer = record->peer;
	connect->enter_ns = record->ts_ns;
	connect->entered = record->type == RECORD_ENTER;
	connect->before = connect->local = socket->local;
	connect->previous = socket->attempt ? socket->attempt->number : 0;
	connect->other_netns = record->syscall.other_netns;
	connect->ipv6 = socket->ipv6;
	connect->fast_open = socket->fast_open;
	connect->mptcp = socket->mptcp;
	if (socket->senders) {
		connect->sender_tid = socket->sender_tid;
		connect->sender_call = socket->sender_call;
	}
}

int connecting_ends(struct connecting *connecting, struct connect *connect,
		    const struct endpoint *local, const struct endpoint *peer)
{
	int err = 0;

	if (peer->port)
		connect->stored = *peer;
	if (connect_has_window(connect))
		return 0;
	if (!connect->flow && endpoint_is_resolved(local)) {
		connect->local = *local;
		err = flows_claim(&connecting->flows, connect);
	}
	return err ? err : waiting_move(&connecting->waiting, connect);
}

int connecting_begin(struct connecting *connecting, struct evidence *evidence,
		     struct socket_entry *socket, const struct record *enter,
		     struct connect **connect)
{
	struct connect *c = calloc(1, sizeof(*c));
	int err = c ? connecting_keep(evidence, c) : -ENOMEM;

	*connect = NULL;
	if (err) {
		free(c);
		return err;
	}
	connect_describe(c, socket, enter);
	*connect = c;
	if (!c->entered)
		return 0; /* it ends with this very record */
	settled_point(&connecting->settled, &c->alongside, socket->connecting);
	settled_point(&connecting->settled, &socket->connecting, c);
	if (connect_has_window(c))
		return 0;
	connecting->calling++;
	err = waiting_add(&connecting->waiting, c);
	if (err)
		return err;
	return connecting_ends(connecting, c, &enter->local, &no_peer);
}

/* Orphans are kept only while one of them may still get an owner. */
static void calls_no_longer(struct connecting *connecting)
{
	if (connecting->calling && --connecting->calling == 0)
		flows_drop_orphans(&connecting->flows);
}

/*
 * A second connect(2) on a socket whose handshake is in progress, or is over
 * and not yet reported, reports the result of the first one (connect(2),
 * EINPROGRESS, EALREADY, EISCONN), unless it has sent a SYN of its own.
 */
static uint64_t asks_after(const struct socket_entry *socket,
			   const struct connect *connect)
{
	const struct connect *first = socket->attempt;

	if (!first || connect_dissolves(connect))
		return 0;
	if (connect->ret == -EALREADY || connect->ret == -EISCONN)
		return first->number;
	if (!connect_is_pending(first) || first->settled)
		return 0;
	if (connect->flow && connect->flow->has_syn)
		return 0;
	return first->number;
}

static void end_tcp(struct connecting *connecting, struct socket_entry *socket,
		    struct connect *connect)
{
	connect->first = asks_after(socket, connect);
	if (!connect->flow && !connect->first)
		flows_claim_by_peer(&connecting->flows, connect);
	if (connect->first) {
		if (!connect_is_pending(connect))
			socket->attempt->settled = true;
	} else {
		settled_point(&connecting->settled, &socket->attempt, connect);
	}
	for (int i = 0; connect->flow && i < WITNESSES; i++)
		connect->inside[i] = connect->flow->track[i].packets;
	if (!connect_is_pending(connect))
		waiting_remove(&connecting->waiting, connect);
	calls_no_longer(connecting);
}

/* Two threads may call at once; the kernel lets one after the other. */
static void end_on_socket(struct connecting *connecting,
			  struct socket_entry *socket, struct connect *connect)
{
	struct connect *c = connect;

	if (c != socket->connecting)
		return;
	do
		c = c->alongside;
	while (c && c->returned);
	settled_point(&connecting->settled, &socket->connecting, c);
	settled_point(&connecting->settled, &connect->alongside, NULL);
}

static int end_in_window(struct connecting *connecting, struct connect *connect,
			 const struct record *exit)
{
	if (exit->local.port)
		connect->local = exit->local;
	if (exit->peer.port && !connect_dissolves(connect))
		connect->stored = exit->peer;
	windows_close(&connecting->windows, connect);
	return 0;
}

static int end_flow(struct connecting *connecting, struct socket_entry *socket,
		    struct connect *connect, const struct record *exit)
{
	int err;

	if (!connect->entered)
		return 0;
	err = connecting_ends(connecting, connect, &exit->local, &exit->peer);
	if (!err)
		end_tcp(connecting, socket, connect);
	return err;
}

int connecting_end(struct connecting *connecting, struct socket_entry *socket,
		   struct connect *connect, const struct record *exit)
{
	int err;

	end_on_socket(connecting, socket, connect);
	connect->exit_ns = exit->ts_ns;
	connect->ret = exit->syscall.ret;
	connect->returned = true;
	connect->other_netns |= exit->syscall.other_netns;
	err = connect_has_window(connect) ?
		      end_in_window(connecting, connect, exit) :
		      end_flow(connecting, socket, connect, exit);
	if (!err)
		settled_note(&connecting->settled, connect);
	return err;
}

static void abandon_flow(struct connecting *connecting, struct connect *connect)
{
	if (!connect->flow)
		flows_claim_by_peer(&connecting->flows, connect);
	waiting_remove(&connecting->waiting, connect);
	calls_no_longer(connecting);
}

void connecting_abandon(struct connecting *connecting, struct connect *connect)
{
	if (!connect_has_window(connect))
		abandon_flow(connecting, connect);
	connect->abandoned = true;
	settled_note(&connecting->settled, connect);
}

/* After its handshake a flow is the call's only while the call is open. */
static struct connect *unfinished(const struct flow *flow)
{
	const struct connect *owner = flow ? flow->owner : NULL;

	if (!owner ||
	    (owner->returned && (track_ended(&flow->track[WITNESS_WIRE]) ||
				 track_ended(&flow->track[WITNESS_KERNEL]))))
		return NULL;
	return flow->owner;
}

/* The connect whose SYN the socket sends now, or sends again; NULL: none. */
static struct connect *sending(const struct socket_entry *socket)
{
	struct connect *connect =
		socket->connecting ? socket->connecting : socket->attempt;

	return connect && !connect_has_window(connect) ? connect : NULL;
}

int connecting_sent(struct connecting *connecting, struct socket_entry *socket,
		    const struct record *packet)
{
	bool syn = packet->proto == IPPROTO_TCP &&
		   (packet->packet.tcp_flags & (TH_SYN | TH_ACK)) == TH_SYN;
	struct connect *connect = syn ? sending(socket) : NULL;

	if (!connect || (connect->flow && connect->flow->has_syn))
		return 0;
	waiting_remove(&connecting->waiting, connect);
	return flows_sent(&connecting->flows, connect, packet);
}

void connecting_icmp(struct connecting *connecting, const struct record *icmp)
{
	const struct refusal refusal = {.ts_ns = icmp->ts_ns,
					.from = icmp->icmp.from,
					.icmp_type = icmp->icmp.type,
					.icmp_code = icmp->icmp.code};

	if (icmp->proto == IPPROTO_TCP)
		waiting_refuse(&connecting->waiting, &icmp->local, &icmp->peer,
			       &refusal);
}

/* The packet may have ended a handshake for one of the witnesses. */
static void note_ends(struct connecting *connecting)
{
	for (int i = 0; i < 2; i++) {
		const struct flow *flow = connecting->flows.touched[i];

		if (flow && flow->owner)
			settled_note(&connecting->settled, flow->owner);
	}
}

int connecting_packet(struct connecting *connecting,
		      const struct record *packet, bool again,
		      struct connect **connect, uint32_t *sender)
{
	const struct refusal refusal = {
		.ts_ns = packet->ts_ns, .reset = true, .from = packet->local};
	struct flow *flow = NULL;
	int err = windows_packet(&connecting->windows, packet, sender);

	if (!err && packet->proto == IPPROTO_TCP && !again) {
		err = flows_packet(&connecting->flows, packet,
				   connecting->calling > 0, &flow);
		if (!err)
			note_ends(connecting);
	}
	if (flow && flow->owner && flow->has_syn)
		waiting_remove(&connecting->waiting, flow->owner);
	if (packet->proto == IPPROTO_TCP && packet->packet.tcp_flags & TH_RST)
		waiting_refuse(&connecting->waiting, &packet->peer,
			       &packet->local, &refusal);
	*connect = unfinished(flow);
	return err;
}

void connecting_closed(struct connecting *connecting,
		       struct socket_entry *socket, bool by_task)
{
	struct connect *connect =
		socket->attempt ? socket->attempt : socket->closing;

	if (!connect || !connect_is_pending(connect))
		return;
	if (by_task)
		connect->given_up = true;
	else
		connect->dead = true;
	settled_note(&connecting->settled, connect);
	settled_point(&connecting->settled, &socket->closing, NULL);
}

void connecting_let_go(struct connecting *connecting,
		       struct socket_entry *socket, bool closing)
{
	struct settled *settled = &connecting->settled;

	closing =
		closing && socket->attempt && settled_goes_on(socket->attempt);
	settled_point(settled, &socket->closing,
		      closing ? socket->attempt : NULL);
	settled_point(settled, &socket->attempt, NULL);
	settled_point(settled, &socket->connecting, NULL);
}

bool connect_is_redirected(const struct connect *connect)
{
	return connect->stored.port && !connect_dissolves(connect) &&
	       !endpoint_equal(&connect->stored, &connect->peer);
}

struct connect *connecting_between(const struct connecting *connecting,
				   const struct endpoint *a,
				   const struct endpoint *b)
{
	return unfinished(flows_find(&connecting->flows, a, b));
}

void connecting_fini(struct connecting *connecting)
{
	windows_fini(&connecting->windows);
	flows_fini(&connecting->flows);
	waiting_fini(&connecting->waiting);
}
