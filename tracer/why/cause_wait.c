// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Calls that waited, or that returned because they would have had to. A read
 * waited if all that had come before it was read before it: what came is counted
 * against what the reads returned.
 *
 *   in:  a result
 *   out: what it waited for; how long it was to wait
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "causes.h"
#include "record/syscalls.h"
#include "search.h"

#define FLAG_FIN 0x01 /* RFC 9293 3.1 */
#define FLAG_SYN 0x02
#define FLAG_ACK 0x10

static bool receives(const struct record *exit)
{
	return syscall_info(exit->syscall.id)->receives;
}

static bool accepts(const struct record *exit)
{
	return exit->syscall.id == CALL_ACCEPT ||
	       exit->syscall.id == CALL_ACCEPT4;
}

/* ---- what has come, and what was read ------------------------------------- */

/* Packets for the socket of the exit @at: from its peer, if it has one. */
static struct wanted packets_for(const struct history *history,
				 const struct history_entry *at)
{
	const struct history_entry *enter = history_other(history, at);
	struct wanted wanted = {.type = RECORD_PACKET,
				.proto = at->record.proto};

	/* on exit, the peer may be the sender that recvfrom(2) returns */
	if (enter && enter->record.peer.port)
		wanted.from = &enter->record.peer;
	wanted.at = search_local(history, at);
	wanted.has_data = at->record.proto == IPPROTO_TCP;
	return wanted;
}

/* Datagrams, or bytes of TCP, that a read has taken. */
static uint64_t taken_by(const struct record *exit)
{
	if (exit->syscall.ret < 0 || (exit->syscall.flags & MSG_PEEK))
		return 0;
	if (exit->proto == IPPROTO_TCP || exit->syscall.id == CALL_RECVMMSG)
		return (uint64_t)exit->syscall.ret;
	return 1;
}

/* The same of all the socket's reads before. */
static uint64_t taken_before(const struct history *history,
			     const struct history_entry *enter)
{
	const struct history_entry *entry = enter;
	uint64_t taken = 0;

	while (entry-- > history->entries)
		if (entry->life == enter->life &&
		    entry->record.type == RECORD_EXIT &&
		    receives(&entry->record))
			taken += taken_by(&entry->record);
	return taken;
}

/* Is it known that nothing was there when the call began? */
static bool began_empty(const struct history *history,
			const struct history_entry *enter,
			const struct wanted *wanted)
{
	bool tcp = enter->record.proto == IPPROTO_TCP;
	struct count came;

	if (history->lost || !enter->life || !wanted->at)
		return false;
	came = search_count(history, NULL, enter, wanted);
	return (tcp ? came.bytes : came.packets) <=
	       taken_before(history, enter);
}

/* What a read waited for: the first data, or the FIN if there was none. */
static const struct history_entry *arrival(const struct history *history,
					   const struct history_entry *exit)
{
	const struct history_entry *enter = history_other(history, exit);
	const struct history_entry *packet;
	struct wanted wanted = packets_for(history, exit);

	if (!enter || !began_empty(history, enter, &wanted))
		return NULL;
	packet = search_first(history, enter, exit, &wanted);
	if (packet || exit->record.syscall.ret || !wanted.has_data)
		return packet;
	wanted.has_data = false;
	wanted.flags = FLAG_FIN;
	return search_first(history, enter, exit, &wanted);
}

/* The connection that accept(2) returned was made while it waited. */
static const struct history_entry *connection(const struct history *history,
					      const struct history_entry *exit)
{
	const struct history_entry *enter = history_other(history, exit);
	const struct wanted made = {.type = RECORD_STATE,
				    .life = exit->made,
				    .new_state = TCP_ESTABLISHED};

	return enter && exit->made ? search_first(history, enter, exit, &made) :
				     NULL;
}

/* The SYN-ACK that a connect(2) waited for. */
static const struct history_entry *handshake(const struct history *history,
					     const struct history_entry *exit)
{
	const struct history_entry *enter = history_other(history, exit);
	const struct wanted answer = {.type = RECORD_PACKET,
				      .connect = exit->connect,
				      .from = &exit->record.peer,
				      .flags = FLAG_SYN | FLAG_ACK};

	return enter && exit->connect ?
		       search_first(history, enter, exit, &answer) :
		       NULL;
}

