// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Takes what a diagram shows from the records. See diagram_marks.h.
 *
 *   in:  the records that the story shows
 *   out: the marks of the first connect(2) of a protocol, each in its lane
 */
#include <netinet/in.h>
#include <string.h>

#include "describe.h"
#include "diagram_marks.h"
#include "plan/steps.h"
#include "record/constants.h"
#include "record/icmp.h"
#include "record/syscalls.h"

bool is_same_connect(const struct record *record, const struct connect *connect)
{
	return record->type == RECORD_ENTER &&
	       record->syscall.id == CALL_CONNECT &&
	       record->tid == connect->tid &&
	       record->ts_ns == connect->enter_ns;
}

static void label_syscall(struct text *text, const struct record *record)
{
	const struct syscall_info *info = syscall_info(record->syscall.id);
	const char *name;

	if (record->type == RECORD_ENTER) {
		text_add(text, info->name);
		if (record->syscall.id == CALL_CONNECT && record->peer.port)
			text_printf(text, "(:%u)", record->peer.port);
		else if (info->sends || info->receives)
			text_printf(text, " %u B", record->syscall.len);
		return;
	}
	name = record->syscall.ret < 0 ? constant_errno(-record->syscall.ret) :
					 NULL;
	if (name)
		text_printf(text, "= -1 %s", name);
	else
		text_printf(text, "= %lld", (long long)record->syscall.ret);
}

static void label_packet(struct text *text, const struct record *record)
{
	const char *name;

	if (record->type == RECORD_ICMP) {
		name = icmp_error_name(record->icmp.from.family,
				       record->icmp.type, record->icmp.code);
		text_printf(text, "ICMP %s", name ? name : "error");
	} else if (record->proto == IPPROTO_TCP) {
		constant_tcp_flags(text, record->packet.tcp_flags);
		if (record->packet.len)
			text_printf(text, " %u B", record->packet.len);
	} else {
		text_printf(text, "UDP %u B", record->packet.len);
	}
}

static void label_record(struct mark *mark, const struct record *record)
{
	const struct record_call *call = &record->call;
	struct text text;

	text_init(&text, mark->label, sizeof(mark->label));
	switch (record->type) {
	case RECORD_CALL:
		text_escape(&text, call->function,
			    strnlen(call->function, sizeof(call->function)),
			    false);
		mark->softirq = call->context == CONTEXT_SOFTIRQ;
		mark->for_packet = step_named(call->step)->given_packet;
		break;
	case RECORD_STATE:
		describe_state(&text, record->state.old_state);
		text_add(&text, " → ");
		describe_state(&text, record->state.new_state);
		break;
	case RECORD_PACKET:
	case RECORD_ICMP:
		label_packet(&text, record);
		break;
	default:
		mark->call = record->syscall.id;
		label_syscall(&text, record);
	}
}

/* UDP: is it the datagram, or its arrival, that shows the probes at work? */
static void look_for_the_end(struct panel *panel, const struct record *record)
{
	const struct connect *connect = panel->connect;

	if (!connect_had_returned(connect, record->ts_ns))
		return;
	if (connect->proto == IPPROTO_TCP) {
		panel->whole =
			!connect_is_pending(connect) ||
			(connect->flow &&
			 track_ended(&connect->flow->track[WITNESS_WIRE]));
		return;
	}
	if (panel->crossed && record->type == RECORD_EXIT &&
	    record->tid == connect->tid)
		panel->whole = true;
	if (record->type == RECORD_PACKET &&
	    endpoint_equal(&record->local, &connect->local))
		panel->crossed = true;
}

void panel_take(struct panel *panel, const struct record *record)
{
	struct mark *mark;

	if (panel->len == MARKS_MAX) {
		panel->missed++;
		return;
	}
	mark = &panel->marks[panel->len++];
	mark->type = record->type;
	mark->ts_ns = record->ts_ns;
	mark->tid = record->tid;
	mark->socket = record->socket;
	mark->local = record->local;
	mark->peer = record->peer;
	mark->is_tcp =
		record->proto == IPPROTO_TCP || record->type == RECORD_STATE;
	mark->is_connect = is_same_connect(record, panel->connect);
	label_record(mark, record);
	look_for_the_end(panel, record);
}

