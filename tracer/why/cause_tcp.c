// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Results of TCP: how the peer answered, or that it did not. A connect(2) and
 * its packets are joined by the story, by its number.
 *
 *   in:  a result
 *   out: SYNs, answers, states
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "causes.h"
#include "record/constants.h"
#include "search.h"

#define SYNS_MAX 8 /* that are listed one by one */

#define FLAG_SYN 0x02 /* RFC 9293 3.1 */
#define FLAG_RST 0x04
#define FLAG_ACK 0x10

/* Packets of the result's socket to its peer, or (@back) from it. */
static struct wanted packets_of(const struct reasons *reasons, bool back)
{
	const struct history_entry *result = reasons->result;
	const struct endpoint *local = search_local(reasons->history, result);
	const struct endpoint *peer = reasons_peer(reasons);
	struct wanted wanted = {.type = RECORD_PACKET, .proto = IPPROTO_TCP};

	if (result->connect)
		wanted.connect = result->connect;
	wanted.from = back ? peer : result->connect ? NULL : local;
	wanted.to = back ? (result->connect ? NULL : local) : peer;
	return wanted;
}

/* ---- what was sent -------------------------------------------------------- */

static const struct history_entry *first_syn(const struct reasons *reasons)
{
	struct wanted wanted = packets_of(reasons, false);
	const struct history_entry *enter =
		history_other(reasons->history, reasons->result);

	wanted.flags = FLAG_SYN;
	wanted.no_flags = FLAG_ACK;
	/* the SYN may be of an earlier call, which this one asks about */
	return search_first(reasons->history, wanted.connect ? NULL : enter,
			    NULL, &wanted);
}

/* Each SYN before @end; returns the last that was seen, or NULL. */
static const struct history_entry *say_syns(struct reasons *reasons,
					    const struct history_entry *end)
{
	const struct history_entry *first = first_syn(reasons), *syn = first;
	const struct history_entry *last = NULL;
	struct wanted same = packets_of(reasons, false);
	unsigned int number = 0;

	if (!first || first > end)
		return NULL;
	same.flags = FLAG_SYN;
	same.no_flags = FLAG_ACK;
	same.witness = first->record.packet.witness;
	same.direction = first->record.packet.direction;
	for (; syn && number < SYNS_MAX;
	     syn = search_first(reasons->history, syn, end, &same)) {
		last = syn;
		if (!number++)
			reasons_add(reasons, syn, "A SYN left.");
		else
			reasons_add(reasons, syn,
				    "The SYN left again, %.3f ms after the "
				    "first.",
				    reasons_ms(first, syn));
	}
	return last;
}

/* ---- what came back ------------------------------------------------------- */

/* Does @answer acknowledge the SYN? RFC 9293 3.10.7.3 */
static bool acknowledges(const struct history_entry *answer,
			 const struct history_entry *syn)
{
	return (answer->record.packet.tcp_flags & FLAG_ACK) &&
	       answer->record.packet.ack == syn->record.packet.seq + 1;
}

/* A packet of the peer with @flags, between the two. */
static const struct history_entry *answer(const struct reasons *reasons,
					  const struct history_entry *after,
					  const struct history_entry *before,
					  uint8_t flags)
{
	struct wanted wanted = packets_of(reasons, true);

	wanted.flags = flags;
	return search_last(reasons->history, after, before, &wanted);
}

/* The RST that refused the result's connect(2) before @end. */
static bool say_refusal(struct reasons *reasons,
			const struct history_entry *end)
{
	const struct history_entry *syn = first_syn(reasons);
	const struct history_entry *rst =
		syn ? answer(reasons, syn, end, FLAG_RST) : NULL;
	char peer[ENDPOINT_STRLEN];

	if (!rst)
		return false;
	endpoint_format(&rst->record.local, peer);
	reasons_add(reasons, rst, "A RST came from %s.", peer);
	if (acknowledges(rst, syn))
		reasons_add(reasons, syn,
			    "It acknowledges this SYN, which had left %.3f ms "
			    "before.",
			    reasons_ms(syn, rst));
	cause_listener(reasons, rst, IPPROTO_TCP, &rst->record.local);
	return true;
}

void cause_refused(struct reasons *reasons)
{
	if (reasons->result->record.proto == IPPROTO_TCP &&
	    say_refusal(reasons, reasons->result))
		return;
	if (cause_icmp(reasons, ECONNREFUSED))
		return;
	reasons_missing(reasons, "what refused it; a capture of the answer "
				 "(RST, or ICMP port unreachable) shows it.");
}

