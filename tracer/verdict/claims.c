// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * From the evidence to a verdict, in the same way for each claim: the result of
 * each connect(2), the conditions for the run as a whole, and the sum of both.
 *
 *   in:  the evidence of a run
 *   out: a verdict with its reasons
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claim_tcp.h"
#include "claim_udp.h"
#include "claims.h"
#include "conditions.h"
#include "weigh.h"
#include "record/constants.h"

const uint8_t *claims_of(const char *command)
{
	static const struct {
		const char *command;
		uint8_t protos[3];
	} commands[] = {
		{"udp", {IPPROTO_UDP}},
		{"tcp", {IPPROTO_TCP}},
		{"both", {IPPROTO_UDP, IPPROTO_TCP}},
		{"", {0}},
	};
	int i = 0;

	while (*commands[i].command &&
	       (!command || strcmp(commands[i].command, command) != 0))
		i++;
	return commands[i].protos;
}

/* "echo-client 4242 connect(3, 127.0.0.1:9007) = -1 EINPROGRESS: " */
static void format_call(struct text *text, const struct verdict_connect *call)
{
	char peer[ENDPOINT_STRLEN];
	const char *name;

	text_escape(text, call->comm, strnlen(call->comm, sizeof(call->comm)),
		    true);
	endpoint_format(&call->peer, peer);
	text_add(text, " ");
	text_pid(text, call->pid);
	text_printf(text, " connect(%d, %s)", call->fd, *peer ? peer : "?");
	if (!call->returned)
		return;
	name = call->ret < 0 ? constant_errno(-call->ret) : NULL;
	if (name)
		text_printf(text, " = -1 %s", name);
	else
		text_printf(text, " = %lld", (long long)call->ret);
}

static void claims_explain(struct judgement *judgement,
			   const struct verdict_connect *call,
			   const struct finding *finding)
{
	char sentence[REASON_SIZE];
	struct text text;

	if (!*finding->why ||
	    judgement->explained[call->result] == REASONS_FULL)
		return;
	judgement->explained[call->result]++;
	text_init(&text, sentence, sizeof(sentence));
	format_call(&text, call);
	text_printf(&text, ": %s", finding->why);
	judgement_reason(judgement, sentence);
}

static void judge_connect(struct judgement *judgement,
			  const struct connect *connect)
{
	struct verdict_connect call;
	struct finding finding;

	weigh_connect(judgement, connect, &finding);
	list_connect(judgement, connect, finding.result, &call);
	claims_explain(judgement, &call, &finding);
}

static void tell_rest(struct judgement *judgement, enum verdict_result result)
{
	char sentence[96];

	if (judgement->sums.tally[result] <= judgement->explained[result])
		return;
	snprintf(sentence, sizeof(sentence),
		 "and %u more %s calls: --json shows %s of them",
		 judgement->sums.tally[result] - judgement->explained[result],
		 verdict_result_name(result),
		 judgement->others_listed < VERDICT_OTHERS_MAX ? "all" :
								 "some");
	judgement_reason(judgement, sentence);
}

/*
 * A packet that was seen is proof, whatever else was not seen. A packet that
 * was not seen (TCP: the SYN) proves something only if every packet would have
 * been seen.
 */
static enum verdict_result sum_up(const struct judgement *judgement)
{
	const unsigned int *tally = judgement->sums.tally;
	bool positive = judgement->proto == IPPROTO_UDP;

	if (tally[VERDICT_FAIL] && (positive || !judgement->conditions))
		return VERDICT_FAIL;
	if (judgement->conditions || tally[VERDICT_FAIL] ||
	    tally[VERDICT_INCONCLUSIVE] || !tally[VERDICT_PASS])
		return VERDICT_INCONCLUSIVE;
	return VERDICT_PASS;
}

static void check_calls(struct judgement *judgement)
{
	if (judgement->sums.calls == 0)
		conditions_no_calls(judgement);
	else if (judgement->sums.calls == judgement->sums.skipped)
		judgement_reason(judgement,
				 "seccomp(2) or ptrace(2) stopped connect(2) "
				 "before the kernel entered it: run the "
				 "program without that filter");
	else if (judgement->sums.calls ==
		 judgement->sums.tally[VERDICT_NOT_JUDGED])
		judgement_reason(
			judgement,
			judgement->proto == IPPROTO_UDP ?
				"the run ended before a call that the kernel "
				"had entered was seen to return: let it run "
				"longer" :
				"no call got as far as a handshake: connect to "
				"a peer that can be reached");
}

static void write_summary(struct judgement *judgement)
{
	struct verdict *verdict = judgement->verdict;
	struct text text;

	text_init(&text, verdict->summary, sizeof(verdict->summary));
	if (judgement->proto == IPPROTO_UDP)
		claim_udp_sentence(judgement, &text);
	else
		claim_tcp_sentence(judgement, &text);
	text_add(&text, "; ");
	conditions_format(judgement, &text);
	text_add(&text, ")");
}

static int claims_judge_one(struct judgement *judgement)
{
	const struct evidence *evidence = judgement->evidence;
	struct verdict *verdict = judgement->verdict;

	verdict->connects = calloc(VERDICT_PASSED_MAX + VERDICT_OTHERS_MAX,
				   sizeof(*verdict->connects));
	if (!verdict->connects)
		return -ENOMEM;
	for (unsigned int i = 0; i < evidence->connects_len; i++)
		if (evidence->connects[i]->proto == judgement->proto)
			judge_connect(judgement, evidence->connects[i]);
	tell_rest(judgement, VERDICT_FAIL);
	tell_rest(judgement, VERDICT_INCONCLUSIVE);
	check_calls(judgement);
	conditions_check(judgement);
	verdict->result = sum_up(judgement);
	write_summary(judgement);
	return judgement->err;
}

int claims_judge(const struct evidence *evidence, struct ledger *ledger,
		 uint8_t proto, struct verdict **verdict)
{
	struct judgement judgement = {
		.evidence = evidence,
		.proto = proto,
		.verdict = calloc(1, sizeof(**verdict)),
	};
	int err = -ENOMEM;

	*verdict = NULL;
	if (!judgement.verdict)
		return err;
	snprintf(judgement.verdict->claim, sizeof(judgement.verdict->claim),
		 "%s",
		 proto == IPPROTO_UDP ? "udp-connect-silent" :
					"tcp-connect-handshake");
	judgement.verdict->tier = evidence->meta ? evidence->meta->tier : 0;
	if (ledger)
		ledger_open(&judgement, ledger_account(ledger, proto));
	err = claims_judge_one(&judgement);
	if (err)
		verdict_free(judgement.verdict);
	else
		*verdict = judgement.verdict;
	return err;
}
