// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * udp-connect-silent: between entry and exit of every UDP connect(2), that
 * socket sent 0 packets, to any peer. Received packets do not count.
 *
 *   in:  one connect(2) with the packets that were counted in it
 *   out: its result for the claim
 */
#include "claim_udp.h"
#include "conditions.h"
#include "record/syscalls.h"

static bool is_unclear(const struct connect *connect, struct finding *finding)
{
	if (finding_unseen(finding, connect))
		return true;
	if (!connect->returned && connect->cut_off &&
	    !connect->inside[WITNESS_WIRE] && !connect->inside[WITNESS_KERNEL])
		finding->result = VERDICT_NOT_JUDGED;
	else if (!connect->returned)
		finding_set(finding, VERDICT_INCONCLUSIVE,
			    "its exit was never seen");
	return !connect->returned;
}

/* "UDP 10.0.0.1:1000 → 10.0.0.2:7, 5 bytes, 0.012 ms after its entry" */
static void claim_udp_packet(const struct connect *connect, struct text *text)
{
	const struct packet_seen *packet = &connect->packet;
	char src[ENDPOINT_STRLEN], dst[ENDPOINT_STRLEN];

	text_printf(text, "UDP %s → %s, %u byte%s, %.3f ms after its entry",
		    endpoint_format(&packet->src, src),
		    endpoint_format(&packet->dst, dst), packet->len,
		    packet->len == 1 ? "" : "s",
		    (double)(packet->ts_ns - connect->enter_ns) / 1e6);
}

static void claim_udp_fail(const struct connect *connect,
			   struct finding *finding)
{
	uint32_t wire = connect->inside[WITNESS_WIRE];
	uint32_t kernel = connect->inside[WITNESS_KERNEL];
	char packet[192];
	struct text text;

	text_init(&text, packet, sizeof(packet));
	claim_udp_packet(connect, &text);
	if (connect->sender_tid)
		finding_set(finding, VERDICT_FAIL,
			    "during the call its socket sent %s; the wire saw "
			    "%u of the socket's packets, the kernel %u; "
			    "meanwhile thread %u was in %s on the same socket",
			    packet, wire, kernel, connect->sender_tid,
			    syscall_info(connect->sender_call)->name);
	else
		finding_set(finding, VERDICT_FAIL,
			    "during the call its socket sent %s; the wire saw "
			    "%u of the socket's packets, the kernel %u",
			    packet, wire, kernel);
}

/*
 * The kernel names the sender, so the wire cannot have a packet of the socket
 * that the kernel lacks. If the kernel has more, one of the two is wrong,
 * unless the wire could have missed packets.
 */
static void weigh_own(const struct judgement *judgement,
		      const struct connect *connect, struct finding *finding)
{
	if (connect->inside[WITNESS_WIRE] ||
	    conditions_blind(judgement, WITNESS_WIRE))
		claim_udp_fail(connect, finding);
	else
		finding_set(finding, VERDICT_INCONCLUSIVE,
			    "the witnesses disagree: during the call the wire "
			    "saw 0 of the socket's packets, the kernel %u; "
			    "capture on the interface that they use (-i IFACE "
			    "or -i any), and see whether a queueing discipline "
			    "holds them (tc qdisc show)",
			    connect->inside[WITNESS_KERNEL]);
}

static void weigh_unnamed(const struct connect *connect,
			  struct finding *finding)
{
	char local[ENDPOINT_STRLEN];

	finding_set(finding, VERDICT_INCONCLUSIVE,
		    "packets left %s during the call (the wire saw %u, the "
		    "kernel %u), but no witness knows which socket sent them: "
		    "another one may share the port",
		    endpoint_format(connect->local.port ? &connect->local :
							  &connect->before,
				    local),
		    connect->unnamed[WITNESS_WIRE],
		    connect->unnamed[WITNESS_KERNEL]);
}

void claim_udp_connect(struct judgement *judgement,
		       const struct connect *connect, struct finding *finding)
{
	bool bound = connect->local.port || connect->before.port;

	if (is_unclear(connect, finding))
		return;
	if (connect->inside[WITNESS_KERNEL])
		weigh_own(judgement, connect, finding);
	else if (connect->unnamed[WITNESS_WIRE] ||
		 connect->unnamed[WITNESS_KERNEL])
		weigh_unnamed(connect, finding);
	else if (connect->crowded)
		finding_set(finding, VERDICT_INCONCLUSIVE,
			    "more packets passed during the call than the "
			    "tracer keeps: run it on a quieter machine");
	else if (!bound && connect->ret == 0 &&
		 connect->peer.family != FAMILY_UNSPEC)
		finding_set(finding, VERDICT_INCONCLUSIVE,
			    "the socket's own address was never known, so its "
			    "packets could not be distinguished from others");
}

void claim_udp_sentence(const struct judgement *judgement, struct text *text)
{
	unsigned int failed = judgement->sums.tally[VERDICT_FAIL];
	unsigned int calls = judgement->sums.calls;

	switch (judgement->verdict->result) {
	case VERDICT_PASS:
		text_add(text, "UDP connect(2) put 0 packets on the wire (");
		break;
	case VERDICT_FAIL:
		text_printf(text,
			    "UDP connect(2) put %llu packet%s on the wire "
			    "(%u of ",
			    (unsigned long long)judgement->sums.packets,
			    judgement->sums.packets == 1 ? "" : "s", failed);
		break;
	default:
		text_add(text, "UDP connect(2): whether it is silent is not "
			       "proved (");
	}
	text_printf(text, "%u call%s", calls, calls == 1 ? "" : "s");
	if (judgement->sums.errors)
		text_printf(text, ", %u with an error", judgement->sums.errors);
	if (judgement->sums.tally[VERDICT_NOT_JUDGED])
		text_printf(text, ", %u not judged",
			    judgement->sums.tally[VERDICT_NOT_JUDGED]);
}
