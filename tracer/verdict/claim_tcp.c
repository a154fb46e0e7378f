// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tcp-connect-handshake: every TCP connect(2) exchanged SYN, SYN-ACK, ACK, or
 * SYN, RST if it was refused (RFC 9293 3.5). A call that returned EINPROGRESS
 * is followed until its handshake has ended. If its program closed the socket
 * before that, the call neither supports nor contradicts the claim.
 *
 *   in:  one connect(2) with its flow, as each witness saw it
 *   out: its result for the claim
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>

#include "claim_tcp.h"
#include "record/icmp.h"
#include "story/connects.h"

static const struct track nothing;

static const struct track *track_of(const struct connect *connect,
				    enum witness witness)
{
	return connect->flow ? &connect->flow->track[witness] : &nothing;
}

static void unclear(struct finding *finding, const char *why)
{
	finding_set(finding, VERDICT_INCONCLUSIVE, "%s", why);
}

/*
 * A queueing discipline between the two witnesses may drop or duplicate a
 * packet. They agree if the handshake came equally far for both.
 */
static bool agree(const struct track *a, const struct track *b)
{
	return a->progress == b->progress && !a->packets == !b->packets;
}

static void disagree(const struct judgement *judgement,
		     const struct connect *connect, struct finding *finding)
{
	const struct track *wire = track_of(connect, WITNESS_WIRE);
	const struct track *kernel = track_of(connect, WITNESS_KERNEL);
	const struct meta *meta = judgement->evidence->meta;
	const char *iface = meta && meta->iface ? meta->iface : "?";
	char by_wire[128], by_kernel[128], remedy[96] = "";
	struct text text;

	text_init(&text, by_wire, sizeof(by_wire));
	track_format(wire, &text, " ");
	text_init(&text, by_kernel, sizeof(by_kernel));
	track_format(kernel, &text, " ");
	text_init(&text, remedy, sizeof(remedy));
	if (!wire->packets && strcmp(iface, "any") != 0)
		text_add(&text, "; use -i any");
	else if (kernel->packets > wire->packets)
		text_printf(&text,
			    "; does a queueing discipline hold or drop them "
			    "(tc qdisc show dev %.15s)?",
			    kernel->iface[0]);
	finding_set(finding, VERDICT_INCONCLUSIVE,
		    "the witnesses disagree: the wire (%s) saw %u packets%s%s, "
		    "the kernel %u%s%s%s",
		    iface, wire->packets, wire->packets ? ": " : "", by_wire,
		    kernel->packets, kernel->packets ? ": " : "", by_kernel,
		    remedy);
}

/* "icmp port unreachable from 10.0.0.1", "a RST from 10.0.0.1:80" */
static void format_refusal(const struct refusal *refusal, struct text *text)
{
	char from[ENDPOINT_STRLEN];
	const char *name;

	if (refusal->reset) {
		text_printf(text, "a RST from %s",
			    endpoint_format(&refusal->from, from));
		return;
	}
	name = icmp_error_name(refusal->from.family, refusal->icmp_type,
			       refusal->icmp_code);
	text_printf(text, "an ICMP error (%s) from %s", name ? name : "unnamed",
		    endpoint_format_host(&refusal->from, from));
}

/* No SYN reached a device, but something answered it. */
static void weigh_refused_here(const struct connect *connect,
			       struct finding *finding)
{
	char answer[128];
	struct text text;

	text_init(&text, answer, sizeof(answer));
	format_refusal(&connect->refusal, &text);
	finding_set(finding, VERDICT_INCONCLUSIVE,
		    "refused on this machine: %s answered its SYN before "
		    "either witness saw it; a firewall rule does that (REJECT: "
		    "nft list ruleset)",
		    answer);
}

/* Neither witness saw a packet of the call. */
static void weigh_silence(const struct connect *connect,
			  struct finding *finding)
{
	bool goes_on = !connect->returned || connect_is_pending(connect) ||
		       connect->ret == -ETIMEDOUT;

	if (connect->refusal.ts_ns &&
	    (goes_on || connect->ret == -ECONNREFUSED))
		weigh_refused_here(connect, finding);
	else if (goes_on && connect->given_up)
		finding->result = VERDICT_NOT_JUDGED;
	else if (goes_on)
		unclear(finding,
			"unanswered: no SYN was seen; is the peer's address "
			"resolved (ip neigh), is there a route, does a "
			"firewall rule of this machine drop it?");
	else if (connect->ret != 0 && connect->ret != -ECONNREFUSED)
		finding->result = VERDICT_NOT_JUDGED; /* a local error */
	else if (connect->ret != 0)
		unclear(finding, "it was refused, and neither witness saw a "
				 "packet of it");
	else if (connect->fast_open)
		unclear(finding, "it returned 0 and sent no packet: TCP Fast "
				 "Open (TCP_FASTOPEN_CONNECT) leaves the SYN "
				 "to the first write(2)");
	else
		unclear(finding, "it returned 0, and neither witness saw a "
				 "packet of it: TCP Fast Open "
				 "(TCP_FASTOPEN_CONNECT, tcp(7)) does that, or "
				 "an earlier connect(2) that the run did not "
				 "see");
}

