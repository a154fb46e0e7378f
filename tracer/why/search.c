// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Looks for records in a history. See search.h.
 *
 *   in:  a history, what is wanted
 *   out: its entries
 */
#include "search.h"

#include <stddef.h>

#include "record/icmp.h"
#include "record/syscalls.h"

static bool ends_match(const struct record *record, const struct wanted *wanted)
{
	return (!wanted->from ||
		endpoint_covers(wanted->from, &record->local)) &&
	       (!wanted->to || endpoint_equal(wanted->to, &record->peer)) &&
	       (!wanted->at || endpoint_covers(wanted->at, &record->peer));
}

static bool packet_matches(const struct record *record,
			   const struct wanted *wanted)
{
	uint8_t flags = record->packet.tcp_flags;

	return (flags & wanted->flags) == wanted->flags &&
	       !(flags & wanted->no_flags) &&
	       record->packet.fragment != FRAGMENT_LATER &&
	       (!wanted->has_data || record->packet.len) &&
	       (!wanted->witness ||
		record->packet.witness == wanted->witness) &&
	       (!wanted->direction ||
		record->packet.direction == wanted->direction);
}

static bool icmp_matches(const struct record *record,
			 const struct wanted *wanted)
{
	return !wanted->error ||
	       icmp_errno(record->icmp.from.family, record->icmp.type,
			  record->icmp.code) == wanted->error;
}

static bool state_matches(const struct record *record,
			  const struct wanted *wanted)
{
	return (!wanted->new_state ||
		record->state.new_state == wanted->new_state) &&
	       (!wanted->old_state ||
		record->state.old_state == wanted->old_state);
}

static bool kind_matches(const struct record *record,
			 const struct wanted *wanted)
{
	switch (record->type) {
	case RECORD_PACKET:
		return packet_matches(record, wanted);
	case RECORD_ICMP:
		return icmp_matches(record, wanted);
	case RECORD_STATE:
		return state_matches(record, wanted);
	case RECORD_ENTER:
	case RECORD_EXIT:
		if (wanted->call == CALL_CLOSE)
			return record_ends_socket(record);
		return !wanted->call || record->syscall.id == wanted->call;
	default:
		return true;
	}
}

static bool matches(const struct history_entry *entry,
		    const struct wanted *wanted)
{
	const struct record *record = &entry->record;

	return record->type == wanted->type &&
	       (!wanted->proto || record->proto == wanted->proto) &&
	       (!wanted->life || entry->life == wanted->life) &&
	       (!wanted->connect || entry->connect == wanted->connect) &&
	       ends_match(record, wanted) && kind_matches(record, wanted);
}

static bool is_kernels(const struct history_entry *entry)
{
	return (entry->record.type == RECORD_PACKET ||
		entry->record.type == RECORD_ICMP) &&
	       record_witness(&entry->record) == WITNESS_KERNEL;
}

static const struct history_entry *begin_of(const struct history *history,
					    const struct history_entry *after)
{
	return after ? after + 1 : history->entries;
}

static const struct history_entry *end_of(const struct history *history,
					  const struct history_entry *before)
{
	return before ? before : history->entries + history->len;
}

/*
 * @count entries from @entry on, in steps of 1 or -1: the first that matches. One
 * of another witness is preferred to the kernel's.
 */
static const struct history_entry *walk(const struct history_entry *entry,
					ptrdiff_t count, int step,
					const struct wanted *wanted)
{
	const struct history_entry *second = NULL;

	for (; count > 0; count--, entry += step) {
		if (!matches(entry, wanted))
			continue;
		if (!is_kernels(entry))
			return entry;
		if (!second)
			second = entry;
	}
	return second;
}

const struct history_entry *search_first(const struct history *history,
					 const struct history_entry *after,
					 const struct history_entry *before,
					 const struct wanted *wanted)
{
	const struct history_entry *begin = begin_of(history, after);
	const struct history_entry *end = end_of(history, before);

	return walk(begin, end - begin, 1, wanted);
}

