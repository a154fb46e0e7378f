// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One connect(2) and its protocol's claim. See weigh.h. */
#include "weigh.h"

#include <netinet/in.h>

#include "claim_tcp.h"
#include "claim_udp.h"
#include "drops.h"

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

/* If a loss may be the reason for the missing entry, drops.c reports it. */
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

uint32_t weigh_packets(const struct connect *connect)
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