/* Nothing was seen before it returned 0; later packets cannot be its answer. */
static bool claim_tcp_is_silent(const struct connect *connect)
{
	bool at_once = connect->returned && connect->ret == 0;

	if (at_once && connect->entered)
		return !connect->inside[WITNESS_WIRE] &&
		       !connect->inside[WITNESS_KERNEL];
	return !track_of(connect, WITNESS_WIRE)->packets &&
	       !track_of(connect, WITNESS_KERNEL)->packets;
}

static bool has_syn_ack(const struct track *track)
{
	for (uint32_t i = 0; i < track->packets && i < TRACK_FLAGS; i++)
		if ((track->flags[i] & (TH_SYN | TH_ACK)) == (TH_SYN | TH_ACK))
			return true;
	return false;
}

static void weigh_refusal(struct judgement *judgement,
			  const struct connect *connect,
			  const struct track *wire, struct finding *finding)
{
	if (has_syn_ack(wire))
		unclear(finding, "the peer answered its SYN and then reset it");
	else if (connect->ret != -ECONNREFUSED && !connect_is_pending(connect))
		unclear(finding, "the peer refused it, but the call returned "
				 "something else");
	else
		judgement->sums.refused++;
}

static void weigh_handshake(struct judgement *judgement,
			    const struct connect *connect,
			    const struct track *wire, struct finding *finding)
{
	switch (wire->progress) {
	case FLOW_SYN:
		unclear(finding,
			connect->ret == -ETIMEDOUT ?
				"unanswered: its SYN had no answer before the "
				"call timed out" :
				"unanswered: its SYN had no answer before the "
				"run ended");
		break;
	case FLOW_CROSSED:
		unclear(finding, "the peer sent a SYN of its own (simultaneous "
				 "open, RFC 9293 3.5), and neither SYN had an "
				 "answer before the run ended");
		break;
	case FLOW_SYN_ACK:
		unclear(finding, "its handshake had not ended: the last ACK "
				 "was not seen");
		break;
	case FLOW_ABORTED:
		unclear(finding,
			has_syn_ack(wire) ?
				"its own side answered the SYN-ACK with a RST" :
				"its own side reset it before it was "
				"answered");
		break;
	case FLOW_REFUSED:
		weigh_refusal(judgement, connect, wire, finding);
		break;
	case FLOW_ESTABLISHED:
		if (connect->ret != 0 && !connect_is_pending(connect))
			unclear(finding, "the handshake was performed, but the "
					 "call returned an error");
	}
	if (finding->result != VERDICT_PASS)
		return;
	judgement->sums.crossed += wire->crossed;
	judgement->sums.late += connect_is_pending(connect) &&
				wire->ended_ns > connect->exit_ns;
}

/* By a packet that ended the handshake, and not by the socket's own RST. */
static bool was_answered(const struct track *track)
{
	return track->progress == FLOW_ESTABLISHED ||
	       track->progress == FLOW_REFUSED;
}

void claim_tcp_connect(struct judgement *judgement,
		       const struct connect *connect, struct finding *finding)
{
	const struct track *wire = track_of(connect, WITNESS_WIRE);
	const struct track *kernel = track_of(connect, WITNESS_KERNEL);

	if (connect->first || connect_dissolves(connect))
		finding->result = VERDICT_NOT_JUDGED;
	else if (finding_unseen(finding, connect))
		return;
	else if (claim_tcp_is_silent(connect))
		weigh_silence(connect, finding);
	else if (connect->given_up && !was_answered(wire) &&
		 !was_answered(kernel))
		finding->result = VERDICT_NOT_JUDGED;
	else if (!agree(wire, kernel))
		disagree(judgement, connect, finding);
	else if (!connect->returned && track_ended(wire) && connect->cut_off)
		finding->result = VERDICT_NOT_JUDGED;
	else if (!connect->returned && track_ended(wire))
		unclear(finding, "its exit was never seen");
	else
		weigh_handshake(judgement, connect, wire, finding);
}

void claim_tcp_sentence(const struct judgement *judgement, struct text *text)
{
	unsigned int passed = judgement->sums.tally[VERDICT_PASS];
	unsigned int calls = judgement->sums.calls;

	if (judgement->verdict->result == VERDICT_FAIL)
		text_printf(text,
			    "TCP connect(2) performed no handshake (%u of ",
			    judgement->sums.tally[VERDICT_FAIL]);
	else if (judgement->verdict->result == VERDICT_INCONCLUSIVE)
		text_add(text, "TCP connect(2): whether it performs a "
			       "handshake is not proved (");
	else if (judgement->sums.refused == passed)
		text_add(text, "TCP connect(2) was refused: SYN, RST (");
	else
		text_add(text, "TCP connect(2) performed the handshake SYN, "
			       "SYN-ACK, ACK (");
	text_printf(text, "%u call%s", calls, calls == 1 ? "" : "s");
	if (judgement->sums.refused && judgement->sums.refused < passed)
		text_printf(text, ", %u refused by SYN, RST",
			    judgement->sums.refused);
	if (judgement->sums.tally[VERDICT_NOT_JUDGED])
		text_printf(text, ", %u not judged",
			    judgement->sums.tally[VERDICT_NOT_JUDGED]);
	if (judgement->sums.given_up)
		text_printf(text, ", %u closed before it was answered",
			    judgement->sums.given_up);
	if (judgement->sums.crossed)
		text_printf(text, ", %u by simultaneous open",
			    judgement->sums.crossed);
	if (judgement->sums.late)
		text_printf(text, ", %u ended after the call had returned",
			    judgement->sums.late);
}
