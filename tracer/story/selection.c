// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Decides which records are shown. See selection.h.
 */
#include "selection.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* A record that waits. */
struct held {
	struct record record;
	struct note note; /* its connect is not forgotten meanwhile */
	enum choice choice;
	bool calling; /* its thread is in a call that has not ended */
	bool has_key; /* its socket is known: */
	struct socket_key key;
	uint64_t due_ns;
	STAILQ_ENTRY(held) queue;
	TAILQ_ENTRY(held) undecided;
};

/* What is known of a record that the story would show. */
struct subject {
	const struct record *record;
	const struct note *note;
	struct socket_entry *socket; /* NULL: not known */
	struct socket_key key;
	bool has_key;
};

static bool is_call(const struct record *record)
{
	return record->type == RECORD_ENTER || record->type == RECORD_EXIT;
}

static bool makes_socket(const struct record *record)
{
	const struct record_syscall *call = &record->syscall;

	return record->type == RECORD_EXIT && call->ret >= 0 &&
	       (call->id == CALL_SOCKET || call->id == CALL_ACCEPT ||
		call->id == CALL_ACCEPT4);
}

static bool is_packet(const struct record *record)
{
	return record->type == RECORD_PACKET || record->type == RECORD_ICMP;
}

static bool is_softirq(const struct record *record)
{
	return record->type == RECORD_CALL &&
	       record->call.context == CONTEXT_SOFTIRQ;
}

static bool is_last_exit(const struct record *record)
{
	return record->type == RECORD_EXIT && record_ends_socket(record);
}

static void subject_init(struct subject *subject, struct tracker *tracker,
			 const struct record *record, const struct note *note)
{
	struct record made = *record;

	*subject = (struct subject){.record = record, .note = note};
	if (makes_socket(record))
		made.syscall.fd = (int32_t)record->syscall.ret;
	subject->has_key =
		record->socket || (is_call(record) && made.syscall.fd >= 0);
	if (!subject->has_key)
		return;
	socket_make_key(&subject->key, &made);
	subject->socket = sockets_find(&tracker->sockets, &made);
}

/* ---- connects ------------------------------------------------------------ */

static bool failed_for_good(const struct connect *connect)
{
	return connect->returned && connect->ret < 0 &&
	       !connect_is_pending(connect);
}

/*
 * What connect(AF_UNSPEC) dissolves is the socket's earlier connection. A record
 * of the call may have the own address, of bind(2), and no port yet.
 */
static struct flow_ends connect_ends(const struct connect *connect,
				     const struct socket_entry *socket,
				     const struct endpoint *local)
{
	struct flow_ends ends = {
		.proto = connect->proto,
		.local = endpoint_is_any(&connect->local) && local ?
				 *local :
				 connect->local,
		.peer = connect->peer,
		.local_is_final = failed_for_good(connect),
	};

	if (connect_dissolves(connect)) {
		ends.peer = socket ? socket->peer : (struct endpoint){0};
		ends.local_is_final = ends.peer_is_final = connect->returned;
	} else if (endpoint_is_any(&connect->peer) && connect->stored.port) {
		ends.peer = connect->stored; /* for 0.0.0.0, the own address */
	}
	return ends;
}

static void decide_connect(struct selection *selection, struct connect *connect,
			   const struct socket_entry *socket,
			   const struct endpoint *local)
{
	struct flow_ends ends;

	if (connect->choice != CHOICE_OPEN)
		return;
	ends = connect_ends(connect, socket, local);
	if (connect_dissolves(connect) && socket &&
	    socket->choice != CHOICE_OPEN)
		connect->choice = socket->choice;
	else
		connect->choice = flow_filter_choose(selection->filter, &ends);
	if (connect->choice == CHOICE_OPEN && connect->returned)
		connect->choice = CHOICE_SELECTED;
	selection->left_out += connect->choice == CHOICE_LEFT_OUT;
}

/* ---- records ------------------------------------------------------------- */

