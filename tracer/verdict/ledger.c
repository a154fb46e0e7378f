// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Judges connects as they end. See ledger.h. */
#include "ledger.h"

#include <netinet/in.h>

#include "conditions.h"
#include "record/container_of.h"
#include "weigh.h"

struct account *ledger_account(struct ledger *ledger, uint8_t proto)
{
	return proto == IPPROTO_UDP ? &ledger->udp :
	       proto == IPPROTO_TCP ? &ledger->tcp :
				      NULL;
}

static void sums_add(struct sums *sums, const struct sums *more)
{
	sums->calls += more->calls;
	sums->errors += more->errors;
	for (int result = 0; result <= VERDICT_NOT_JUDGED; result++)
		sums->tally[result] += more->tally[result];
	sums->sockets_ipv4 |= more->sockets_ipv4;
	sums->sockets_ipv6 |= more->sockets_ipv6;
	sums->packets_ipv4 |= more->packets_ipv4;
	sums->packets_ipv6 |= more->packets_ipv6;
	sums->packets += more->packets;
	sums->skipped += more->skipped;
	sums->refused += more->refused;
	sums->late += more->late;
	sums->crossed += more->crossed;
	sums->given_up += more->given_up;
}

/* Only the kernel saw its packets. */
static bool is_disputed(const struct connect *connect,
			const struct finding *finding)
{
	return connect->proto == IPPROTO_UDP &&
	       finding->result == VERDICT_FAIL &&
	       !connect->inside[WITNESS_WIRE];
}

/* One of the first hundred that passed, or one of those that did not? */
static bool is_listed(struct account *account, enum verdict_result result)
{
	bool passed = result == VERDICT_PASS;
	unsigned int *kept =
		passed ? &account->kept_passed : &account->kept_others;

	if (*kept == (passed ? VERDICT_PASSED_MAX : VERDICT_OTHERS_MAX))
		return false;
	++*kept;
	return true;
}

/*
 * The run as a whole is not known yet. This assumes that it loses nothing, and
 * that the wire could not have seen more.
 */
static bool keep(struct connect_judge *judge, const struct connect *connect)
{
	static const struct evidence none;
	struct ledger *ledger = container_of(judge, struct ledger, judge);
	struct account *account = ledger_account(ledger, connect->proto);
	struct judgement judgement = {.evidence = &none,
				      .proto = connect->proto};
	struct finding finding;

	if (!account)
		return false;
	weigh_connect(&judgement, connect, &finding);
	if (is_listed(account, finding.result))
		return true;
	sums_add(&account->sums, &judgement.sums);
	if (is_disputed(connect, &finding)) {
		account->disputed++;
		account->disputed_packets += judgement.sums.packets;
	}
	return false;
}

void ledger_init(struct ledger *ledger)
{
	*ledger = (struct ledger){.judge.keep = keep};
}

void ledger_open(struct judgement *judgement, const struct account *account)
{
	struct sums *sums = &judgement->sums;

	*sums = account->sums;
	judgement->verdict->unlisted = sums->calls;
	if (drops_events(judgement->evidence)) {
		sums->tally[VERDICT_NOT_JUDGED] -= sums->skipped;
		sums->tally[VERDICT_INCONCLUSIVE] += sums->skipped;
		sums->skipped = 0;
	}
	if (!conditions_blind(judgement, WITNESS_WIRE)) {
		sums->tally[VERDICT_FAIL] -= account->disputed;
		sums->tally[VERDICT_INCONCLUSIVE] += account->disputed;
		sums->packets -= account->disputed_packets;
	}
}

void ledger_format(struct ledger *ledger, uint8_t proto, struct text *text)
{
	const struct account *account = ledger_account(ledger, proto);
	unsigned int passed =
		account->sums.tally[VERDICT_PASS] + account->kept_passed;
	unsigned int calls = account->sums.calls + account->kept_passed +
			     account->kept_others;

	if (calls)
		text_printf(text, "%s%u %s call%s: %u passed, %u did not",
			    text->len ? "; " : "", calls,
			    proto == IPPROTO_UDP ? "UDP" : "TCP",
			    calls == 1 ? "" : "s", passed, calls - passed);
}