void cause_unreachable(struct reasons *reasons)
{
	int error = (int)-reasons->result->record.syscall.ret;
	char peer[ENDPOINT_STRLEN];

	if (cause_icmp(reasons, error))
		return;
	endpoint_format_host(reasons_peer(reasons), peer);
	reasons_none(reasons, "an ICMP error before it that becomes %s.",
		     constant_errno(error));
	reasons_missing(reasons,
			"the routing table of this machine; `ip route "
			"get %s` shows what it says.",
			peer);
}

/* EPIPE: the program has ended its own half. */
static bool say_shutdown(struct reasons *reasons)
{
	const struct history_entry *shut =
		search_done(reasons->history, reasons->result, CALL_SHUTDOWN);
	char buf[REASON_SENTENCE];

	if (reasons->result->record.syscall.ret != -EPIPE || !shut)
		return false;
	reasons_add(reasons, shut, "%.3f ms before, %s on the same socket.",
		    reasons_ms(shut, reasons->result),
		    reasons_result(reasons, shut, buf));
	return true;
}

void cause_reset(struct reasons *reasons)
{
	const struct history_entry *rst =
		answer(reasons, NULL, reasons->result, FLAG_RST);
	char peer[ENDPOINT_STRLEN];

	if (say_shutdown(reasons))
		return;
	if (!rst) {
		reasons_missing(reasons, "a RST of the peer; a capture on its "
					 "way shows it.");
		return;
	}
	endpoint_format(&rst->record.local, peer);
	reasons_add(reasons, rst, "A RST had come from %s, %.3f ms before.",
		    peer, reasons_ms(rst, reasons->result));
	cause_of_packet(reasons, rst);
}

/* ---- how a handshake ends ------------------------------------------------- */

/* The socket leaves SYN_SENT after @after; NULL: not seen. */
static const struct history_entry *end_of(const struct reasons *reasons,
					  const struct history_entry *after)
{
	const struct wanted left = {.type = RECORD_STATE,
				    .life = reasons->result->life,
				    .old_state = TCP_SYN_SENT};

	return reasons->result->life ?
		       search_first(reasons->history, after, NULL, &left) :
		       NULL;
}

static const char *end_state(const struct history_entry *end)
{
	return constant_tcp_state(end->record.state.new_state);
}

static void say_given_up(struct reasons *reasons,
			 const struct history_entry *last,
			 const struct history_entry *end)
{
	char peer[ENDPOINT_STRLEN];

	endpoint_format(reasons_peer(reasons), peer);
	if (!answer(reasons, NULL, end, 0))
		reasons_none(reasons, "a packet from %s before the end.", peer);
	reasons_add(reasons, end,
		    "The kernel gave up: SYN_SENT → CLOSE, %.3f ms after the "
		    "last SYN.",
		    reasons_ms(last, end));
}

void cause_timed_out(struct reasons *reasons)
{
	const struct history_entry *enter =
		history_other(reasons->history, reasons->result);
	const struct history_entry *last = NULL, *end;

	if (reasons->result->record.syscall.id == CALL_CONNECT)
		last = say_syns(reasons, reasons->result);
	if (!last) {
		reasons_missing(reasons, "the packets that were not answered; "
					 "a capture shows them.");
		return;
	}
	end = end_of(reasons, enter);
	if (end && end < reasons->result)
		say_given_up(reasons, last, end);
}

static void say_end(struct reasons *reasons, const struct history_entry *end)
{
	reasons_add(reasons, end, "The handshake ended: %s.", end_state(end));
}

/* close(2) ended it, or a task without close(2): a process that exits. */
static void say_closed_by_task(struct reasons *reasons,
			       const struct history_entry *end)
{
	const struct history_entry *call = search_call(reasons->history, end);
	char buf[REASON_SENTENCE];

	say_end(reasons, end);
	if (call && record_ends_socket(&call->record))
		reasons_add(reasons, call, "The program closed the socket: %s.",
			    reasons_result(reasons, call, buf));
	else
		reasons_none(reasons, "a call that closed the socket; a "
				      "process that exits does so.");
}