static enum choice choose_ends(struct selection *selection,
			       const struct record *packet,
			       const struct endpoint *local,
			       const struct endpoint *peer)
{
	const struct flow_ends ends = {.proto = packet->proto,
				       .local = *local,
				       .peer = *peer,
				       .local_is_final = true,
				       .peer_is_final = true};

	return flow_filter_choose(selection->filter, &ends);
}

/* By its ends, by those of its socket where NAT changed them, by its sender. */
static enum choice choose_packet(struct selection *selection,
				 struct tracker *tracker,
				 const struct record *packet)
{
	const struct record_packet *own = &packet->packet;
	const struct socket_entry *sender;

	if (choose_ends(selection, packet, &packet->local, &packet->peer) ==
	    CHOICE_SELECTED)
		return CHOICE_SELECTED;
	if (packet->type == RECORD_PACKET && own->own_local.family &&
	    choose_ends(selection, packet, &own->own_local, &own->own_peer) ==
		    CHOICE_SELECTED)
		return CHOICE_SELECTED;
	sender = sockets_numbered(&tracker->sockets, packet->socket);
	return sender && sender->choice == CHOICE_SELECTED &&
			       packet->proto == IPPROTO_TCP ?
		       CHOICE_SELECTED :
		       CHOICE_LEFT_OUT;
}

/* The address that bind(2) is given is the socket's own. */
static struct flow_ends record_ends(const struct subject *subject)
{
	const struct record *record = subject->record;
	const struct socket_entry *socket = subject->socket;
	struct flow_ends ends = {.proto = record->proto,
				 .local = record->local,
				 .peer = record->peer};

	if (is_call(record) && record->syscall.id == CALL_BIND) {
		if (!ends.local.port)
			ends.local = record->peer;
		ends.peer = (struct endpoint){0};
	}
	if (socket && !ends.local.port &&
	    (socket->local.port || endpoint_is_any(&ends.local)))
		ends.local = socket->local;
	/* for UDP this may be the peer that it last sent to */
	if (socket && !ends.peer.port && record->proto == IPPROTO_TCP)
		ends.peer = socket->peer;
	return ends;
}

/* Does the record concern the peer that its socket is connected to? */
static bool is_of_connection(const struct subject *subject)
{
	const struct record *record = subject->record;

	return record->proto == IPPROTO_TCP || !record->peer.port ||
	       endpoint_equal(&record->peer, &subject->socket->peer);
}

/* The choice of its entry, for a record that does not show more. */
static enum choice choice_of_entry(const struct selection *selection,
				   const struct tracker *tracker,
				   const struct record *record)
{
	const struct open_call *call;

	if (is_softirq(record)) /* a listening socket has no peer: its packet */
		return selection->softirq_tid == record->tid ?
			       selection->softirq_choice :
			       CHOICE_OPEN;
	call = is_call(record) || record->type == RECORD_CALL ?
		       sockets_find_call(&tracker->sockets, record->tid) :
		       NULL;
	if (!call || record->type == RECORD_ENTER)
		return CHOICE_OPEN;
	return call->choice;
}

static enum choice choose_call(struct selection *selection,
			       const struct tracker *tracker,
			       const struct subject *subject)
{
	const struct flow_ends ends = record_ends(subject);
	enum choice choice = flow_filter_choose(selection->filter, &ends);

	if (choice == CHOICE_SELECTED)
		return choice;
	if (subject->socket && subject->socket->choice != CHOICE_OPEN &&
	    is_of_connection(subject))
		return subject->socket->choice;
	if (choice != CHOICE_OPEN)
		return choice;
	choice = choice_of_entry(selection, tracker, subject->record);
	if (choice == CHOICE_OPEN && is_last_exit(subject->record))
		choice = CHOICE_LEFT_OUT; /* it was never connected */
	return choice;
}

