// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Decides in which lane and phase each row of a picture is, and where each
 * packet arrives.
 *
 * The socket decides the lane, never the process: functions in softirq run in
 * the context of the sender. A process only decides for a socket that has no
 * address yet.
 *
 *   in:  the rows of a whole run
 *   out: the same rows; of a long run fewer, without the rounds that come again
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "plan/steps.h"
#include "record/hash.h"

#define FOLD_MIN 4 /* rows of a round: fewer are not a round */
#define FOLD_MAX 256

/* What is equal in equal rounds: neither times nor ports. */
static uint64_t row_signature(const struct picture_row *row)
{
	char what[128];
	struct text text;
	uint64_t hash = 14695981039346656037ULL; /* FNV-1a */

	text_init(&text, what, sizeof(what));
	if (row->record.type == RECORD_ENTER || row->record.type == RECORD_EXIT)
		text_printf(&text, "%d %d %lld", row->record.syscall.id,
			    row->also_len,
			    row->record.type == RECORD_EXIT ?
				    (long long)row->record.syscall.ret :
				    0);
	else
		row_what(&text, row);
	text_printf(&text, " %d %d", row->record.type, row->lane);
	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)what[i]) * 1099511628211ULL;
	return hash;
}

/* Are the last @rows of @len rows the same again as those before them? */
static bool is_repeated(const struct picture_row *all, size_t len, size_t rows)
{
	const struct picture_row *again = all + len - rows,
				 *once = again - rows;

	if (again[rows - 1].more ||
	    (once[rows - 1].more && once[rows - 1].more_rows != rows))
		return false;
	for (size_t i = rows; i-- > 0;) {
		if (once[i].signature != again[i].signature)
			return false;
		if (i != rows - 1 && (once[i].more != again[i].more ||
				      once[i].more_rows != again[i].more_rows))
			return false;
	}
	return true;
}

/* The rows that are left when a round that came again is taken away. */
static size_t fold_last(struct picture_row *rows, size_t len)
{
	for (size_t round = FOLD_MIN; round <= FOLD_MAX && 2 * round <= len;
	     round++) {
		struct picture_row *last = &rows[len - round - 1];

		if (!is_repeated(rows, len, round))
			continue;
		for (size_t i = len - round; i < len; i++)
			free(rows[i].came_to);
		last->more++;
		last->more_rows = (unsigned int)round;
		return len - round;
	}
	return len;
}

/* Of the later rows, a round that comes again is counted and not kept. */
static void panel_fold(struct panel *panel)
{
	size_t first = 0, len = 0;

	while (first < panel->len && panel->rows[first].phase != PHASE_LATER)
		first++;
	for (size_t i = first; i < panel->len; i++) {
		struct picture_row *rows = panel->rows + first;

		rows[len] = panel->rows[i];
		rows[len].signature = row_signature(&rows[len]);
		len = fold_last(rows, len + 1);
	}
	panel->len = first + len;
}

#define ARRIVAL_MAX 24 /* rows between a packet and the function that gets it */
#define BEFORE_MAX  8
#define NEXT_MAX    24
#define FOLD_MIN    4 /* rows of a round: fewer are not a round */
#define FOLD_MAX    256

/* Which side a socket, or a process, is on. */
struct side {
	uint32_t number;
	bool server;
	UT_hash_handle hh;
};

struct sides {
	struct side *sockets, *tasks;
};

static int side_set(struct side **table, uint32_t number, bool server)
{
	struct side *side;

	if (!number)
		return 0;
	hash_find(*table, &number, side);
	if (side)
		return 0; /* what was known first stays */
	hash_new(*table, number, &number, side);
	if (!side)
		return -ENOMEM;
	side->server = server;
	return 0;
}

static const struct side *side_get(struct side *table, uint32_t number)
{
	struct side *side;

	hash_find(table, &number, side);
	return side;
}

static bool is_server(const struct panel *panel, const struct endpoint *ep)
{
	for (unsigned int i = 0; i < panel->servers_len; i++)
		if (endpoint_covers(ep, &panel->servers[i]))
			return true;
	return false;
}

/* Of the subject's own socket? A packet's socket is its sender's. */
static bool is_own(const struct panel *panel, const struct picture_row *row)
{
	const struct connect *first = panel->first;

	return first && first->socket && first->socket == row->socket;
}