static void say_closed(struct reasons *reasons, const struct history_entry *end)
{
	const struct history_entry *last = say_syns(reasons, end);

	if (last && answer(reasons, NULL, end, 0)) {
		say_end(reasons, end);
		say_refusal(reasons, end);
	} else if (cause_icmp_between(reasons, last, end)) {
		say_end(reasons, end);
	} else if (end->record.state.context == CONTEXT_TASK) {
		say_closed_by_task(reasons, end);
	} else if (last) {
		say_given_up(reasons, last, end);
	} else {
		say_end(reasons, end);
	}
}

static void say_established(struct reasons *reasons,
			    const struct history_entry *end)
{
	const struct history_entry *syn = first_syn(reasons), *syn_ack;

	say_syns(reasons, end);
	syn_ack = syn ? answer(reasons, syn, end, FLAG_SYN | FLAG_ACK) : NULL;
	if (syn_ack && acknowledges(syn_ack, syn))
		reasons_add(reasons, syn_ack,
			    "The peer's SYN-ACK came %.3f ms after the first "
			    "SYN.",
			    reasons_ms(syn, syn_ack));
	say_end(reasons, end);
}

/* The program asked how it ended: SO_ERROR. */
static void say_asked(struct reasons *reasons, const struct history_entry *end)
{
	const struct wanted asking = {.type = RECORD_EXIT,
				      .life = reasons->result->life,
				      .call = CALL_GETSOCKOPT};
	const struct history_entry *asked =
		search_first(reasons->history, end, NULL, &asking);
	char buf[REASON_SENTENCE];

	if (asked && asked->record.syscall.args[1] == SO_ERROR)
		reasons_add(reasons, asked,
			    "The program asked for the result: "
			    "%s.",
			    reasons_call(reasons, asked, buf));
}

void cause_in_progress(struct reasons *reasons)
{
	const struct history_entry *enter =
		history_other(reasons->history, reasons->result);
	/* on a short way, it ends before the call returns */
	const struct history_entry *end =
		end_of(reasons, enter ? enter : reasons->result);

	cause_does_not_wait(reasons, SO_SNDTIMEO);
	if (!end) {
		say_syns(reasons,
			 reasons->history->entries + reasons->history->len);
		reasons_none(reasons, "how the handshake ended.");
		return;
	}
	if (end->record.state.new_state == TCP_CLOSE)
		say_closed(reasons, end);
	else
		say_established(reasons, end);
	say_asked(reasons, end);
}

/* EALREADY, EISCONN: of the connect(2) before it on the same socket. */
void cause_connected(struct reasons *reasons)
{
	const struct history_entry *result = reasons->result, *earlier = result;
	const struct history_entry *end;
	char buf[REASON_SENTENCE];

	while (earlier-- > reasons->history->entries)
		if (result->life && earlier->life == result->life &&
		    earlier->record.type == RECORD_EXIT &&
		    (earlier->record.syscall.id == CALL_CONNECT) &&
		    (earlier->record.syscall.ret == 0 ||
		     earlier->record.syscall.ret == -EINPROGRESS))
			break;
	if (earlier < reasons->history->entries) {
		reasons_missing(reasons,
				"how the socket got its peer: no "
				"earlier connect(2) of it was recorded.");
		return;
	}
	reasons_add(reasons, earlier, "%.3f ms before, %s on the same socket.",
		    reasons_ms(earlier, result),
		    reasons_result(reasons, earlier, buf));
	if (earlier->record.syscall.ret == 0)
		return;
	end = end_of(reasons, earlier);
	if (end && end < result)
		reasons_add(reasons, end, "Its handshake had ended: %s.",
			    end_state(end));
	else
		reasons_none(reasons, "the end of its handshake before.");
}

/* connect(2) waited until the handshake had ended. */
void cause_handshake(struct reasons *reasons)
{
	const struct history_entry *result = reasons->result;
	const struct history_entry *last = say_syns(reasons, result), *syn_ack;
	char peer[ENDPOINT_STRLEN];

	syn_ack = last ? answer(reasons, last, result, FLAG_SYN | FLAG_ACK) :
			 NULL;
	if (!syn_ack || !acknowledges(syn_ack, last))
		return;
	reasons_add(reasons, syn_ack,
		    "%s acknowledged it with SYN-ACK %.3f ms "
		    "later.",
		    endpoint_format(&syn_ack->record.local, peer),
		    reasons_ms(last, syn_ack));
}
