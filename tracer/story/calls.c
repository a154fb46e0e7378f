// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Keeps track of which thread is in which call on which socket, of what records
 * say about sockets, and of what is followed because of that.
 *
 *   in:  enter, exit, call and state records; packets whose socket is known
 *   out: the updated tracker; the connect(2) that a record belongs to
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "plan/steps.h"
#include "record/syscalls.h"

static const struct endpoint no_peer;

/* The socket is no longer followed by its peer's address. */
static void tracker_unwatch(struct tracker *tracker,
			    struct socket_entry *socket, uint8_t proto)
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

/* The socket is bound to @local; no port: nothing is learned. 0 or -ENOMEM. */
static int tracker_learn_local(struct tracker *tracker,
			       struct socket_entry *socket, uint8_t proto,
			       const struct endpoint *local)
{
	int err;

	if (!local->port)
		return 0;
	err = follow_add(&tracker->follow, proto, local);
	if (err || endpoint_equal(local, &socket->local))
		return err;
	socket->local = *local;
	if (socket->connecting)
		err = connects_ends(&tracker->connects, socket->connecting,
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
		err = connects_sent(&tracker->connects, socket, packet);
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

/* Learns what @record says about its socket. 0 or -ENOMEM. */
static int tracker_learn(struct tracker *tracker, struct socket_entry *socket,
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

/*
 * The socket was closed (@closed), or is a new one: what was known of it is
 * forgotten.
 */
static void tracker_renew(struct tracker *tracker, struct socket_entry *socket,
			  uint8_t proto, bool closed)
{
	tracker_unwatch(tracker, socket, proto);
	connects_let_go(&tracker->connects, socket, closed);
	socket_renew(socket);
	/* its TCP connection may end later */
	if (!closed || !socket->key.number)
		socket->choice = CHOICE_OPEN;
}

static bool call_makes_socket(const struct record *record)
{
	const struct record_syscall *call = &record->syscall;

	return record->type == RECORD_EXIT && call->ret >= 0 &&
	       (call->id == CALL_SOCKET || call->id == CALL_ACCEPT ||
		call->id == CALL_ACCEPT4);
}

static int new_socket(struct tracker *tracker, const struct record *exit)
{
	struct record made = *exit;
	struct socket_entry *socket;

	made.syscall.fd = exit->syscall.ret;
	socket = sockets_of(&tracker->sockets, &made);
	if (!socket)
		return -ENOMEM;
	tracker_renew(tracker, socket, exit->proto, false);
	socket->mptcp = exit->syscall.id == CALL_SOCKET &&
			exit->syscall.args[2] == IPPROTO_MPTCP;
	return tracker_learn(tracker, socket, exit);
}

void calls_leave(struct tracker *tracker, struct open_call *call)
{
	struct socket_entry *socket = call->socket;

	if (call->connect)
		connects_abandon(&tracker->connects, call->connect);
	if (call->connect && socket->connecting == call->connect)
		settled_point(&tracker->connects.settled, &socket->connecting,
			      NULL);
	if (socket && syscall_info(call->id)->sends && socket->senders)
		socket->senders--;
	if (socket)
		socket->calls--;
	call->id = CALL_NONE;
	call->connect = NULL;
	call->socket = NULL;
}

static void note_sender(struct socket_entry *socket, const struct record *enter)
{
	if (!syscall_info(enter->syscall.id)->sends)
		return;
	socket->senders++;
	socket->sender_tid = enter->tid;
	socket->sender_call = enter->syscall.id;
	if (!socket->connecting)
		return;
	socket->connecting->sender_tid = enter->tid;
	socket->connecting->sender_call = enter->syscall.id;
}

int calls_enter(struct tracker *tracker, const struct record *enter,
		struct note *note)
{
	struct open_call *call = sockets_call(&tracker->sockets, enter->tid);
	struct socket_entry *socket;
	int err;

	if (!call)
		return -ENOMEM;
	calls_leave(tracker, call);
	call->id = enter->syscall.id;
	if (call->id == CALL_SOCKET)
		return 0;
	socket = sockets_of(&tracker->sockets, enter);
	if (!socket)
		return -ENOMEM;
	call->socket = socket;
	socket->calls++;
	err = tracker_learn(tracker, socket, enter);
	if (err)
		return err;
	note_sender(socket, enter);
	if (call->id == CALL_CONNECT)
		err = connects_begin(&tracker->connects, &tracker->evidence,
				     socket, enter, &call->connect);
	note->connect = call->connect;
	return err;
}

/*
 * A connect(2) without an entry began before the tracer, or the kernel did not
 * enter it. If its thread has made an earlier call in this run, it did not
 * begin before the tracer.
 */
static int begin_at_exit(struct tracker *tracker, struct socket_entry *socket,
			 const struct record *exit, struct connect **connect)
{
	int err = connects_begin(&tracker->connects, &tracker->evidence, socket,
				 exit, connect);

	if (err)
		return err;
	(*connect)->skippable = exit->syscall.skippable;
	(*connect)->skipped = exit->syscall.skippable &&
			      sockets_find_call(&tracker->sockets, exit->tid);
	return 0;
}

static int end_connect(struct tracker *tracker, struct socket_entry *socket,
		       struct connect *connect, const struct record *exit,
		       struct note *note)
{
	int err = 0;

	if (!connect)
		err = begin_at_exit(tracker, socket, exit, &connect);
	if (!err)
		err = connects_end(&tracker->connects, socket, connect, exit);
	if (!err)
		err = tracker_learn_local(tracker, socket, exit->proto,
					  &connect->local);
	if (!err && !socket->connecting &&
	    ((connect->ret < 0 && !connect_is_pending(connect)) ||
	     connect_dissolves(connect))) {
		tracker_unwatch(tracker, socket, exit->proto);
		/* a port that TCP chose is gone, and so is the peer */
		socket->local = exit->local;
		socket->peer = exit->peer;
	}
	note->connect = connect;
	return err;
}

static bool sets_fast_open(const struct record *exit)
{
	return exit->syscall.id == CALL_SETSOCKOPT && exit->syscall.ret == 0 &&
	       exit->syscall.args[0] == IPPROTO_TCP &&
	       exit->syscall.args[1] == TCP_FASTOPEN_CONNECT;
}

/*
 * Without a number it is a descriptor, which is free now. Else a call that is
 * open on it holds it until it returns: fdget() in include/linux/file.h.
 */
static bool ends_socket(const struct socket_entry *socket,
			const struct record *exit)
{
	if (!socket->key.number)
		return exit->syscall.id == CALL_CLOSE;
	return record_ends_socket(exit) && !socket->calls;
}

static int exit_on(struct tracker *tracker, struct socket_entry *socket,
		   struct connect *connect, const struct record *exit,
		   struct note *note)
{
	int err = tracker_learn(tracker, socket, exit);

	if (!err && exit->syscall.id == CALL_CONNECT)
		err = end_connect(tracker, socket, connect, exit, note);
	if (sets_fast_open(exit))
		socket->fast_open = true;
	if (ends_socket(socket, exit))
		tracker_renew(tracker, socket, exit->proto, true);
	return err;
}

static int calls_exit_of(struct tracker *tracker, const struct record *exit,
			 struct note *note)
{
	struct open_call *call =
		sockets_find_call(&tracker->sockets, exit->tid);
	struct socket_entry *socket = NULL;
	struct connect *connect = NULL;

	if (call && call->id == exit->syscall.id) {
		socket = call->socket;
		connect = call->connect;
		call->connect = NULL; /* it is not abandoned: it ends */
	}
	if (call)
		calls_leave(tracker, call);
	if (call_makes_socket(exit))
		return new_socket(tracker, exit);
	if (exit->syscall.id == CALL_SOCKET)
		return 0;
	if (!socket)
		socket = sockets_of(&tracker->sockets, exit);
	if (!socket)
		return -ENOMEM;
	return exit_on(tracker, socket, connect, exit, note);
}

int calls_exit(struct tracker *tracker, const struct record *exit,
	       struct note *note)
{
	int err = calls_exit_of(tracker, exit, note);

	/* from now on the thread is known */
	if (!err && !sockets_call(&tracker->sockets, exit->tid))
		return -ENOMEM;
	return err;
}

/* Its socket's connection may be one that the filter leaves out. */
static bool stray_is_left_out(const struct tracker *tracker,
			      const struct record *record)
{
	const struct flow_ends ends = {.proto = record->proto,
				       .local = record->local,
				       .peer = record->peer};

	return tracker->filter &&
	       flow_filter_choose(tracker->filter, &ends) == CHOICE_LEFT_OUT;
}

static void note_stray(struct tracker *tracker, const struct record *record,
		       const char *function, enum connect_from from)
{
	struct evidence *evidence = &tracker->evidence;
	struct stray *stray = evidence->strays;

	if (stray_is_left_out(tracker, record))
		return;
	while (stray->count && stray->proto != record->proto)
		if (++stray == evidence->strays + STRAYS_MAX)
			return;
	if (stray->count++)
		return;
	stray->proto = record->proto;
	stray->pid = record->pid;
	memcpy(stray->comm, record->comm, sizeof(stray->comm));
	snprintf(stray->function, sizeof(stray->function), "%s", function);
	stray->from = from;
}

/* A connect in no call at all: by a 32-bit program, io_uring, or the kernel. */
static bool in_no_call(const struct tracker *tracker,
		       const struct record *record)
{
	const struct open_call *call =
		sockets_find_call(&tracker->sockets, record->tid);

	return !call || call->id == CALL_NONE;
}

/* The state before the SYN: the call that its thread is in sends it. */
static void note_began(struct tracker *tracker, const struct record *record)
{
	const struct open_call *call =
		sockets_find_call(&tracker->sockets, record->tid);

	if (record->state.old_state == TCP_CLOSE &&
	    record->state.new_state == TCP_SYN_SENT && call && call->connect &&
	    record->socket && call->socket->key.number == record->socket)
		connects_began(&tracker->connects, call->socket, call->connect);
}

void calls_state(struct tracker *tracker, const struct record *record)
{
	const struct meta *meta = tracker->evidence.meta;

	note_began(tracker, record);

	/* in the kprobe tier the functions show it, and UDP's, too */
	if (record->state.from && meta && meta->tier == TIER_TRACEPOINT &&
	    in_no_call(tracker, record))
		note_stray(tracker, record, "SYN-SENT", record->state.from);
}

int calls_function(struct tracker *tracker, const struct record *record,
		   struct note *note)
{
	struct socket_entry *socket;
	struct open_call *call;
	int err = 0;

	if (record->call.context == CONTEXT_SOFTIRQ) {
		/* whatever task it interrupted has no part in it */
		note->connect = connects_between(&tracker->connects,
						 &record->local, &record->peer);
		return 0;
	}
	socket = record->socket ? sockets_of(&tracker->sockets, record) : NULL;
	if (socket && socket->connecting &&
	    step_named(record->call.step)->builds_syn)
		err = connects_ends(&tracker->connects, socket->connecting,
				    &record->local, &record->peer);
	if (!err && socket)
		err = tracker_learn_local(tracker, socket, record->proto,
					  &record->local);
	call = sockets_find_call(&tracker->sockets, record->tid);
	if (step_named(record->call.step)->connects &&
	    in_no_call(tracker, record))
		note_stray(tracker, record, record->call.function,
			   record->call.from);
	note->connect = call ? call->connect : NULL;
	return err;
}

/* Nothing more will be known of a connect(2) that is open on it. */
static void socket_leave(struct tracker *tracker, struct socket_entry *socket)
{
	connects_closed(&tracker->connects, socket, false);
	tracker_unwatch(tracker, socket, socket->watched_proto);
	connects_let_go(&tracker->connects, socket, false);
	sockets_remove(&tracker->sockets, socket);
}

void tracker_tick(struct tracker *tracker, uint64_t ts_ns)
{
	if (ts_ns <= tracker->follow.now_ns)
		return;
	tracker->follow.now_ns = ts_ns;
	tracker->connects.settled.now_ns = ts_ns;
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
	struct connects *connects = &tracker->connects;
	struct connect *connect;

	while (judge && (connect = settled_next(&connects->settled))) {
		if (connect->choice == CHOICE_LEFT_OUT)
			connects_forget(connects, &tracker->evidence, connect);
		else if (connect->pinned || judge->keep(judge, connect))
			connect->stage = CONNECT_IS_KEPT;
		else
			connects_forget(connects, &tracker->evidence, connect);
	}
	tracker_make_room(tracker);
}

void tracker_fini(struct tracker *tracker)
{
	struct evidence *evidence = &tracker->evidence;

	sockets_fini(&tracker->sockets);
	connects_fini(&tracker->connects);
	follow_fini(&tracker->follow);
	for (unsigned int i = 0;
	     i < evidence->connects_len + evidence->connects_left_out; i++)
		free(evidence->connects[i]);
	free(evidence->connects);
	meta_free(evidence->meta);
}