bool cause_waited(const struct history *history,
		  const struct history_entry *exit)
{
	const struct record *record = &exit->record;

	if (record->syscall.ret < 0)
		return false;
	if (receives(record))
		return arrival(history, exit) != NULL;
	if (accepts(record))
		return connection(history, exit) != NULL;
	return record->syscall.id == CALL_CONNECT &&
	       record->proto == IPPROTO_TCP && handshake(history, exit) != NULL;
}

/* ---- sentences ------------------------------------------------------------ */

static void say_began(struct reasons *reasons, const char *nothing)
{
	const struct history_entry *enter =
		history_other(reasons->history, reasons->result);

	reasons_add(reasons, enter, "It waited %.3f ms: when it began, %s.",
		    reasons_ms(enter, reasons->result), nothing);
}

static void say_packet(struct reasons *reasons,
		       const struct history_entry *packet)
{
	const struct record *record = &packet->record;
	char from[ENDPOINT_STRLEN];

	endpoint_format(&record->local, from);
	if (record->proto == IPPROTO_TCP && !record->packet.len)
		reasons_add(reasons, packet, "Then %s ended its half: FIN.",
			    from);
	else
		reasons_add(reasons, packet, "Then %u byte%s came from %s.",
			    record->packet.len,
			    record->packet.len == 1 ? "" : "s", from);
	cause_of_packet(reasons, packet);
}

static void say_connection(struct reasons *reasons)
{
	const struct history_entry *state =
		connection(reasons->history, reasons->result);
	char peer[ENDPOINT_STRLEN];

	say_began(reasons, "this connection did not exist");
	reasons_add(reasons, state,
		    "Then the connection of %s was "
		    "established.",
		    endpoint_format(&state->record.peer, peer));
}

void cause_arrival(struct reasons *reasons)
{
	const struct record *result = &reasons->result->record;

	if (accepts(result)) {
		say_connection(reasons);
		return;
	}
	say_began(reasons, result->proto == IPPROTO_TCP ?
				   "all bytes that had come were read" :
				   "all datagrams that had come were read");
	say_packet(reasons, arrival(reasons->history, reasons->result));
}

void cause_does_not_wait(struct reasons *reasons, uint64_t timeout_option)
{
	const struct history *history = reasons->history;
	const struct history_entry *made =
		search_maker(history, reasons->result);
	const struct history_entry *limit = search_option(
		history, reasons->result, SOL_SOCKET, timeout_option);
	char buf[REASON_SENTENCE];

	if (made && made->record.syscall.id == CALL_SOCKET &&
	    (made->record.syscall.args[1] & SOCK_NONBLOCK))
		reasons_add(reasons, made, "The socket does not wait: %s.",
			    reasons_result(reasons, made, buf));
	else if (limit)
		reasons_add(reasons, limit,
			    "How long it waits was limited: "
			    "%s.",
			    reasons_result(reasons, limit, buf));
	else
		reasons_missing(reasons, "what made the socket non-blocking; "
					 "`strace -e fcntl,ioctl` shows it.");
}

void cause_not_ready(struct reasons *reasons)
{
	const struct history *history = reasons->history;
	const struct history_entry *result = reasons->result;
	const struct history_entry *enter = history_other(history, result);
	struct wanted wanted = packets_for(history, result);

	if (enter)
		reasons_add(reasons, enter, "It returned after %.3f ms.",
			    reasons_ms(enter, result));
	if (receives(&result->record) && enter &&
	    began_empty(history, enter, &wanted) &&
	    !search_first(history, enter, result, &wanted))
		reasons_none(reasons, "anything for it that was not read "
				      "before.");
	if (result->record.syscall.flags & MSG_DONTWAIT) {
		reasons_add(reasons, result,
			    "The call itself asked not to "
			    "wait: MSG_DONTWAIT.");
		return;
	}
	cause_does_not_wait(reasons, SO_RCVTIMEO);
}

void cause_interrupted(struct reasons *reasons)
{
	const struct history_entry *enter =
		history_other(reasons->history, reasons->result);

	if (enter)
		reasons_add(reasons, enter, "It had waited %.3f ms.",
			    reasons_ms(enter, reasons->result));
	reasons_missing(reasons, "which signal came; `strace -e signal` shows "
				 "it.");
}
