// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A result that an ICMP error has caused. The error quotes the packet that it is
 * about, so it names the socket's two ends.
 *
 *   in:  a result
 *   out: the error, the packet, the call that sent it, and which socket
 *        listened there
 */
#include <errno.h>
#include <netinet/in.h>

#include "causes.h"
#include "record/constants.h"
#include "record/icmp.h"
#include "record/syscalls.h"
#include "record/text.h"
#include "search.h"

static const char *protocol_name(uint8_t proto)
{
	return proto == IPPROTO_TCP ? "TCP" : "UDP";
}

/* Which host reports it, as far as the packet's two ends show. */
static const char *whose(const struct record *icmp)
{
	struct endpoint from = icmp->icmp.from;

	from.port = icmp->peer.port;
	if (endpoint_equal(&from, &icmp->peer))
		return ", the packet's destination";
	from.port = icmp->local.port;
	if (endpoint_equal(&from, &icmp->local))
		return ", the packet's own source";
	return ", neither of the packet's ends";
}

static void say_icmp(struct reasons *reasons, const struct history_entry *icmp)
{
	const struct record *record = &icmp->record;
	const struct record_icmp *error = &record->icmp;
	const char *name =
		icmp_error_name(error->from.family, error->type, error->code);
	char from[ENDPOINT_STRLEN], src[ENDPOINT_STRLEN], dst[ENDPOINT_STRLEN];

	reasons_add(reasons, icmp,
		    "An ICMP error came from %s%s: %s, about %s %s → %s.",
		    endpoint_format_host(&error->from, from), whose(record),
		    name ? name : "it has no name",
		    protocol_name(record->proto),
		    endpoint_format(&record->local, src),
		    endpoint_format(&record->peer, dst));
}

static bool sends(const struct history_entry *exit)
{
	return syscall_info(exit->record.syscall.id)->sends;
}

static void say_sender(struct reasons *reasons,
		       const struct history_entry *call)
{
	char buf[REASON_SENTENCE];

	reasons_call(reasons, call, buf);
	if (sends(call))
		reasons_add(reasons, call,
			    "It left during %s, send no. %u of this socket.",
			    buf, search_send_number(reasons->history, call));
	else
		reasons_add(reasons, call, "It left during %s.", buf);
}

/* The kernel's record of the same packet, which names its socket; or NULL. */
static const struct history_entry *
named_packet(const struct history *history, const struct history_entry *packet)
{
	const struct wanted by_kernel = {
		.type = RECORD_PACKET,
		.proto = packet->record.proto,
		.from = &packet->record.local,
		.to = &packet->record.peer,
		.witness = WITNESS_KERNEL,
	};

	if (packet->life)
		return packet;
	packet = search_last(history, NULL, packet + 1, &by_kernel);
	return packet && packet->life ? packet : NULL;
}

/* A call that sends, from the packet's source, and goes on when it leaves. */
static const struct history_entry *call_at(const struct history *history,
					   const struct history_entry *packet)
{
	const struct history_entry *entry = packet, *exit;

	while (entry-- > history->entries) {
		if (entry->record.type != RECORD_ENTER ||
		    entry->record.proto != packet->record.proto ||
		    !endpoint_equal(&entry->record.local,
				    &packet->record.local))
			continue;
		exit = history_other(history, entry);
		if (exit > packet && sends(exit))
			return exit;
	}
	return NULL;
}

void cause_of_packet(struct reasons *reasons,
		     const struct history_entry *packet)
{
	const struct history *history = reasons->history;
	const struct history_entry *named = named_packet(history, packet);
	const struct history_entry *call =
		named ? search_call(history, named) : call_at(history, packet);
	char buf[REASON_SENTENCE];

	if (call && named)
		say_sender(reasons, call);
	else if (call)
		reasons_add(reasons, call,
			    "It left during %s, on a socket of its source.",
			    reasons_call(reasons, call, buf));
	else if (!named)
		reasons_missing(reasons, "which socket sent it; the kernel's "
					 "own record of the packet names it.");
}

static void say_quoted(struct reasons *reasons,
		       const struct history_entry *packet,
		       const struct history_entry *icmp)
{
	const struct record *record = &packet->record;
	char words[64];
	struct text text;

	text_init(&text, words, sizeof(words));
	if (record->proto == IPPROTO_TCP)
		constant_tcp_flags(&text, record->packet.tcp_flags);
	else
		text_printf(&text, "%u byte%s", record->packet.len,
			    record->packet.len == 1 ? "" : "s");
	reasons_add(reasons, packet,
		    "The last such packet had left %.3f ms before: %s.",
		    reasons_ms(packet, icmp), words);
}

