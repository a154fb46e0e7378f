// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tcp-connect-handshake: every TCP connect(2) exchanged SYN, SYN-ACK, ACK, or
 * SYN, RST where it was refused (RFC 9293 3.5). One that was put off with
 * EINPROGRESS is followed until its handshake has ended.
 *
 *   in:  one connect(2) with its flow, as each witness saw it
 *   out: what it says of the claim
 *   read next: claim_udp.c, the other one; flows.c, who followed
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>

#include "claim_tcp.h"
#include "story/connecting.h"

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

static bool is_same(const struct track *a, const struct track *b)
{
	return a->packets == b->packets &&
	       memcmp(a->flags, b->flags, sizeof(a->flags)) == 0;
}

static void disagree(const struct judgement *judgement,
		     const struct connect *connect, struct finding *finding)
{
	const struct track *wire = track_of(connect, WITNESS_WIRE);
	const struct track *kernel = track_of(connect, WITNESS_KERNEL);
	const struct meta *meta = judgement->evidence->meta;
	char by_wire[128], by_kernel[128];
	struct text text;

	text_init(&text, by_wire, sizeof(by_wire));
	track_format(wire, &text, " ");
	text_init(&text, by_kernel, sizeof(by_kernel));
	track_format(kernel, &text, " ");
	finding_set(finding, VERDICT_INCONCLUSIVE,
		    "the witnesses disagree: the wire (%s) saw %u packets%s%s, "
		    "the kernel %u%s%s%s",
		    meta && meta->iface ? meta->iface : "?", wire->packets,
		    wire->packets ? ": " : "", by_wire, kernel->packets,
		    kernel->packets ? ": " : "", by_kernel,
		    wire->packets ? "" : "; use -i any");
}

/* Neither witness saw a packet of the call. */
static void weigh_silence(const struct connect *connect,
			  struct finding *finding)
{
	if (!connect->returned || connect_is_pending(connect) ||
	    connect->ret == -ETIMEDOUT)
		unclear(finding, "unanswered: no SYN was seen; is the peer's "
				 "address resolved, is there a route?");
	else if (connect->ret != 0 && connect->ret != -ECONNREFUSED)
		finding->result = VERDICT_NOT_JUDGED; /* a local error */
	else if (!connect->flow)
		unclear(finding, "the socket's own address was never known, so "
				 "its packets could not be told from others");
	else if (connect->ret == 0)
		finding_set(finding, VERDICT_FAIL,
			    "it returned 0 and sent no SYN; TCP Fast Open "
			    "does that (tcp(7), TCP_FASTOPEN_CONNECT)");
	else
		finding_set(finding, VERDICT_FAIL,
			    "it was refused and sent no SYN: by a firewall "
			    "rule of this machine?");
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
		unclear(finding, "the peer refused it, and the call returned "
				 "something else");
	else
		judgement->refused++;
}

static void weigh_handshake(struct judgement *judgement,
			    const struct connect *connect,
			    const struct track *wire, struct finding *finding)
{
	switch (wire->progress) {
	case FLOW_SYN:
		unclear(finding, "unanswered: its SYN had no answer before the "
				 "end");
		break;
	case FLOW_SYN_ACK:
		unclear(finding, "its handshake had not ended: the last ACK "
				 "was not seen");
		break;
	case FLOW_ABORTED:
		unclear(finding, "its own side reset it before it was "
				 "answered");
		break;
	case FLOW_REFUSED:
		weigh_refusal(judgement, connect, wire, finding);
		break;
	case FLOW_ESTABLISHED:
		if (connect->ret != 0 && !connect_is_pending(connect))
			unclear(finding, "the handshake was performed, and the "
					 "call returned an error");
	}
	if (finding->result == VERDICT_PASS && connect_is_pending(connect) &&
	    wire->ended_ns > connect->exit_ns)
		judgement->late++;
}

void claim_tcp_connect(struct judgement *judgement,
		       const struct connect *connect, struct finding *finding)
{
	const struct track *wire = track_of(connect, WITNESS_WIRE);
	const struct track *kernel = track_of(connect, WITNESS_KERNEL);

	if (connect->first || connect_dissolves(connect))
		finding->result = VERDICT_NOT_JUDGED;
	else if (connect->other_netns)
		finding_set(finding, VERDICT_INCONCLUSIVE,
			    "its socket is in a network namespace that is not "
			    "captured: run the tracer inside it, sudo nsenter "
			    "-t %u -n",
			    connect->pid);
	else if (!connect->entered)
		unclear(finding, "it had begun before the tracer did");
	else if (!is_same(wire, kernel))
		disagree(judgement, connect, finding);
	else if (!wire->packets)
		weigh_silence(connect, finding);
	else if (!connect->returned && track_ended(wire))
		unclear(finding, "its exit was never seen");
	else
		weigh_handshake(judgement, connect, wire, finding);
}

void claim_tcp_sentence(const struct judgement *judgement, struct text *text)
{
	unsigned int passed = judgement->tally[VERDICT_PASS];
	unsigned int calls = judgement->calls;

	if (judgement->verdict->result == VERDICT_FAIL)
		text_printf(text,
			    "TCP connect(2) performed no handshake (%u of ",
			    judgement->tally[VERDICT_FAIL]);
	else if (judgement->verdict->result == VERDICT_INCONCLUSIVE)
		text_add(text, "TCP connect(2): whether it performs a "
			       "handshake is not proved (");
	else if (judgement->refused == passed)
		text_add(text, "TCP connect(2) was refused: SYN, RST (");
	else
		text_add(text, "TCP connect(2) performed the handshake SYN, "
			       "SYN-ACK, ACK (");
	text_printf(text, "%u call%s", calls, calls == 1 ? "" : "s");
	if (judgement->refused && judgement->refused < passed)
		text_printf(text, ", %u refused by SYN, RST",
			    judgement->refused);
	if (judgement->tally[VERDICT_NOT_JUDGED])
		text_printf(text, ", %u not judged",
			    judgement->tally[VERDICT_NOT_JUDGED]);
	if (judgement->late)
		text_printf(text, ", %u ended after the call had returned",
			    judgement->late);
}
