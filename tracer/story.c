/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One record after the other is put where it belongs: to a socket, to the call
 * that its thread is in, to the connect(2) whose packets it is one of.
 *
 *   in:  records in the order of time
 *   out: those of followed sockets, each with a note; the evidence
 *   read next: sockets.c, connecting.c, follow.c: the three books kept here
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "connecting.h"
#include "container_of.h"
#include "follow.h"
#include "sockets.h"
#include "story.h"
#include "syscalls.h"

struct story {
	struct record_sink input;
	struct story_sink *next;
	struct evidence evidence;
	struct sockets sockets;
	struct connecting connecting;
	struct follow follow;
	bool everything; /* no sockets are followed: all packets are shown */
};

static void unwatch(struct story *story, struct socket_entry *socket,
		    uint8_t proto)
{
	if (!socket->watched.family)
		return;
	follow_unwatch(&story->follow, proto, &socket->watched);
	socket->watched.family = 0;
}

/* As long as its own address is not known, a socket is followed by its peer. */
static int watch(struct story *story, struct socket_entry *socket,
		 uint8_t proto)
{
	int err;

	if (socket->local.port) {
		unwatch(story, socket, proto);
		return 0;
	}
	if (!socket->peer.port ||
	    (socket->watched.family &&
	     endpoint_equal(&socket->watched, &socket->peer)))
		return 0;
	unwatch(story, socket, proto);
	err = follow_watch(&story->follow, proto, &socket->peer);
	if (!err)
		socket->watched = socket->peer;
	return err;
}

static int learn_local(struct story *story, struct socket_entry *socket,
		       uint8_t proto, const struct endpoint *local)
{
	int err;

	if (!local->port || endpoint_equal(local, &socket->local))
		return 0;
	socket->local = *local;
	err = follow_add(&story->follow, proto, local);
	if (!err && socket->connecting)
		err = connecting_local(&story->connecting, socket->connecting,
				       local);
	return err;
}

/* What bind(2) is given is no peer, and what recvfrom(2) tells is not his. */
static bool tells_peer(const struct record *record)
{
	if (record->type == RECORD_ENTER)
		return record->syscall.id != CALL_BIND;
	return record->type == RECORD_EXIT &&
	       !syscall_info(record->syscall.id)->receives;
}

static int learn(struct story *story, struct socket_entry *socket,
		 const struct record *record)
{
	int err = learn_local(story, socket, record->proto, &record->local);

	if (err)
		return err;
	if (tells_peer(record) && record->peer.port)
		socket->peer = record->peer;
	return watch(story, socket, record->proto);
}

static bool makes_socket(const struct record *record)
{
	const struct record_syscall *call = &record->syscall;

	return record->type == RECORD_EXIT && call->ret >= 0 &&
	       (call->id == CALL_SOCKET || call->id == CALL_ACCEPT ||
		call->id == CALL_ACCEPT4);
}

static int new_socket(struct story *story, const struct record *exit)
{
	struct record made = *exit;
	struct socket_entry *socket;

	made.syscall.fd = exit->syscall.ret;
	socket = sockets_of(&story->sockets, &made);
	if (!socket)
		return -ENOMEM;
	unwatch(story, socket, exit->proto);
	socket_renew(socket);
	return learn(story, socket, exit);
}