static bool has_task(const struct record *record)
{
	return record->type == RECORD_ENTER || record->type == RECORD_EXIT ||
	       (record->type == RECORD_CALL &&
		record->call.context != CONTEXT_SOFTIRQ);
}

/*
 * Sockets that connect are clients'; those at an address that was asked for are
 * servers'.
 */
static int sides_learn(struct sides *sides, const struct panel *panel)
{
	int err = 0;

	for (size_t i = 0; !err && i < panel->len; i++) {
		const struct picture_row *row = &panel->rows[i];
		const struct record *record = &row->record;
		bool server = is_server(panel, &record->local);
		bool client =
			row->connect && row->connect_socket == row->socket;

		if (record->type == RECORD_PACKET ||
		    record->type == RECORD_ICMP || (!client && !server))
			continue;
		err = side_set(&sides->sockets, row->socket, server && !client);
		if (!err && has_task(record))
			err = side_set(&sides->tasks, record->pid,
				       server && !client);
	}
	return err;
}

static bool row_is_at_server(struct sides *sides, const struct panel *panel,
			     const struct picture_row *row)
{
	const struct record *record = &row->record;
	const struct side *side;
	const struct endpoint *own = &record->local;

	if (is_own(panel, row))
		return false;
	if (record->type == RECORD_CALL &&
	    step_named(record->call.step)->given_packet)
		own = &record->peer;
	side = row->socket ? side_get(sides->sockets, row->socket) : NULL;
	if (!side && own->port)
		return is_server(panel, own);
	if (!side && has_task(record))
		side = side_get(sides->tasks, record->pid);
	return side && side->server;
}

static bool packet_is_from_server(const struct panel *panel,
				  const struct record *record)
{
	bool from = is_server(panel, &record->local);

	if (record->type == RECORD_ICMP) /* the quoted packet's way back */
		return !from;
	if (from && is_server(panel, &record->peer))
		return panel->first &&
		       !endpoint_equal(&record->local, &panel->first->local);
	return from;
}

static enum lane row_lane(struct sides *sides, const struct panel *panel,
			  const struct picture_row *row)
{
	const struct record *record = &row->record;
	bool server;

	if (record->type == RECORD_PACKET || record->type == RECORD_ICMP)
		return packet_is_from_server(panel, record) ?
			       LANE_SERVER_KERNEL :
			       LANE_CLIENT_KERNEL;
	server = row_is_at_server(sides, panel, row);
	if (record->type == RECORD_ENTER || record->type == RECORD_EXIT)
		return server ? LANE_SERVER : LANE_CLIENT;
	return server ? LANE_SERVER_KERNEL : LANE_CLIENT_KERNEL;
}

static int panel_set_lanes(struct panel *panel)
{
	struct sides sides = {0};
	int err = sides_learn(&sides, panel);

	for (size_t i = 0; !err && i < panel->len; i++)
		panel->rows[i].lane = row_lane(&sides, panel, &panel->rows[i]);
	hash_empty(sides.sockets, free);
	hash_empty(sides.tasks, free);
	return err;
}

static bool is_arrival(const struct picture_row *packet,
		       const struct picture_row *row)
{
	return packet->record.type == RECORD_PACKET &&
	       row->record.type == RECORD_CALL && row->lane != packet->lane &&
	       step_named(row->record.call.step)->given_packet &&
	       endpoint_equal(&row->record.local, &packet->record.local) &&
	       endpoint_equal(&row->record.peer, &packet->record.peer);
}

/*
 * The row of the function that gets the packet of row @i; @i if there is none.
 */
static size_t panel_arrival(const struct panel *panel, size_t i)
{
	for (size_t j = i + 1; j < panel->len && j <= i + ARRIVAL_MAX; j++)
		if (!panel->rows[j].arrives &&
		    is_arrival(&panel->rows[i], &panel->rows[j]))
			return j;
	return i;
}

static void panel_set_arrivals(struct panel *panel)
{
	for (size_t i = 0; i < panel->len; i++) {
		struct picture_row *row = &panel->rows[i];
		size_t arrival;

		if (row->record.type != RECORD_PACKET)
			continue;
		arrival = panel_arrival(panel, i);
		row->arrival = arrival;
		row->arrives = arrival != i;
		if (row->arrives) /* so that no other packet arrives there */
			panel->rows[arrival].arrives = true;
	}
}

