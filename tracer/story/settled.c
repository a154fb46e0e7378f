// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Two queues of connects that are over: those to be judged at once, and those
 * that the wire may still add to, the oldest first. See settled.h.
 *
 *   in:  connects that have changed, the time of the records
 *   out: connects that are to be judged
 */
#include "settled.h"

#include <netinet/in.h>

#include "connecting.h"
#include "flows.h"

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

bool settled_goes_on(const struct connect *connect)
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

void settled_remove(struct settled *settled, struct connect *connect)
{
	if (connect->stage != CONNECT_IS_OVER)
		return;
	TAILQ_REMOVE(connect->due_ns ? &settled->later : &settled->at_once,
		     connect, over);
	settled->later_len -= connect->due_ns != 0;
	connect->stage = CONNECT_GOES_ON;
}

void settled_note(struct settled *settled, struct connect *connect)
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

/* What something still points to comes back when that has let it go. */
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

void connect_pin(const struct connect *connect)
{
	((struct connect *)connect)->pinned = true;
}
