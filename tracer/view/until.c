// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Finds the end of the first connect(2) of each protocol. See until.h.
 *
 *   in:  the records that the story shows, with the connect that they belong to
 *   out: whether a record is shown
 */
#include "until.h"

#include <netinet/in.h>
#include <string.h>

#include "story/connects.h"
#include "story/flows.h"

static void until_begin(struct until *until, const struct meta *meta)
{
	const char *command = meta->command ? meta->command : "";

	until->ends[0].wanted = strcmp(command, "tcp") != 0;
	until->ends[1].wanted = strcmp(command, "udp") != 0;
}

/* A connect(2) that does not block has its handshake after its return. */
static bool has_ended(const struct connect *connect, uint64_t now_ns)
{
	if (!connect || !connect_had_returned(connect, now_ns))
		return false;
	return connect->proto != IPPROTO_TCP || !connect_is_pending(connect) ||
	       (connect->flow &&
		track_ended(&connect->flow->track[WITNESS_WIRE]));
}

static bool all_are_over(const struct until *until)
{
	for (int i = 0; i < 2; i++)
		if (until->ends[i].wanted && !until->ends[i].over)
			return false;
	return true;
}

bool until_connect(struct until *until, const struct record *record,
		   const struct note *note)
{
	struct until_end *end = &until->ends[record->proto == IPPROTO_TCP ||
					     record->type == RECORD_STATE];
	bool shown;

	if (record->type == RECORD_META)
		until_begin(until, record->meta);
	if (!record_is_observed(record))
		return true;
	if (!record->proto && record->type != RECORD_STATE)
		return !all_are_over(until);
	shown = !end->over;
	if (!end->first)
		end->first = note->connect;
	end->over |= has_ended(end->first, record->ts_ns);
	return shown;
}
