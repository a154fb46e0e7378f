// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Assigns each record to a socket, to the call that its thread is in, and to
 * the connect(2) whose packet it is.
 *
 *   in:  records in order of time
 *   out: those of followed sockets, each with a note; the evidence
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "record/container_of.h"
#include "selection.h"
#include "story.h"

#define CUT_OFF_NS 1000000000ULL /* longer than connect(2) over UDP takes */

struct story {
	struct record_sink input;
	struct story_sink *next;
	struct connect_judge *judge; /* NULL: all connects are kept */
	struct tracker tracker;
	struct selection selection;
	bool everything; /* no sockets are followed: all packets are shown */
};

static int on_state(struct story *story, const struct record *record,
		    struct note *note)
{
	struct socket_entry *socket =
		record->socket ? sockets_find(&story->tracker.sockets, record) :
				 NULL;
	int err = 0;

	calls_state(&story->tracker, record);
	if (socket && socket->connecting)
		err = connects_ends(&story->tracker.connects,
				    socket->connecting, &record->local,
				    &record->peer);
	if (socket && record->state.old_state == TCP_SYN_SENT &&
	    record->state.new_state == TCP_CLOSE)
		connects_closed(&story->tracker.connects, socket,
				record->state.context == CONTEXT_TASK);
	note->connect = connects_between(&story->tracker.connects,
					 &record->local, &record->peer);
	return err;
}

/* On lo a packet goes out and comes in; the capture reports it once. */
static bool is_second_sight(const struct record *record)
{
	return record->packet.witness == WITNESS_KERNEL &&
	       record->packet.direction == DIRECTION_IN &&
	       strcmp(record->packet.iface, "lo") == 0;
}

/* If the kernel names a followed socket, the packet's ends are its ends. */
static int on_sent(struct story *story, const struct record *record)
{
	struct socket_entry *socket =
		sockets_numbered(&story->tracker.sockets, record->socket);

	return socket ? tracker_sent(&story->tracker, socket, record) : 0;
}

/*
 * Is it a packet of another socket that shares a followed port? TCP sockets
 * send before accept(2) has made them known.
 */
static bool is_strangers(const struct story *story, const struct record *record)
{
	return record->proto == IPPROTO_UDP && record->socket &&
	       !sockets_numbered(&story->tracker.sockets, record->socket);
}

static int story_on_packet(struct story *story, struct record *record,
			   struct note *note, bool *shown)
{
	struct follow *follow = &story->tracker.follow;
	bool again = is_second_sight(record), counts;
	struct connect *connect = NULL;
	uint32_t sender = 0;
	int err = on_sent(story, record);

	if (!err)
		err = connects_packet(&story->tracker.connects, record, again,
				      &connect, &sender);
	record->socket = sender;
	counts = !again &&
		 !selection_leaves_out(&story->selection, &story->tracker,
				       record, connect);
	*shown = follow_packet(follow, record, counts);
	if (is_strangers(story, record))
		*shown = note->received = follow_receives(follow, record);
	*shown |= story->everything;
	note->connect = connect;
	note->again = counts && *shown &&
		      follow_again(&story->tracker.follow, record);
	return err;
}

/* A socket does not send an ICMP error: no window and no flow counts it. */
static void on_icmp(struct story *story, const struct record *record,
		    struct note *note, bool *shown)
{
	*shown = follow_flow(&story->tracker.follow, record) ||
		 story->everything;
	note->connect = connects_between(&story->tracker.connects,
					 &record->local, &record->peer);
	connects_icmp(&story->tracker.connects, record);
	note->again = *shown && follow_again(&story->tracker.follow, record);
}

static int dispatch(struct story *story, struct record *record,
		    struct note *note, bool *shown)
{
	struct evidence *evidence = &story->tracker.evidence;

	switch (record->type) {
	case RECORD_ENTER:
		return calls_enter(&story->tracker, record, note);
	case RECORD_EXIT:
		return calls_exit(&story->tracker, record, note);
	case RECORD_CALL:
		return calls_function(&story->tracker, record, note);
	case RECORD_PACKET:
		return story_on_packet(story, record, note, shown);
	case RECORD_ICMP:
		on_icmp(story, record, note, shown);
		break;
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
		if (record->control.unseen_family)
			evidence->control[record->control.witness]
				.unseen_family = record->control.unseen_family;
		break;
	case RECORD_TALLY:
		evidence->tally = record->tally;
		break;
	case RECORD_ENDED:
		evidence->ended = record->ended;
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

static bool follows_sockets(const char *command)
{
	return command &&
	       (strcmp(command, "udp") == 0 || strcmp(command, "tcp") == 0 ||
		strcmp(command, "both") == 0);
}

static void keep_meta(struct story *story, struct record *record)
{
	story->everything = !follows_sockets(record->meta->command);
	story->tracker.evidence.meta = record->meta;
	story->tracker.filter = record->meta->filter;
	selection_begin(&story->selection, record->meta->filter);
	record->meta = NULL;
}

int story_advance(struct story *story, uint64_t now_ns)
{
	return selection_tick(&story->selection, &story->tracker, now_ns,
			      story->next);
}

int story_finish(struct story *story)
{
	return selection_end(&story->selection, &story->tracker, story->next);
}

static int story_push(struct record_sink *sink, struct record *record)
{
	struct story *story = container_of(sink, struct story, input);
	struct note note = {0};
	bool shown = true;
	int err;

	tracker_tick(&story->tracker, record->ts_ns);
	err = story_advance(story, record->ts_ns);
	if (!err)
		err = dispatch(story, record, &note, &shown);
	if (!err && shown)
		err = selection_take(&story->selection, &story->tracker, record,
				     &note, story->next);
	if (record->type == RECORD_META && !story->tracker.evidence.meta)
		keep_meta(story, record);
	tracker_settle(&story->tracker, story->judge);
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

void story_set_judge(struct story *story, struct connect_judge *judge)
{
	story->judge = judge;
}

struct record_sink *story_input(struct story *story)
{
	return &story->input;
}

/*
 * A call that began a moment ago may go on while the run ends: the reading stops
 * between its entry and its exit.
 */
static void cut_off(const struct story *story, struct open_call *call)
{
	if (call->connect)
		call->connect->cut_off = call->connect->enter_ns + CUT_OFF_NS >
					 story->tracker.follow.now_ns;
}

const struct evidence *story_end(struct story *story)
{
	struct open_call *call = story->tracker.sockets.calls;

	for (; call; call = call->hh.next) {
		cut_off(story, call);
		calls_leave(&story->tracker, call);
	}
	follow_gaps(&story->tracker.follow, &story->tracker.evidence);
	evidence_close_holes(&story->tracker.evidence);
	evidence_part(&story->tracker.evidence);
	story->judge = NULL; /* its claims are judged now: it forgets nothing */
	return &story->tracker.evidence;
}

void story_free(struct story *story)
{
	if (!story)
		return;
	selection_fini(&story->selection);
	tracker_fini(&story->tracker);
	free(story);
}