const struct history_entry *search_last(const struct history *history,
					const struct history_entry *after,
					const struct history_entry *before,
					const struct wanted *wanted)
{
	const struct history_entry *begin = begin_of(history, after);
	const struct history_entry *end = end_of(history, before);

	return begin < end ? walk(end - 1, end - begin, -1, wanted) : NULL;
}

/* By the wire; by the kernel on the way out; and on the way in. */
enum sight { SIGHT_WIRE, SIGHT_OUT, SIGHT_IN, SIGHTS };

static enum sight sight_of(const struct record *packet)
{
	if (packet->packet.witness == WITNESS_WIRE)
		return SIGHT_WIRE;
	return packet->packet.direction == DIRECTION_OUT ? SIGHT_OUT : SIGHT_IN;
}

struct count search_count(const struct history *history,
			  const struct history_entry *after,
			  const struct history_entry *before,
			  const struct wanted *wanted)
{
	const struct history_entry *entry, *end = end_of(history, before);
	struct count counts[SIGHTS] = {0};
	enum sight sight = SIGHT_WIRE;

	for (entry = begin_of(history, after); entry < end; entry++) {
		struct count *count;

		if (!matches(entry, wanted))
			continue;
		count = &counts[sight_of(&entry->record)];
		count->packets++;
		count->bytes += entry->record.packet.len;
	}
	while (sight < SIGHT_IN && !counts[sight].packets)
		sight++;
	return counts[sight];
}

/* A packet has the ends of its socket, unless NAT has translated it. */
static const struct endpoint *own_address(const struct record *record)
{
	if (record->type == RECORD_PACKET && record->packet.own_local.family)
		return &record->packet.own_local;
	return &record->local;
}

const struct endpoint *search_local(const struct history *history,
				    const struct history_entry *at)
{
	const struct history_entry *entry = at + 1;

	while (at->life && entry-- > history->entries)
		if (entry->life == at->life &&
		    own_address(&entry->record)->port)
			return own_address(&entry->record);
	return NULL;
}

const struct history_entry *search_done(const struct history *history,
					const struct history_entry *at,
					enum syscall_id call)
{
	const struct history_entry *entry = at;

	while (entry-- > history->entries)
		if (at->life && entry->life == at->life &&
		    entry->record.type == RECORD_EXIT &&
		    entry->record.syscall.id == call &&
		    entry->record.syscall.ret >= 0)
			return entry;
	return NULL;
}

const struct history_entry *search_option(const struct history *history,
					  const struct history_entry *at,
					  uint64_t level, uint64_t option)
{
	const struct history_entry *entry = at;

	while ((entry = search_done(history, entry, CALL_SETSOCKOPT)))
		if (entry->record.syscall.args[0] == level &&
		    entry->record.syscall.args[1] == option)
			return entry;
	return NULL;
}

const struct history_entry *search_maker(const struct history *history,
					 const struct history_entry *at)
{
	for (uint32_t i = 0; at->life && i < history->len; i++)
		if (history->entries[i].made == at->life)
			return &history->entries[i];
	return NULL;
}

const struct history_entry *search_call(const struct history *history,
					const struct history_entry *at)
{
	const struct history_entry *entry = at, *exit;

	while (at->life && entry-- > history->entries) {
		if (entry->record.type != RECORD_ENTER ||
		    entry->life != at->life)
			continue;
		exit = history_other(history, entry);
		return exit > at ? exit : NULL;
	}
	return NULL;
}

unsigned int search_send_number(const struct history *history,
				const struct history_entry *call)
{
	unsigned int number = 0;

	for (const struct history_entry *entry = history->entries;
	     entry <= call; entry++)
		number += entry->life == call->life &&
			  entry->record.type == RECORD_EXIT &&
			  syscall_info(entry->record.syscall.id)->sends;
	return number;
}
