// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * udp-connect-silent: between entry and exit of every UDP connect(2), that
 * socket put 0 packets on the wire, whoever they were to.
 *
 *   in:  one connect(2) with the packets counted inside it
 *   out: what it says of the claim
 *   read next: claim_tcp.c, the other one; windows.c, who counted
 */
#include "claim_udp.h"
#include "conditions.h"
#include "record/syscalls.h"

static bool is_unclear(const struct connect *connect, struct finding *finding)
{
	if (connect->other_netns)
		finding_set(finding, VERDICT_INCONCLUSIVE,
			    "its socket is in a network namespace that is not "
			    "captured: run the tracer inside it, sudo nsenter "
			    "-t %u -n",
			    connect->pid);
	else if (!connect->entered)
		finding_set(finding, VERDICT_INCONCLUSIVE,
			    "it had begun before the tracer did");
	else if (!connect->returned)
		finding_set(finding, VERDICT_INCONCLUSIVE,
			    "its exit was never seen");
	else
		return false;
	return true;
}

static void fail(const struct connect *connect, struct finding *finding)
{
	uint32_t wire = connect->inside[WITNESS_WIRE];
	uint32_t kernel = connect->inside[WITNESS_KERNEL];

	if (connect->sender_tid)
		finding_set(finding, VERDICT_FAIL,
			    "inside the call the wire saw %u of the socket's "
			    "packets, the kernel %u; thread %u was in %s on "
			    "the same socket meanwhile",
			    wire, kernel, connect->sender_tid,
			    syscall_info(connect->sender_call)->name);
	else
		finding_set(finding, VERDICT_FAIL,
			    "inside the call the wire saw %u of the socket's "
			    "packets, the kernel %u",
			    wire, kernel);
}

/*
 * Packets that one witness saw and the other did not stand if the other could
 * have missed them; if not, one of the two is wrong.
 */
static void weigh_packets(const struct judgement *judgement,
			  const struct connect *connect,
			  struct finding *finding)
{
	uint32_t wire = connect->inside[WITNESS_WIRE];
	uint32_t kernel = connect->inside[WITNESS_KERNEL];
	enum witness other = wire ? WITNESS_KERNEL : WITNESS_WIRE;

	if ((wire && kernel) || conditions_blind(judgement, other))
		fail(connect, finding);
	else
		finding_set(finding, VERDICT_INCONCLUSIVE,
			    "the witnesses disagree: inside the call the wire "
			    "saw %u packets, the kernel %u; capture on the "
			    "interface that they use (-i IFACE or -i any)",
			    wire, kernel);
}

void claim_udp_connect(struct judgement *judgement,
		       const struct connect *connect, struct finding *finding)
{
	bool bound = connect->local.port || connect->before.port;

	if (is_unclear(connect, finding))
		return;
	if (connect->inside[WITNESS_WIRE] || connect->inside[WITNESS_KERNEL])
		weigh_packets(judgement, connect, finding);
	else if (connect->crowded)
		finding_set(finding, VERDICT_INCONCLUSIVE,
			    "more packets passed during the call than the "
			    "tracer keeps: run it on a quieter machine");
	else if (!bound && connect->ret == 0 &&
		 connect->peer.family != FAMILY_UNSPEC)
		finding_set(finding, VERDICT_INCONCLUSIVE,
			    "the socket's own address was never known, so its "
			    "packets could not be told from others");
}

void claim_udp_sentence(const struct judgement *judgement, struct text *text)
{
	unsigned int failed = judgement->tally[VERDICT_FAIL];
	unsigned int calls = judgement->calls;

	switch (judgement->verdict->result) {
	case VERDICT_PASS:
		text_add(text, "UDP connect(2) put 0 packets on the wire (");
		break;
	case VERDICT_FAIL:
		text_printf(text,
			    "UDP connect(2) put %llu packet%s on the wire "
			    "(%u of ",
			    (unsigned long long)judgement->packets,
			    judgement->packets == 1 ? "" : "s", failed);
		break;
	default:
		text_add(text, "UDP connect(2): whether it is silent is not "
			       "proved (");
	}
	text_printf(text, "%u call%s", calls, calls == 1 ? "" : "s");
	if (judgement->errors)
		text_printf(text, ", %u with an error", judgement->errors);
	if (judgement->tally[VERDICT_NOT_JUDGED])
		text_printf(text, ", %u not judged",
			    judgement->tally[VERDICT_NOT_JUDGED]);
}
