// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Keeps track of which thread is in which call on which socket.
 *
 *   in:  enter, exit and call records
 *   out: the updated tracker; the connect(2) that a record belongs to
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>

#include "calls.h"
#include "record/syscalls.h"
#include "steps.h"

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
		connecting_abandon(&tracker->connecting, call->connect);
	if (call->connect && socket->connecting == call->connect)
		settled_point(&tracker->connecting.settled, &socket->connecting,
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
		err = connecting_begin(&tracker->connecting, &tracker->evidence,
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
	int err = connecting_begin(&tracker->connecting, &tracker->evidence,
				   socket, exit, connect);

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
		err = connecting_end(&tracker->connecting, socket, connect,
				     exit);
	if (!err)
		err = tracker_learn_local(tracker, socket, exit->proto,
					  &connect->local);
	if (!err && connect->ret < 0 && !connect_is_pending(connect) &&
	    !socket->connecting) {
		tracker_unwatch(tracker, socket, exit->proto);
		socket->local = exit->local; /* a port that TCP chose is gone */
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

static int exit_on(struct tracker *tracker, struct socket_entry *socket,
		   struct connect *connect, const struct record *exit,
		   struct note *note)
{
	int err = tracker_learn(tracker, socket, exit);

	if (!err && exit->syscall.id == CALL_CONNECT)
		err = end_connect(tracker, socket, connect, exit, note);
	if (sets_fast_open(exit))
		socket->fast_open = true;
	if (exit->syscall.id == CALL_CLOSE)
		tracker_renew(tracker, socket, exit->proto, true);
	return err;
}

static int exit_of(struct tracker *tracker, const struct record *exit,
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
	int err = exit_of(tracker, exit, note);

	/* from now on the thread is known */
	if (!err && !sockets_call(&tracker->sockets, exit->tid))
		return -ENOMEM;
	return err;
}

static void note_stray(struct evidence *evidence, const struct record *record,
		       const char *function, enum connect_from from)
{
	struct stray *stray = evidence->strays;

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

void calls_state(struct tracker *tracker, const struct record *record)
{
	const struct meta *meta = tracker->evidence.meta;

	/* in the kprobe tier the functions show it, and UDP's, too */
	if (record->state.from && meta && meta->tier == TIER_TRACEPOINT &&
	    in_no_call(tracker, record))
		note_stray(&tracker->evidence, record, "SYN-SENT",
			   record->state.from);
}

int calls_function(struct tracker *tracker, const struct record *record,
		   struct note *note)
{
	struct socket_entry *socket;
	struct open_call *call;
	int err = 0;

	if (record->call.context == CONTEXT_SOFTIRQ) {
		/* whatever task it interrupted has no part in it */
		note->connect = connecting_between(
			&tracker->connecting, &record->local, &record->peer);
		return 0;
	}
	socket = record->socket ? sockets_of(&tracker->sockets, record) : NULL;
	if (socket && socket->connecting && step_builds_syn(record->call.step))
		err = connecting_ends(&tracker->connecting, socket->connecting,
				      &record->local, &record->peer);
	if (!err && socket)
		err = tracker_learn_local(tracker, socket, record->proto,
					  &record->local);
	call = sockets_find_call(&tracker->sockets, record->tid);
	if (step_connects(record->call.step) && in_no_call(tracker, record))
		note_stray(&tracker->evidence, record, record->call.function,
			   record->call.from);
	note->connect = call ? call->connect : NULL;
	return err;
}
