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
 *   out: struct connect in the evidence; those that are to be judged
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "connects.h"

#define ERESTARTSYS 512 /* include/linux/errno.h: the call will begin again */

bool connect_dissolves(const struct connect *connect)
{
	return connect->peer.family == FAMILY_UNSPEC;
}

bool connect_had_returned(const struct connect *connect, uint64_t ts_ns)
{
	return connect->returned && connect->exit_ns <= ts_ns;
}

bool connect_is_pending(const struct connect *connect)
{
	return connect->returned &&
	       (connect->ret == -EINPROGRESS || connect->ret == -EALREADY ||
		connect->ret == -EINTR || connect->ret == -ERESTARTSYS);
}

/* Does it have a window for packets? UDP and connect(AF_UNSPEC) do. */
static bool connect_has_window(const struct connect *connect)
{
	return connect->proto == IPPROTO_UDP || connect_dissolves(connect);
}

enum ending { GOES_ON, ENDS_LATER, ENDS_AT_ONCE };

/* Both witnesses have seen all of its handshake: nothing changes it any more. */
static bool is_complete(const struct connect *connect)
{
	const struct flow *flow = connect->flow;

	return flow && track_ended(&flow->track[WITNESS_WIRE]) &&
	       track_ended(&flow->track[WITNESS_KERNEL]);
}

static enum ending ending_of_window(const struct connect *connect)
{
	return LIST_EMPTY(&connect->counted) ? ENDS_AT_ONCE : ENDS_LATER;
}

static enum ending ending_of(const struct connect *connect)
{
	if (!connect->returned)
		return connect->abandoned ? ENDS_LATER : GOES_ON;
	if (connect_has_window(connect))
		return ending_of_window(connect);
	if (!connect->entered || connect->first || is_complete(connect))
		return ENDS_AT_ONCE;
	if (!connect_is_pending(connect) || connect->given_up || connect->dead)
		return ENDS_LATER;
	return GOES_ON;
}

bool connect_goes_on(const struct connect *connect)
{
	return ending_of(connect) == GOES_ON;
}

static void settled_put(struct settled *settled, struct connect *connect,
			uint64_t due_ns)
{
	connect->stage = CONNECT_IS_OVER;
	connect->due_ns = due_ns;
	TAILQ_INSERT_TAIL(due_ns ? &settled->later : &settled->at_once, connect,
			  over);
	settled->later_len += due_ns != 0;
}

static void settled_remove(struct settled *settled, struct connect *connect)
{
	if (connect->stage != CONNECT_IS_OVER)
		return;
	TAILQ_REMOVE(connect->due_ns ? &settled->later : &settled->at_once,
		     connect, over);
	settled->later_len -= connect->due_ns != 0;
	connect->stage = CONNECT_GOES_ON;
}

static void settled_note(struct settled *settled, struct connect *connect)
{
	enum ending ending = ending_of(connect);

	if (!settled->begun) {
		TAILQ_INIT(&settled->at_once);
		TAILQ_INIT(&settled->later);
		settled->begun = true;
	}
	if (ending == GOES_ON || connect->stage == CONNECT_IS_KEPT)
		return;
	if (ending == ENDS_AT_ONCE) {
		settled_remove(settled, connect);
		settled_put(settled, connect, 0);
	} else if (connect->stage == CONNECT_GOES_ON) {
		settled_put(settled, connect,
			    settled->now_ns + SETTLED_LATE_NS);
	}
}

static struct connect *settled_first(const struct settled *settled)
{
	struct connect *connect = TAILQ_FIRST(&settled->at_once);

	if (connect)
		return connect;
	connect = TAILQ_FIRST(&settled->later);
	return connect && (connect->due_ns <= settled->now_ns ||
			   settled->later_len > SETTLED_MAX) ?
		       connect :
		       NULL;
}

/*
 * Skips a connect that something still points to: it is queued again when
 * nothing does.
 */
struct connect *settled_next(struct settled *settled)
{
	struct connect *connect;