/* What the server's socket does before it has a connection, with a packet. */
static bool is_listening(const struct panel *panel, const struct record *record)
{
	bool softirq = record->type == RECORD_CALL &&
		       record->call.context == CONTEXT_SOFTIRQ;

	return panel->proto == IPPROTO_TCP && !record->peer.port &&
	       (softirq || record->type == RECORD_STATE) &&
	       is_server(panel, &record->local);
}

/* Does the row belong to the subject, by its socket or by its two ends? */
static bool is_related(const struct panel *panel, const struct picture_row *row)
{
	const struct connect *first = panel->first;
	const struct record *record = &row->record;

	if (row->connect)
		return row->connect == first->number ||
		       row->asks_about == first->number;
	if (is_own(panel, row) || is_listening(panel, record))
		return true;
	if (!first->local.port)
		return false;
	return (endpoint_equal(&record->local, &first->local) &&
		is_server(panel, &record->peer)) ||
	       (endpoint_equal(&record->peer, &first->local) &&
		is_server(panel, &record->local));
}

/* Calls before the connect(2): the last few of its own socket. */
static void set_before(struct panel *panel, size_t end)
{
	unsigned int left = BEFORE_MAX;

	for (size_t i = end; i-- > 0;) {
		struct picture_row *row = &panel->rows[i];

		row->phase = PHASE_LISTED;
		if (left && row->lane == LANE_CLIENT && is_own(panel, row)) {
			row->phase = PHASE_BEFORE;
			left--;
		}
	}
}

/*
 * How many rows from @begin on are shown although they come after the return.
 * For UDP, up to the first datagram: without it, "nothing" could be a broken
 * probe. For TCP, up to the end of a handshake that the call did not wait for.
 */
static size_t panel_next(const struct panel *panel, size_t begin)
{
	bool udp = panel->proto == IPPROTO_UDP;
	size_t end = begin;

	for (size_t i = begin; i < panel->len && i < begin + NEXT_MAX; i++) {
		const struct picture_row *row = &panel->rows[i];
		bool packet = row->record.type == RECORD_PACKET &&
			      is_related(panel, row);

		if (udp && packet)
			return panel_arrival(panel, i) + 1;
		if (!udp && row->connect == panel->first->number)
			end = i + 1;
		else if (!udp && packet && end > begin) /* the last ACK */
			return panel_arrival(panel, i) + 1;
	}
	return end;
}

static void panel_set_phases(struct panel *panel)
{
	const struct connect *first = panel->first;
	size_t begin = 0, end, next;
	uint64_t until = first->returned ? first->exit_ns : UINT64_MAX;

	while (begin < panel->len &&
	       panel->rows[begin].record.ts_ns < panel_begin_ns(panel))
		begin++;
	set_before(panel, begin);
	for (end = begin; end < panel->len; end++) {
		struct picture_row *row = &panel->rows[end];

		if (row->record.ts_ns > until)
			break;
		row->phase =
			is_related(panel, row) ? PHASE_INSIDE : PHASE_LISTED;
	}
	next = panel_next(panel, end);
	for (size_t i = end; i < panel->len; i++) {
		struct picture_row *row = &panel->rows[i];

		row->phase = i >= next              ? PHASE_LATER :
			     is_related(panel, row) ? PHASE_NEXT :
						      PHASE_LISTED;
	}
}

static bool panel_is_doubtful(const struct picture *picture,
			      const struct panel *panel)
{
	const struct connect *first = panel->first;

	return first &&
	       (picture->lost || !picture->controlled || first->other_netns ||
		first->inside[WITNESS_KERNEL] > first->inside[WITNESS_WIRE]);
}

int picture_finish(struct picture *picture)
{
	for (unsigned int i = 0; i < picture->panels_len; i++) {
		struct panel *panel = &picture->panels[i];
		int err = panel_set_lanes(panel);

		if (err)
			return err;
		panel->doubtful = panel_is_doubtful(picture, panel);
		if (panel->first)
			panel_set_phases(panel);
		else
			for (size_t j = 0; j < panel->len; j++)
				panel->rows[j].phase = PHASE_LATER;
		if (panel->events > PICTURE_FOLD_FROM)
			panel_fold(panel);
		panel_set_arrivals(panel);
	}
	return 0;
}