void cause_of_icmp(struct reasons *reasons, const struct history_entry *icmp)
{
	const struct record *about = &icmp->record;
	const struct wanted quoted = {
		.type = RECORD_PACKET,
		.proto = about->proto,
		.from = &about->local,
		.to = &about->peer,
	};
	const struct history_entry *packet =
		search_last(reasons->history, NULL, icmp, &quoted);

	if (!packet) {
		reasons_none(reasons, "the packet itself before it.");
		return;
	}
	say_quoted(reasons, packet, icmp);
	cause_of_packet(reasons, packet);
}

/* The call of this socket that has already reported the same error; or NULL. */
static const struct history_entry *
reported_before(const struct history *history,
		const struct history_entry *result, int error)
{
	const struct history_entry *entry = result;

	while (result->life && entry-- > history->entries)
		if (entry->record.type == RECORD_EXIT &&
		    entry->life == result->life &&
		    entry->record.syscall.ret == -error)
			return entry;
	return NULL;
}

/* The last ICMP error about the result's socket, between the two; or NULL. */
static const struct history_entry *
error_between(const struct reasons *reasons, const struct history_entry *after,
	      const struct history_entry *before, int error)
{
	const struct history *history = reasons->history;
	const struct history_entry *enter =
		history_other(history, reasons->result);
	const struct endpoint *peer = reasons_peer(reasons);
	const struct wanted wanted = {
		.type = RECORD_ICMP,
		.proto = reasons->result->record.proto,
		.from = search_local(history, before),
		.to = peer->port ? peer : NULL,
		.error = error,
	};

	if (!wanted.from && !wanted.to)
		return NULL;
	/* a port that TCP chose, and no packet has shown: by peer and time */
	if (!wanted.from && enter > after)
		after = enter;
	return search_last(history, after, before, &wanted);
}

static void explain_icmp(struct reasons *reasons,
			 const struct history_entry *before,
			 const struct history_entry *icmp)
{
	say_icmp(reasons, icmp);
	if (search_local(reasons->history, before))
		cause_of_icmp(reasons, icmp);
	else
		reasons_none(reasons,
			     "which port this socket had: the error came "
			     "during the call, about a packet to its peer.");
}

bool cause_icmp(struct reasons *reasons, int error)
{
	const struct history_entry *result = reasons->result;
	const struct history_entry *icmp = error_between(
		reasons, reported_before(reasons->history, result, error),
		result, error);

	if (!icmp)
		return false;
	explain_icmp(reasons, result, icmp);
	if (error == ECONNREFUSED)
		cause_listener(reasons, icmp, result->record.proto,
			       &icmp->record.peer);
	return true;
}

bool cause_icmp_between(struct reasons *reasons,
			const struct history_entry *after,
			const struct history_entry *before)
{
	const struct history_entry *icmp =
		error_between(reasons, after, before, 0);

	if (icmp)
		explain_icmp(reasons, before, icmp);
	return icmp != NULL;
}

/* ---- who had the address -------------------------------------------------- */

/* Has the socket of @entry taken an address by this call? */
static bool takes_address(const struct history_entry *entry, uint8_t proto)
{
	const struct record *record = &entry->record;

	return record->type == RECORD_EXIT && record->proto == proto &&
	       record->syscall.ret == 0 &&
	       record->syscall.id ==
		       (proto == IPPROTO_TCP ? CALL_LISTEN : CALL_BIND);
}

/* The last that took @address before @at, and its address; NULL. */
static const struct history_entry *taker_of(const struct history *history,
					    const struct history_entry *at,
					    uint8_t proto,
					    const struct endpoint *address)
{
	const struct history_entry *entry = at;

	while (entry-- > history->entries) {
		const struct endpoint *local;

		if (!takes_address(entry, proto))
			continue;
		local = search_local(history, entry);
		if (local && endpoint_covers(local, address))
			return entry;
	}
	return NULL;
}

void cause_listener(struct reasons *reasons, const struct history_entry *at,
		    uint8_t proto, const struct endpoint *peer)
{
	const struct history *history = reasons->history;
	const struct history_entry *taker = taker_of(history, at, proto, peer);
	const struct wanted its_close = {.type = RECORD_ENTER,
					 .life = taker ? taker->life : 0,
					 .call = CALL_CLOSE};
	const struct history_entry *closed;
	char address[ENDPOINT_STRLEN], buf[REASON_SENTENCE];

	endpoint_format(peer, address);
	if (!taker) {
		reasons_none(reasons, "a socket that waited at %s.", address);
		return;
	}
	closed = search_last(history, taker, at, &its_close);
	reasons_add(reasons, taker, "A socket had taken %s: %s.", address,
		    reasons_result(reasons, taker, buf));
	if (closed)
		reasons_add(reasons, closed,
			    "%s was called on it %.3f ms before the answer.",
			    reasons_call(reasons, closed, buf),
			    reasons_ms(closed, at));
	else
		reasons_missing(reasons,
				"why it was refused although no "
				"close(2) of that socket was seen; `nft "
				"monitor trace` shows what a firewall does.");
}
