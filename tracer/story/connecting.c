// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The life of a connect(2) in the story.
 *
 * A UDP connect, and one that dissolves, has a window: whatever passes at its
 * socket meanwhile is counted. A TCP connect has a flow: the handshake between
 * its two addresses, which may go on after the call. The socket's own address
 * is often chosen by the call itself, so both are settled only when it is
 * known: from a kernel function beneath the call, or at its exit.
 *
 *   in:  entries and exits of connect(2), addresses, packets
 *   out: struct connect in the evidence
 *   read next: windows.c, flows.c
 */
#include <errno.h>
#include <netinet/in.h>
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

static bool has_window(const struct connect *connect)
{
	return connect->proto == IPPROTO_UDP || connect_dissolves(connect);
}

/* Bound to a port of one address: what a flow is known by. */
static bool is_resolved(const struct endpoint *local)
{
	return local->port && !endpoint_is_any(local);
}

static int keep(struct evidence *evidence, struct connect *connect)
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
	connects[evidence->connects_len++] = connect;
	return 0;
}

static void describe(struct connect *connect, const struct socket_entry *socket,
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
	connect->previous = socket->attempt;
	connect->other_netns = record->syscall.other_netns;
	connect->ipv6 = socket->ipv6;
	if (socket->senders) {
		connect->sender_tid = socket->sender_tid;
		connect->sender_call = socket->sender_call;
	}
}

int connecting_begin(struct connecting *connecting, struct evidence *evidence,
		     struct socket_entry *socket, const struct record *enter,
		     struct connect **connect)
{
	struct connect *c = calloc(1, sizeof(*c));
	int err = c ? keep(evidence, c) : -ENOMEM;

	*connect = NULL;
	if (err) {
		free(c);
		return err;
	}
	describe(c, socket, enter);
	*connect = c;
	if (!c->entered)
		return 0; /* it ends with this very record */
	socket->connecting = c;
	if (has_window(c))
		return windows_open(&connecting->windows, c);
	connecting->calling++;
	return connecting_local(connecting, c, &enter->local);
}

int connecting_local(struct connecting *connecting, struct connect *connect,
		     const struct endpoint *local)
{
	if (has_window(connect) || connect->flow || !is_resolved(local))
		return 0;
	connect->local = *local;
	return flows_claim(&connecting->flows, connect);
}

/* Orphans are kept only while one of them may turn out to be somebody's. */
static void calls_no_longer(struct connecting *connecting)
{
	if (connecting->calling && --connecting->calling == 0)
		flows_drop_orphans(&connecting->flows);
}

/*
 * A second connect(2) on a socket whose handshake is under way, or is over and
 * not yet reported, tells of the first one (connect(2), EINPROGRESS, EALREADY,
 * EISCONN), unless it has sent a SYN of its own.
 */
static const struct connect *asks_after(const struct socket_entry *socket,
					const struct connect *connect)
{
	struct connect *first = socket->attempt;

	if (!first || connect_dissolves(connect))
		return NULL;
	if (connect->ret == -EALREADY || connect->ret == -EISCONN)
		return first;
	if (!connect_is_pending(first) || first->settled)
		return NULL;
	if (connect->flow && connect->flow->has_syn)
		return NULL;
	return first;
}

static int end_tcp(struct connecting *connecting, struct socket_entry *socket,
		   struct connect *connect)
{
	connect->first = asks_after(socket, connect);
	if (!connect->flow && !connect->first)
		flows_claim_by_peer(&connecting->flows, connect);
	if (connect->first) {
		if (!connect_is_pending(connect))
			socket->attempt->settled = true;
	} else {
		socket->attempt = connect_dissolves(connect) ? NULL : connect;
	}
	for (int i = 0; connect->flow && i < WITNESSES; i++)
		connect->inside[i] = connect->flow->track[i].packets;
	calls_no_longer(connecting);
	return 0;
}

int connecting_end(struct connecting *connecting, struct socket_entry *socket,
		   struct connect *connect, const struct record *exit)
{
	int err;

	socket->connecting = NULL;
	connect->exit_ns = exit->ts_ns;
	connect->ret = exit->syscall.ret;
	connect->returned = true;
	connect->other_netns |= exit->syscall.other_netns;
	if (has_window(connect)) {
		if (exit->local.port)
			connect->local = exit->local;
		windows_close(&connecting->windows, connect);
		return 0;
	}
	if (!connect->entered)
		return 0;
	err = connecting_local(connecting, connect, &exit->local);
	return err ? err : end_tcp(connecting, socket, connect);
}

void connecting_abandon(struct connecting *connecting, struct connect *connect)
{
	if (has_window(connect)) {
		windows_abandon(&connecting->windows, connect);
		return;
	}
	if (!connect->flow)
		flows_claim_by_peer(&connecting->flows, connect);
	calls_no_longer(connecting);
}

/* Past its handshake a flow is the call's only while the call is open. */
static struct connect *unfinished(const struct flow *flow)
{
	const struct connect *owner = flow ? flow->owner : NULL;

	if (!owner ||
	    (owner->returned && (track_ended(&flow->track[WITNESS_WIRE]) ||
				 track_ended(&flow->track[WITNESS_KERNEL]))))
		return NULL;
	return flow->owner;
}

int connecting_packet(struct connecting *connecting,
		      const struct record *packet, struct connect **connect)
{
	struct flow *flow = NULL;
	int err = windows_packet(&connecting->windows, packet);

	if (!err && packet->proto == IPPROTO_TCP)
		err = flows_packet(&connecting->flows, packet,
				   connecting->calling > 0, &flow);
	*connect = unfinished(flow);
	return err;
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
}