	while (settled->begun && (connect = settled_first(settled))) {
		settled_remove(settled, connect);
		if (!connect->pointers)
			return connect;
	}
	return NULL;
}

void settled_point(struct settled *settled, struct connect **pointer,
		   struct connect *to)
{
	struct connect *from = *pointer;

	if (to)
		to->pointers++;
	*pointer = to;
	if (from && --from->pointers == 0)
		settled_note(settled, from);
}

void connect_pin(struct connect *connect)
{
	connect->pinned = true;
}

/* At entry the socket has no peer, or an earlier one. */
static const struct endpoint no_peer;

static int connects_keep(struct evidence *evidence, struct connect *connect)
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

/* The first part stays in order. */
void evidence_part(struct evidence *evidence)
{
	struct connect **connects = evidence->connects;
	unsigned int len = 0;

	for (unsigned int i = 0; i < evidence->connects_len; i++) {
		struct connect *connect = connects[i];

		if (connect->choice == CHOICE_LEFT_OUT)
			continue;
		connects[i] = connects[len];
		connects[i]->at = i;
		connect->at = len;
		connects[len++] = connect;
	}
	evidence->connects_left_out += evidence->connects_len - len;
	evidence->connects_len = len;
}

void connects_forget(struct connects *connects, struct evidence *evidence,
		     struct connect *connect)
{
	settled_point(&connects->settled, &connect->alongside, NULL);
	settled_remove(&connects->settled, connect);
	waiting_remove(&connects->waiting, connect);
	windows_forget(connect);
	flows_drop_owned(&connects->flows, connect);
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

int connects_ends(struct connects *connects, struct connect *connect,
		  const struct endpoint *local, const struct endpoint *peer)
{
	int err = 0;

	if (peer->port)
		connect->stored = *peer;
	if (connect_has_window(connect))
		return 0;
	if (!connect->flow && endpoint_is_resolved(local)) {
		connect->local = *local;
		err = flows_claim(&connects->flows, connect);
	}
	return err ? err : waiting_move(&connects->waiting, connect);
}

/*
 * Two threads may call at once. The one whose SYN is due stays the socket's: the
 * kernel lets the other in when that one sleeps, or has returned.
 */
static void enter_on_socket(struct connects *connects,
			    struct socket_entry *socket,
			    struct connect *connect)
{
	struct settled *settled = &connects->settled;
	struct connect *first = socket->connecting;

	if (!first || !first->began) {
		settled_point(settled, &connect->alongside, first);
		settled_point(settled, &socket->connecting, connect);
		return;
	}
	connect->behind = first->number;
	settled_point(settled, &connect->alongside, first->alongside);
	settled_point(settled, &first->alongside, connect);
}

/* Takes @connect, which is not the first, out of the socket's open ones. */
static bool take_out(struct settled *settled, struct connect *first,
		     struct connect *connect)
{
	struct connect *before = first;

	while (before && before->alongside != connect)
		before = before->alongside;
	if (before)
		settled_point(settled, &before->alongside, connect->alongside);
	return before != NULL;
}

void connects_began(struct connects *connects, struct socket_entry *socket,
		    struct connect *connect)
{
	struct settled *settled = &connects->settled;
	struct connect *first = socket->connecting;

	connect->began = true;
	if (connect != first && take_out(settled, first, connect)) {
		settled_point(settled, &connect->alongside, first);
		settled_point(settled, &socket->connecting, connect);
	}
	for (struct connect *c = connect->alongside; c; c = c->alongside)
		if (!c->returned && !c->began)
			c->behind = connect->number;
}

int connects_begin(struct connects *connects, struct evidence *evidence,
		   struct socket_entry *socket, const struct record *enter,
		   struct connect **connect)
{
	struct connect *c = calloc(1, sizeof(*c));
	int err = c ? connects_keep(evidence, c) : -ENOMEM;

