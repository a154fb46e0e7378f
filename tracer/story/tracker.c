// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Updates the tracker with what records say about sockets.
 *
 *   in:  records that name a socket
 *   out: its addresses, and what is followed because of them
 */
#include <netinet/in.h>
#include <stdlib.h>

#include "calls.h"
#include "tracker.h"
#include "record/syscalls.h"

static const struct endpoint no_peer;

void tracker_unwatch(struct tracker *tracker, struct socket_entry *socket,
		     uint8_t proto)
{
	if (!socket->watched.family)
		return;
	follow_unwatch(&tracker->follow, proto, &socket->watched);
	socket->watched.family = 0;
}

/* As long as its own address is not known, a socket is followed by its peer. */
static int tracker_watch(struct tracker *tracker, struct socket_entry *socket,
			 uint8_t proto)
{
	int err;

	if (socket->local.port) {
		tracker_unwatch(tracker, socket, proto);
		return 0;
	}
	if (!socket->peer.port ||
	    (socket->watched.family &&
	     endpoint_equal(&socket->watched, &socket->peer)))
		return 0;
	tracker_unwatch(tracker, socket, proto);
	err = follow_watch(&tracker->follow, proto, &socket->peer);
	if (!err)
		socket->watched = socket->peer;
	socket->watched_proto = proto;
	return err;
}

int tracker_learn_local(struct tracker *tracker, struct socket_entry *socket,
			uint8_t proto, const struct endpoint *local)
{
	int err;

	if (!local->port)
		return 0;
	err = follow_add(&tracker->follow, proto, local);
	if (err || endpoint_equal(local, &socket->local))
		return err;
	socket->local = *local;
	if (socket->connecting)
		err = connecting_ends(&tracker->connecting, socket->connecting,
				      local, &no_peer);
	return err;
}

int tracker_sent(struct tracker *tracker, struct socket_entry *socket,
		 const struct record *packet)
{
	const struct endpoint *own = packet->packet.own_local.port ?
					     &packet->packet.own_local :
					     &packet->local;
	int err = 0;

	/* an unbound UDP socket sends from an address that is not its own */
	if (packet->proto == IPPROTO_TCP)
		err = tracker_learn_local(tracker, socket, packet->proto, own);
	/* NAT; a port that the kernel took inside the call; IPv4 of IPv6 */
	if (!err && (own != &packet->local ||
		     !endpoint_covers(&socket->local, &packet->local)))
		err = follow_add(&tracker->follow, packet->proto,
				 &packet->local);
	if (!err)
		err = connecting_sent(&tracker->connecting, socket, packet);
	return err;
}

/* bind(2) may fail: the address that it is given may be another socket's. */
static bool is_given_local(const struct record *record)
{
	return record->type == RECORD_ENTER && record->syscall.id == CALL_BIND;
}

/* The address of bind(2) is not a peer, and that of recvfrom(2) not its own. */
static bool tells_peer(const struct record *record)
{
	if (record->type == RECORD_ENTER)
		return record->syscall.id != CALL_BIND;
	return record->type == RECORD_EXIT && !record->syscall.skippable &&
	       !syscall_info(record->syscall.id)->receives;
}

int tracker_learn(struct tracker *tracker, struct socket_entry *socket,
		  const struct record *record)
{
	int err = 0;

	if (!is_given_local(record))
		err = tracker_learn_local(tracker, socket, record->proto,
					  &record->local);
	/* unbound it is [::]; a recording has a mapped address as IPv4 */
	socket->ipv6 |= endpoint_is_ipv6(&record->local);
	if (err)
		return err;
	if (tells_peer(record) && record->peer.port)
		socket->peer = record->peer;
	return tracker_watch(tracker, socket, record->proto);
}

void tracker_renew(struct tracker *tracker, struct socket_entry *socket,
		   uint8_t proto, bool closed)
{
	tracker_unwatch(tracker, socket, proto);
	connecting_let_go(&tracker->connecting, socket, closed);
	socket_renew(socket);
}

/* Nothing more will be known of a connect(2) of it that goes on. */
static void socket_leave(struct tracker *tracker, struct socket_entry *socket)
{
	connecting_closed(&tracker->connecting, socket, false);
	tracker_unwatch(tracker, socket, socket->watched_proto);
	connecting_let_go(&tracker->connecting, socket, false);
	sockets_remove(&tracker->sockets, socket);
}

void tracker_tick(struct tracker *tracker, uint64_t ts_ns)
{
	if (ts_ns <= tracker->follow.now_ns)
		return;
	tracker->follow.now_ns = ts_ns;
	tracker->connecting.settled.now_ns = ts_ns;
}

static void tracker_make_room(struct tracker *tracker)
{
	struct open_call *call = sockets_surplus_call(&tracker->sockets);
	struct socket_entry *socket;

	if (call) {
		calls_leave(tracker, call);
		sockets_remove_call(&tracker->sockets, call);
	}
	socket = sockets_surplus(&tracker->sockets);
	if (socket)
		socket_leave(tracker, socket);
	follow_forget(&tracker->follow);
}

void tracker_settle(struct tracker *tracker, struct connect_judge *judge)
{
	struct connecting *connecting = &tracker->connecting;
	struct connect *connect;

	while (judge && (connect = settled_next(&connecting->settled))) {
		if (connect->pinned || judge->keep(judge, connect))
			connect->stage = CONNECT_IS_KEPT;
		else
			connecting_forget(connecting, &tracker->evidence,
					  connect);
	}
	tracker_make_room(tracker);
}

void tracker_fini(struct tracker *tracker)
{
	struct evidence *evidence = &tracker->evidence;

	sockets_fini(&tracker->sockets);
	connecting_fini(&tracker->connecting);
	follow_fini(&tracker->follow);
	for (unsigned int i = 0; i < evidence->connects_len; i++)
		free(evidence->connects[i]);
	free(evidence->connects);
	meta_free(evidence->meta);
}