/* The call that the thread was in is over, whether its exit was seen or not. */
static void leave_call(struct story *story, struct open_call *call)
{
	struct socket_entry *socket = call->socket;

	if (call->connect)
		connecting_abandon(&story->connecting, call->connect);
	if (call->connect && socket->connecting == call->connect)
		socket->connecting = NULL;
	if (socket && syscall_info(call->id)->sends && socket->senders)
		socket->senders--;
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

static int on_enter(struct story *story, const struct record *enter,
		    struct note *note)
{
	struct open_call *call = sockets_call(&story->sockets, enter->tid);
	struct socket_entry *socket;
	int err;

	if (!call)
		return -ENOMEM;
	leave_call(story, call);
	call->id = enter->syscall.id;
	if (call->id == CALL_SOCKET)
		return 0;
	socket = sockets_of(&story->sockets, enter);
	if (!socket)
		return -ENOMEM;
	call->socket = socket;
	err = learn(story, socket, enter);
	if (err)
		return err;
	note_sender(socket, enter);
	if (call->id == CALL_CONNECT)
		err = connecting_begin(&story->connecting, &story->evidence,
				       socket, enter, &call->connect);
	note->connect = call->connect;
	return err;
}

/* A connect(2) that had begun before the tracer is evidence of nothing. */
static int end_connect(struct story *story, struct socket_entry *socket,
		       struct connect *connect, const struct record *exit,
		       struct note *note)
{
	int err = 0;

	if (!connect)
		err = connecting_begin(&story->connecting, &story->evidence,
				       socket, exit, &connect);
	if (!err)
		err = connecting_end(&story->connecting, socket, connect, exit);
	if (!err)
		err = learn_local(story, socket, exit->proto, &connect->local);
	if (!err && connect->ret < 0 && !connect_is_pending(connect))
		unwatch(story, socket, exit->proto);
	note->connect = connect;
	return err;
}

static int on_exit_of(struct story *story, struct socket_entry *socket,
		      struct connect *connect, const struct record *exit,
		      struct note *note)
{
	int err = learn(story, socket, exit);

	if (!err && exit->syscall.id == CALL_CONNECT)
		err = end_connect(story, socket, connect, exit, note);
	if (exit->syscall.id == CALL_CLOSE) {
		unwatch(story, socket, exit->proto);
		socket_renew(socket);
	}
	return err;
}

static int on_exit_record(struct story *story, const struct record *exit,
			  struct note *note)
{
	struct open_call *call = sockets_find_call(&story->sockets, exit->tid);
	struct socket_entry *socket = NULL;
	struct connect *connect = NULL;

	if (call && call->id == exit->syscall.id) {
		socket = call->socket;
		connect = call->connect;
		call->connect = NULL; /* it is not abandoned: it ends */
	}
	if (call)
		leave_call(story, call);
	if (makes_socket(exit))
		return new_socket(story, exit);
	if (exit->syscall.id == CALL_SOCKET)
		return 0;
	if (!socket)
		socket = sockets_of(&story->sockets, exit);
	if (!socket)
		return -ENOMEM;
	return on_exit_of(story, socket, connect, exit, note);
}

static int on_call(struct story *story, const struct record *record,
		   struct note *note)
{
	struct socket_entry *socket;
	struct open_call *call;
	int err = 0;

	if (record->call.context == CONTEXT_SOFTIRQ) {
		/* whatever task it interrupted has no part in it */
		note->connect = connecting_between(
			&story->connecting, &record->local, &record->peer);
		return 0;
	}
	socket = record->socket ? sockets_of(&story->sockets, record) : NULL;
	if (socket)
		err = learn_local(story, socket, record->proto, &record->local);
	call = sockets_find_call(&story->sockets, record->tid);
	note->connect = call ? call->connect : NULL;
	return err;
}

static int on_state(struct story *story, const struct record *record,
		    struct note *note)
{
	struct socket_entry *socket =
		record->socket ? sockets_find(&story->sockets, record) : NULL;
	int err = 0;

	if (socket && socket->connecting)
		err = connecting_local(&story->connecting, socket->connecting,
				       &record->local);
	note->connect = connecting_between(&story->connecting, &record->local,
					   &record->peer);
	return err;
}

/* On lo a packet goes out and comes in; the capture has it once. */
static bool is_second_sight(const struct record *record)
{
	return record->packet.witness == WITNESS_KERNEL &&
	       record->packet.direction == DIRECTION_IN &&
	       strcmp(record->packet.iface, "lo") == 0;
}

static int on_packet(struct story *story, const struct record *record,
		     struct note *note, bool *shown)
{
	bool counts = !is_second_sight(record);
	struct connect *connect = NULL;
	int err = 0;

	*shown = follow_packet(&story->follow, record, counts) ||
		 story->everything;
	if (counts)
		err = connecting_packet(&story->connecting, record, &connect);
	note->connect = connect;
	return err;
}

static int dispatch(struct story *story, const struct record *record,
		    struct note *note, bool *shown)
{
	struct evidence *evidence = &story->evidence;

	switch (record->type) {
	case RECORD_ENTER:
		return on_enter(story, record, note);
	case RECORD_EXIT:
		return on_exit_record(story, record, note);
	case RECORD_CALL:
		return on_call(story, record, note);
	case RECORD_PACKET:
		return on_packet(story, record, note, shown);
	case RECORD_STATE:
		return on_state(story, record, note);
	case RECORD_LOST:
		evidence->lost[record->lost.witness][record->lost.cause] +=
			record->lost.count;
		break;
	case RECORD_CONTROL:
		evidence->control[record->control.witness].sent +=
			record->control.sent;
		evidence->control[record->control.witness].seen +=
			record->control.seen;
		break;
	case RECORD_META:
		*shown = !evidence->meta;
		break;
	case RECORD_VERDICT:
		*shown = false;
		break;
	}
	return 0;
}

static int story_push(struct record_sink *sink, struct record *record)
{
	struct story *story = container_of(sink, struct story, input);
	struct note note = {0};
	bool shown = true;
	int err = dispatch(story, record, &note, &shown);

	if (!err && shown)
		err = story->next->show(story->next, record, &note);
	if (record->type == RECORD_META && !story->evidence.meta) {
		const char *command = record->meta->command;

		story->everything = !command || (strcmp(command, "udp") &&
						 strcmp(command, "tcp") &&
						 strcmp(command, "both"));
		story->evidence.meta = record->meta;
		record->meta = NULL;
	}
	record_fini(record);
	return err;
}

int story_new(struct story **story, struct story_sink *next)
{
	*story = calloc(1, sizeof(**story));
	if (!*story)
		return -ENOMEM;
	(*story)->input.push = story_push;
	(*story)->next = next;
	return 0;
}

struct record_sink *story_input(struct story *story)
{
	return &story->input;
}

const struct evidence *story_end(struct story *story)
{
	struct open_call *call = story->sockets.calls;

	for (; call; call = call->hh.next)
		leave_call(story, call);
	follow_gaps(&story->follow, &story->evidence);
	return &story->evidence;
}

void story_free(struct story *story)
{
	if (!story)
		return;
	sockets_fini(&story->sockets);
	connecting_fini(&story->connecting);
	follow_fini(&story->follow);
	for (unsigned int i = 0; i < story->evidence.connects_len; i++)
		free(story->evidence.connects[i]);
	free(story->evidence.connects);
	meta_free(story->evidence.meta);
	free(story);
}