	*connect = NULL;
	if (err) {
		free(c);
		return err;
	}
	connect_describe(c, socket, enter);
	*connect = c;
	if (!c->entered)
		return 0; /* it ends with this very record */
	enter_on_socket(connects, socket, c);
	if (connect_has_window(c))
		return 0;
	connects->calling++;
	err = waiting_add(&connects->waiting, c);
	if (err)
		return err;
	return connects_ends(connects, c, &enter->local, &no_peer);
}

/* Orphans are kept only while one of them may still get an owner. */
static void calls_no_longer(struct connects *connects)
{
	if (connects->calling && --connects->calling == 0)
		flows_drop_orphans(&connects->flows);
}

/*
 * A second connect(2) on a socket whose handshake is in progress, or is over
 * and not yet reported, reports the result of the first one (connect(2),
 * EINPROGRESS, EALREADY, EISCONN), unless it has sent a SYN of its own. So does
 * one that waits while another thread's performs the handshake.
 */
static uint64_t asks_after(const struct socket_entry *socket,
			   const struct connect *connect)
{
	const struct connect *first = socket->attempt;

	if (connect_dissolves(connect))
		return 0;
	if (connect->behind && !connect->began)
		return connect->behind;
	if (!first)
		return 0;
	if (connect->ret == -EALREADY || connect->ret == -EISCONN)
		return first->number;
	/* the state of its socket shows that it began nothing */
	if (first->began && !connect->began &&
	    !(connect->flow && connect->flow->has_syn))
		return first->number;
	if (!connect_is_pending(first) || first->settled)
		return 0;
	if (connect->flow && connect->flow->has_syn)
		return 0;
	return first->number;
}

static void end_tcp(struct connects *connects, struct socket_entry *socket,
		    struct connect *connect)
{
	connect->first = asks_after(socket, connect);
	if (!connect->flow && !connect->first)
		flows_claim_by_peer(&connects->flows, connect);
	if (connect->first) {
		if (socket->attempt && !connect_is_pending(connect))
			socket->attempt->settled = true;
	} else {
		settled_point(&connects->settled, &socket->attempt, connect);
	}
	for (int i = 0; connect->flow && i < WITNESSES; i++)
		connect->inside[i] = connect->flow->track[i].packets;
	if (!connect_is_pending(connect))
		waiting_remove(&connects->waiting, connect);
	calls_no_longer(connects);
}

/* Those that are still open come next. */
static void end_on_socket(struct connects *connects,
			  struct socket_entry *socket, struct connect *connect)
{
	struct connect *c = connect;

	if (c != socket->connecting)
		return;
	do
		c = c->alongside;
	while (c && c->returned);
	settled_point(&connects->settled, &socket->connecting, c);
	settled_point(&connects->settled, &connect->alongside, NULL);
}

static int end_in_window(struct connects *connects, struct connect *connect,
			 const struct record *exit)
{
	if (exit->local.port)
		connect->local = exit->local;
	if (exit->peer.port && !connect_dissolves(connect))
		connect->stored = exit->peer;
	windows_close(&connects->windows, connect);
	return 0;
}

static int end_flow(struct connects *connects, struct socket_entry *socket,
		    struct connect *connect, const struct record *exit)
{
	int err;

	if (!connect->entered)
		return 0;
	err = connects_ends(connects, connect, &exit->local, &exit->peer);
	if (!err)
		end_tcp(connects, socket, connect);
	return err;
}

int connects_end(struct connects *connects, struct socket_entry *socket,
		 struct connect *connect, const struct record *exit)
{
	int err;