static enum choice choose(struct selection *selection, struct tracker *tracker,
			  const struct subject *subject)
{
	struct connect *connect = subject->note->connect;

	if (!record_is_observed(subject->record))
		return CHOICE_SELECTED;
	if (connect) {
		decide_connect(selection, connect, subject->socket,
			       is_call(subject->record) ?
				       &subject->record->local :
				       NULL);
		return connect->choice;
	}
	if (is_packet(subject->record))
		return choose_packet(selection, tracker, subject->record);
	return choose_call(selection, tracker, subject);
}

/* Gives the record's choice to its socket and to the call of its thread. */
static void remember(struct selection *selection, struct tracker *tracker,
		     const struct subject *subject, enum choice choice)
{
	const struct record *record = subject->record;
	struct open_call *call =
		record->type == RECORD_ENTER ?
			sockets_find_call(&tracker->sockets, record->tid) :
			NULL;

	if (is_softirq(record)) {
		selection->softirq_tid = record->tid;
		selection->softirq_choice = choice;
	}
	if (call)
		call->choice = choice;
	if (choice != CHOICE_OPEN && subject->socket &&
	    ((is_call(record) && record->syscall.id == CALL_CONNECT) ||
	     (makes_socket(record) && record->syscall.id != CALL_SOCKET)))
		subject->socket->choice = choice;
}

/* ---- what waits ---------------------------------------------------------- */

static void held_decide(struct selection *selection, struct held *held,
			enum choice choice)
{
	held->choice = choice;
	TAILQ_REMOVE(&selection->open, held, undecided);
}

static bool same_socket(const struct held *held, const struct subject *subject)
{
	return held->has_key && subject->has_key &&
	       memcmp(&held->key, &subject->key, sizeof(held->key)) == 0;
}

/* What the record with its choice says about one that waits. */
static enum choice learn(struct held *held, const struct subject *subject,
			 enum choice choice)
{
	const struct record *record = subject->record;
	const struct connect *connect = held->note.connect;

	if (connect && connect->choice != CHOICE_OPEN)
		return connect->choice;
	if (record->type == RECORD_EXIT && held->calling &&
	    held->record.tid == record->tid) {
		held->calling = false;
		if (choice != CHOICE_OPEN)
			return choice;
		held->has_key = subject->has_key;
		held->key = subject->key;
	}
	if (!same_socket(held, subject))
		return CHOICE_OPEN;
	if (choice == CHOICE_SELECTED || subject->note->connect ||
	    is_last_exit(record))
		return choice;
	return CHOICE_OPEN;
}

static void learn_all(struct selection *selection,
		      const struct subject *subject, enum choice choice)
{
	struct held *held = TAILQ_FIRST(&selection->open), *next;

	for (; held; held = next) {
		enum choice learned = learn(held, subject, choice);

		next = TAILQ_NEXT(held, undecided);
		if (learned != CHOICE_OPEN)
			held_decide(selection, held, learned);
	}
}

static void held_free(struct held *held)
{
	record_fini(&held->record);
	free(held);
}

/* The first of what waits leaves. */
static int let_go(struct selection *selection, struct tracker *tracker,
		  struct story_sink *next)
{
	struct held *held = STAILQ_FIRST(&selection->waiting);
	struct note note = held->note;
	int err = 0;

	STAILQ_REMOVE_HEAD(&selection->waiting, queue);
	selection->waiting_len--;
	if (held->choice == CHOICE_SELECTED)
		err = next->show(next, &held->record, &note);
	settled_point(&tracker->connects.settled, &held->note.connect, NULL);
	held_free(held);
	return err;
}

/* Those leave before which nothing is open. */
static int let_all_go(struct selection *selection, struct tracker *tracker,
		      struct story_sink *next)
{
	struct held *first;
	int err = 0;

	while (!err && (first = STAILQ_FIRST(&selection->waiting)) &&
	       first->choice != CHOICE_OPEN)
		err = let_go(selection, tracker, next);
	return err;
}

/* It has waited long enough. */
static void held_expire(struct selection *selection, struct held *held)
{
	held_decide(selection, held,
		    held->note.connect ? CHOICE_SELECTED : CHOICE_LEFT_OUT);
}