bool belongs_in_a_diagram(const struct record *record, const struct note *note)
{
	switch (record->type) {
	case RECORD_ENTER:
	case RECORD_EXIT:
	case RECORD_CALL:
	case RECORD_STATE:
		return true;
	case RECORD_PACKET:
	case RECORD_ICMP:
		return record_witness(record) == WITNESS_WIRE && !note->again;
	default:
		return false;
	}
}

static bool mark_between(const struct mark *mark, const struct endpoint *from,
			 const struct endpoint *to)
{
	return endpoint_equal(&mark->local, from) &&
	       endpoint_equal(&mark->peer, to);
}

static enum lane lane_of_packet(const struct mark *mark,
				const struct connect *connect)
{
	const struct endpoint *peer = connect_peer(connect);
	bool out =
		mark_between(mark, &connect->local, peer) ||
		mark_between(mark, &connect->wire_local, &connect->wire_peer);

	if (mark->type ==
	    RECORD_ICMP) /* local and peer are of the quoted one */
		return out ? LANE_IN : LANE_NONE;
	if (out)
		return LANE_OUT;
	if (mark_between(mark, peer, &connect->local) ||
	    mark_between(mark, &connect->wire_peer, &connect->wire_local))
		return LANE_IN;
	return LANE_NONE;
}

/* Is it the socket that the client's packets come to? */
static bool is_peers(const struct mark *mark, const struct connect *connect)
{
	return mark->socket != connect->socket &&
	       endpoint_covers(&mark->local, connect_peer(connect)) &&
	       (!mark->peer.port ||
		endpoint_equal(&mark->peer, &connect->local));
}

enum lane mark_lane(const struct mark *mark, const struct connect *connect)
{
	bool is_call = mark->type == RECORD_ENTER || mark->type == RECORD_EXIT;

	if (mark->is_tcp != (connect->proto == IPPROTO_TCP))
		return LANE_NONE;
	if (mark->type == RECORD_PACKET || mark->type == RECORD_ICMP)
		return lane_of_packet(mark, connect);
	if (mark->for_packet && !mark->socket) {
		if (mark_between(mark, connect_peer(connect), &connect->local))
			return LANE_KERNEL;
		return mark_between(mark, &connect->local,
				    connect_peer(connect)) ?
			       LANE_PEER_KERNEL :
			       LANE_NONE;
	}
	if (mark->socket && mark->socket == connect->socket)
		return is_call ? LANE_CLIENT : LANE_KERNEL;
	if (is_peers(mark, connect))
		return is_call ? LANE_PEER : LANE_PEER_KERNEL;
	return LANE_NONE;
}

/* A call in which nothing of the diagram happened takes one row. */
static bool mark_fold(struct mark *enter, const struct mark *exit)
{
	struct text text;

	if (enter->type != RECORD_ENTER || enter->is_connect ||
	    exit->type != RECORD_EXIT || exit->tid != enter->tid ||
	    exit->call != enter->call)
		return false;
	text = (struct text){.buf = enter->label,
			     .size = sizeof(enter->label),
			     .len = strlen(enter->label)};
	text_printf(&text, " %s", exit->label);
	return enter->folded = true;
}

/* A call of the server's process, or a function in one. */
static bool is_servers_own(const struct mark *mark, enum lane lane)
{
	return lane == LANE_PEER ||
	       (lane == LANE_PEER_KERNEL && mark->type == RECORD_CALL &&
		!mark->softirq);
}

/* The arrival of UDP's answer, which may come during the write(2). */
static bool is_answer(const struct mark *mark, enum lane lane)
{
	return !mark->is_tcp &&
	       ((lane == LANE_IN && mark->type == RECORD_PACKET) ||
		(lane == LANE_KERNEL && mark->softirq));
}

void panel_select(struct panel *panel, bool brief)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < panel->len; i++) {
		const struct mark *mark = &panel->marks[i];
		enum lane lane = mark_lane(mark, panel->connect);

		if (lane == LANE_NONE ||
		    (brief &&
		     (is_servers_own(mark, lane) || is_answer(mark, lane))) ||
		    (kept && mark_fold(&panel->marks[kept - 1], mark)))
			continue;
		panel->marks[kept++] = *mark;
	}
	panel->len = kept;
}