	end_on_socket(connects, socket, connect);
	connect->exit_ns = exit->ts_ns;
	connect->ret = exit->syscall.ret;
	connect->returned = true;
	connect->other_netns |= exit->syscall.other_netns;
	err = connect_has_window(connect) ?
		      end_in_window(connects, connect, exit) :
		      end_flow(connects, socket, connect, exit);
	if (!err)
		settled_note(&connects->settled, connect);
	return err;
}

static void abandon_flow(struct connects *connects, struct connect *connect)
{
	if (!connect->flow)
		flows_claim_by_peer(&connects->flows, connect);
	waiting_remove(&connects->waiting, connect);
	calls_no_longer(connects);
}

void connects_abandon(struct connects *connects, struct connect *connect)
{
	if (!connect_has_window(connect))
		abandon_flow(connects, connect);
	connect->abandoned = true;
	settled_note(&connects->settled, connect);
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

/*
 * While connect(2) waits for the answer to an earlier one's SYN (it was
 * restarted after a signal, or the socket blocks again), the kernel sends that
 * SYN again.
 */
static bool is_sent_again(const struct socket_entry *socket,
			  const struct record *syn)
{
	const struct connect *first = socket->attempt;
	const struct flow *flow = first ? first->flow : NULL;

	return flow && flow->has_syn && flow->seq == syn->packet.seq;
}

int connects_sent(struct connects *connects, struct socket_entry *socket,
		  const struct record *packet)
{
	bool syn = packet->proto == IPPROTO_TCP &&
		   (packet->packet.tcp_flags & (TH_SYN | TH_ACK)) == TH_SYN;
	struct connect *connect = syn ? sending(socket) : NULL;

	if (!connect || (connect->flow && connect->flow->has_syn) ||
	    is_sent_again(socket, packet))
		return 0;
	waiting_remove(&connects->waiting, connect);
	return flows_sent(&connects->flows, connect, packet);
}

void connects_icmp(struct connects *connects, const struct record *icmp)
{
	const struct refusal refusal = {.ts_ns = icmp->ts_ns,
					.from = icmp->icmp.from,
					.icmp_type = icmp->icmp.type,
					.icmp_code = icmp->icmp.code};

	if (icmp->proto == IPPROTO_TCP)
		waiting_refuse(&connects->waiting, &icmp->local, &icmp->peer,
			       &refusal);
}

/* The packet may have ended a handshake for one of the witnesses. */
static void note_ends(struct connects *connects)
{
	for (int i = 0; i < 2; i++) {
		const struct flow *flow = connects->flows.touched[i];

		if (flow && flow->owner)
			settled_note(&connects->settled, flow->owner);
	}
}

int connects_packet(struct connects *connects, const struct record *packet,
		    bool again, struct connect **connect, uint32_t *sender)
{
	const struct refusal refusal = {
		.ts_ns = packet->ts_ns, .reset = true, .from = packet->local};
	struct flow *flow = NULL;
	int err = windows_packet(&connects->windows, packet, sender);

	if (!err && packet->proto == IPPROTO_TCP && !again) {
		err = flows_packet(&connects->flows, packet,
				   connects->calling > 0, &flow);
		if (!err)
			note_ends(connects);
	}
	if (flow && flow->owner && flow->has_syn)
		waiting_remove(&connects->waiting, flow->owner);
	if (packet->proto == IPPROTO_TCP && packet->packet.tcp_flags & TH_RST)
		waiting_refuse(&connects->waiting, &packet->peer,
			       &packet->local, &refusal);
	*connect = unfinished(flow);
	return err;
}

void connects_closed(struct connects *connects, struct socket_entry *socket,
		     bool by_task)
{
	struct connect *connect =
		socket->attempt ? socket->attempt : socket->closing;

	if (!connect || !connect_is_pending(connect))
		return;
	if (by_task)
		connect->given_up = true;
	else
		connect->dead = true;
	settled_note(&connects->settled, connect);
	settled_point(&connects->settled, &socket->closing, NULL);
}

void connects_let_go(struct connects *connects, struct socket_entry *socket,
		     bool closing)
{
	struct settled *settled = &connects->settled;

	closing =
		closing && socket->attempt && connect_goes_on(socket->attempt);
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

struct connect *connects_between(const struct connects *connects,
				 const struct endpoint *a,
				 const struct endpoint *b)
{
	return unfinished(flows_find(&connects->flows, a, b));
}

void connects_fini(struct connects *connects)
{
	windows_fini(&connects->windows);
	flows_fini(&connects->flows);
	waiting_fini(&connects->waiting);
}