static int hold(struct selection *selection, struct tracker *tracker,
		const struct subject *subject, struct record *record,
		enum choice choice)
{
	struct held *held = calloc(1, sizeof(*held));

	if (!held)
		return -ENOMEM;
	held->note = *subject->note;
	held->note.connect = NULL;
	settled_point(&tracker->connects.settled, &held->note.connect,
		      subject->note->connect);
	held->choice = choice;
	held->calling = record->type == RECORD_ENTER ||
			(record->type == RECORD_CALL && !is_softirq(record));
	held->has_key = subject->has_key;
	held->key = subject->key;
	held->due_ns = tracker->follow.now_ns + HELD_NS;
	held->record = *record;
	*record = (struct record){0};
	STAILQ_INSERT_TAIL(&selection->waiting, held, queue);
	selection->waiting_len++;
	if (choice == CHOICE_OPEN)
		TAILQ_INSERT_TAIL(&selection->open, held, undecided);
	if (selection->waiting_len > HELD_MAX)
		held_expire(selection, STAILQ_FIRST(&selection->waiting));
	return 0;
}

/* ---- to the outside ------------------------------------------------------ */

void selection_begin(struct selection *selection, struct flow_filter *filter)
{
	STAILQ_INIT(&selection->waiting);
	TAILQ_INIT(&selection->open);
	selection->filter = filter;
}

bool selection_leaves_out(struct selection *selection, struct tracker *tracker,
			  const struct record *packet, struct connect *connect)
{
	if (!selection->filter)
		return false;
	if (!connect)
		return choose_packet(selection, tracker, packet) ==
		       CHOICE_LEFT_OUT;
	decide_connect(selection, connect, NULL, NULL);
	return connect->choice == CHOICE_LEFT_OUT;
}

int selection_take(struct selection *selection, struct tracker *tracker,
		   struct record *record, const struct note *note,
		   struct story_sink *next)
{
	struct subject subject;
	enum choice choice;
	int err;

	if (!selection->filter)
		return next->show(next, record, note);
	if (record->type == RECORD_TALLY) {
		selection->tally = *record;
		selection->has_tally = true;
		return 0;
	}
	subject_init(&subject, tracker, record, note);
	choice = choose(selection, tracker, &subject);
	remember(selection, tracker, &subject, choice);
	learn_all(selection, &subject, choice);
	err = let_all_go(selection, tracker, next);
	if (err || choice == CHOICE_LEFT_OUT)
		return err;
	if (choice == CHOICE_SELECTED && !selection->waiting_len)
		return next->show(next, record, note);
	err = hold(selection, tracker, &subject, record, choice);
	return err ? err : let_all_go(selection, tracker, next);
}

int selection_tick(struct selection *selection, struct tracker *tracker,
		   uint64_t now_ns, struct story_sink *next)
{
	struct held *held;

	if (!selection->waiting_len)
		return 0;
	while ((held = TAILQ_FIRST(&selection->open)) && held->due_ns <= now_ns)
		held_expire(selection, held);
	return let_all_go(selection, tracker, next);
}

int selection_end(struct selection *selection, struct tracker *tracker,
		  struct story_sink *next)
{
	const struct note note = {0};
	struct record *tally = &selection->tally;
	int err;

	if (!selection->filter)
		return 0;
	err = selection_tick(selection, tracker, UINT64_MAX, next);
	tracker->evidence.tally.unselected += selection->left_out;
	selection->left_out = 0;
	if (!selection->has_tally || err)
		return err;
	selection->has_tally = false;
	tally->tally.unselected = tracker->evidence.tally.unselected;
	return next->show(next, tally, &note);
}

void selection_fini(struct selection *selection)
{
	struct held *held;

	while (selection->filter &&
	       (held = STAILQ_FIRST(&selection->waiting))) {
		STAILQ_REMOVE_HEAD(&selection->waiting, queue);
		held_free(held);
	}
}
