// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One connect(2): its result by its claim, and its place in the list. See weigh.h. */
#include <netinet/in.h>
#include <string.h>

#include "claim_tcp.h"
#include "claim_udp.h"
#include "conditions.h"
#include "story/connects.h"
#include "weigh.h"

static void note_families(struct judgement *judgement,
			  const struct connect *connect)
{
	bool packets = connect->peer.family == FAMILY_UNSPEC ?
			       connect->ipv6 :
			       endpoint_is_ipv6(&connect->peer);

	*(connect->ipv6 ? &judgement->sums.sockets_ipv6 :
			  &judgement->sums.sockets_ipv4) = true;
	*(packets ? &judgement->sums.packets_ipv6 :
		    &judgement->sums.packets_ipv4) = true;
}

/* If a loss may be the reason for the missing entry, conditions.c reports it. */
static bool is_skipped(const struct judgement *judgement,
		       const struct connect *connect)
{
	return connect->skipped && !drops_events(judgement->evidence);
}

/* The call's own result for the claim, if the kernel entered it. */
static void weigh(struct judgement *judgement, const struct connect *connect,
		  struct finding *finding)
{
	if (is_skipped(judgement, connect)) {
		finding->result = VERDICT_NOT_JUDGED;
		judgement->sums.skipped++;
	} else if (connect->skippable) {
		finding_set(finding, VERDICT_INCONCLUSIVE,
			    "its entry was not seen: it began before the "
			    "tracer, or seccomp(2) or ptrace(2) stopped it "
			    "before the kernel entered it");
	} else if (judgement->proto == IPPROTO_UDP) {
		claim_udp_connect(judgement, connect, finding);
	} else {
		claim_tcp_connect(judgement, connect, finding);
	}
}

/* Its packets, as seen by the witness that saw more of them. */
static uint32_t weigh_packets(const struct connect *connect)
{
	uint32_t wire = connect->inside[WITNESS_WIRE];
	uint32_t kernel = connect->inside[WITNESS_KERNEL];

	return wire > kernel ? wire : kernel;
}

void weigh_connect(struct judgement *judgement, const struct connect *connect,
		   struct finding *finding)
{
	struct sums *sums = &judgement->sums;

	*finding = (struct finding){.result = VERDICT_PASS};
	weigh(judgement, connect, finding);
	sums->calls++;
	note_families(judgement, connect);
	sums->errors += connect->returned && connect->ret < 0;
	sums->tally[finding->result]++;
	sums->given_up +=
		finding->result == VERDICT_NOT_JUDGED && connect->given_up;
	if (finding->result == VERDICT_FAIL)
		sums->packets += weigh_packets(connect);
}

static uint32_t received(const struct connect *connect)
{
	uint32_t wire = connect->received[WITNESS_WIRE];
	uint32_t kernel = connect->received[WITNESS_KERNEL];

	return wire > kernel ? wire : kernel;
}

static void list_describe(struct verdict_connect *call,
			  const struct connect *connect,
			  enum verdict_result result)
{
	struct text flags;

	call->pid = connect->pid;
	memcpy(call->comm, connect->comm, sizeof(call->comm));
	call->fd = connect->fd;
	call->peer = connect->peer;
	call->local = connect->local;
	if (connect_is_redirected(connect))
		call->stored = connect->stored;
	call->wire_local = connect->wire_local;
	call->wire_peer = connect->wire_peer;
	call->received = received(connect);
	call->result = result;
	call->returned = connect->returned;
	call->ret = connect->ret;
	if (connect->entered && connect->returned)
		call->duration_ns = connect->exit_ns - connect->enter_ns;
	call->packets = weigh_packets(connect);
	text_init(&flags, call->flags, sizeof(call->flags));
	if (connect->flow && connect->flow->track[WITNESS_WIRE].packets)
		track_format(&connect->flow->track[WITNESS_WIRE], &flags, " ");
	else if (connect->flow)
		track_format(&connect->flow->track[WITNESS_KERNEL], &flags,
			     " ");
}

static void list_keep(struct judgement *judgement,
		      const struct verdict_connect *call)
{
	struct verdict *verdict = judgement->verdict;
	bool passed = call->result == VERDICT_PASS;
	unsigned int *listed =
		passed ? &judgement->passed_listed : &judgement->others_listed;

	if (*listed == (passed ? VERDICT_PASSED_MAX : VERDICT_OTHERS_MAX)) {
		verdict->unlisted++;
		return;
	}
	++*listed;
	verdict->connects[verdict->connects_len++] = *call;
}

void list_connect(struct judgement *judgement, const struct connect *connect,
		  enum verdict_result result, struct verdict_connect *call)
{
	*call = (struct verdict_connect){0};
	list_describe(call, connect, result);
	list_keep(judgement, call);
}
