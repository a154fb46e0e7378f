// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The conditions for a run: only if they hold does the absence of a packet
 * prove anything. Nothing was lost, each witness saw its self-tests, each probe
 * that the claim needs fires, and every witness watched the right place.
 *
 *   in:  the evidence of the run as a whole
 *   out: a reason with its remedy for each condition that does not hold
 */
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "conditions.h"
#include "plan/steps.h"

/* What was lost, by all witnesses together. */
static uint64_t drops_sum(const struct evidence *evidence,
			  enum lost_cause cause)
{
	uint64_t sum = 0;

	for (int witness = 0; witness < WITNESSES; witness++)
		sum += evidence->lost[witness][cause];
	return sum;
}

uint64_t drops_events(const struct evidence *evidence)
{
	uint64_t sum = 0;

	for (int cause = 0; cause < LOST_CAUSES; cause++)
		if (cause != LOST_TRUNCATED && cause != LOST_UNFOLLOWED &&
		    cause != LOST_ROTATED)
			sum += drops_sum(evidence, cause);
	return sum;
}

/* Was a socket of @proto connected without a connect(2) that is traced? */
static bool drops_stray(const struct evidence *evidence, uint8_t proto)
{
	for (int i = 0; i < STRAYS_MAX; i++)
		if (evidence->strays[i].count &&
		    evidence->strays[i].proto == proto)
			return true;
	return false;
}

static void check_lost(struct judgement *judgement, enum witness witness)
{
	const uint64_t *lost = judgement->evidence->lost[witness];
	const char *name = witness_name(witness);

	if (lost[LOST_DROPPED])
		judgement_condition(
			judgement,
			"the %s witness lost %" PRIu64 " of its events because "
			"its buffer was full: follow less (-p, -c, --port)",
			name, lost[LOST_DROPPED]);
	if (lost[LOST_LATE])
		judgement_condition(
			judgement,
			"%" PRIu64 " of the events of the %s witness came too "
			"late to be put in order: run it again on a less busy "
			"machine",
			lost[LOST_LATE], name);
	if (lost[LOST_TRUNCATED])
		judgement_condition(judgement,
				    "the recording ended before the run: "
				    "record it again");
	if (lost[LOST_ROTATED])
		judgement_condition(judgement,
				    "the recording has no beginning: "
				    "earlier records are in other files "
				    "(--max-files)");
	if (lost[LOST_MISSED])
		judgement_condition(
			judgement,
			"the %s witness missed %" PRIu64 " events (of any "
			"process) because another probe was running on the "
			"same CPU: run it again on a less busy machine",
			name, lost[LOST_MISSED]);
}

/* Packets that could not be read; calls and processes that were not traced. */
static void check_unseen(struct judgement *judgement, enum witness witness)
{
	const uint64_t *lost = judgement->evidence->lost[witness];
	const char *name = witness_name(witness);

	if (lost[LOST_UNREAD])
		judgement_condition(
			judgement,
			"the %s witness could not read %" PRIu64 " packet%s "
			"(malformed, or a fragment without the first one): "
			"`tracer capture` keeps such packets for a closer "
			"look, -i IFACE excludes other interfaces",
			name, lost[LOST_UNREAD],
			lost[LOST_UNREAD] == 1 ? "" : "s");
	if (lost[LOST_UNWATCHED])
		judgement_condition(
			judgement,
			"%" PRIu64 " call%s of followed programs may have been "
			"a connect(2) that is not watched (of a 32-bit "
			"program, or by io_uring): trace a 64-bit build, with "
			"io_uring switched off",
			lost[LOST_UNWATCHED],
			lost[LOST_UNWATCHED] == 1 ? "" : "s");
	if (lost[LOST_UNFOLLOWED])
		judgement_condition(
			judgement,
			"%" PRIu64 " process%s could not be followed because "
			"the table of followed processes was full, so calls "
			"are missing: make it larger (--processes N)",
			lost[LOST_UNFOLLOWED],
			lost[LOST_UNFOLLOWED] == 1 ? "" : "es");
}

static const char *why_stray(enum connect_from from)
{
	switch (from) {
	case FROM_CONNECT:
		return "although it was in connect(2): the kernel did not "
		       "report the entry of the call; run it again on a less "
		       "busy machine";
	case FROM_COMPAT:
		return "by a 32-bit system call: trace a 64-bit build";
	case FROM_IO_URING:
		return "by io_uring: switch io_uring off";
	case FROM_KERNEL:
		return "because the kernel connected on its own behalf, as it "
		       "does to mount a network file system: trace a program "
		       "that calls connect(2)";
	case FROM_UNKNOWN:
		break;
	}
	return "as 32-bit programs and io_uring do: trace a 64-bit build, with "
	       "io_uring switched off";
}

/* A lost event may be the call's entry; then the loss is the reason given. */
static void check_strays(struct judgement *judgement)
{
	const struct evidence *evidence = judgement->evidence;

	if (drops_events(evidence))
		return;
	for (int i = 0; i < STRAYS_MAX; i++) {
		const struct stray *stray = &evidence->strays[i];
		char comm[4 * COMM_BYTES + 1];
		struct text text;

		if (!stray->count || stray->proto != judgement->proto)
			continue;
		text_init(&text, comm, sizeof(comm));
		text_escape(&text, stray->comm,
			    strnlen(stray->comm, sizeof(stray->comm)), true);
		judgement_condition(
			judgement,
			"%s %u reached %s without a connect(2) that is watched "
			"(%" PRIu64 " in all), %s",
			comm, stray->pid, stray->function, stray->count,
			why_stray(stray->from));
	}
}

/* Each loss makes the whole run inconclusive; each adds a reason. */
static void drops_check(struct judgement *judgement)
{
	for (int witness = WITNESS_SYSCALL; witness < WITNESSES; witness++) {
		check_lost(judgement, witness);
		check_unseen(judgement, witness);
	}
	check_strays(judgement);
}

static void check_control(struct judgement *judgement, enum witness witness)
{
	uint64_t sent = judgement->evidence->control[witness].sent;
	uint64_t seen = judgement->evidence->control[witness].seen;
	uint16_t unseen = judgement->evidence->control[witness].unseen_family;
	const char *name = witness_name(witness);

	if (!sent)
		judgement_condition(
			judgement,
			"the %s witness has no control, so seeing nothing "
			"proves nothing; `tracer doctor` says what it needs",
			name);
	else if (seen < sent)
		judgement_condition(
			judgement,
			"the %s witness saw %" PRIu64 " of %" PRIu64
			" self-tests%s%s, so it misses packets or calls: "
			"`tracer doctor` says what it needs",
			name, seen, sent, unseen ? ", and nothing over " : "",
			unseen ? endpoint_family_name(unseen) : "");
}

/* The probes' own counts and ours must add up. */
static void check_tally(struct judgement *judgement)
{
	const struct record_tally *tally = &judgement->evidence->tally;

	if (!tally_is_even(tally))
		judgement_condition(
			judgement,
			"the probes fired %" PRIu64 " times and account for "
			"%" PRIu64 ", %" PRIu64 " of them delivered and "
			"%" PRIu64 " received: events are missing that were "
			"not counted as lost; run it again, and report it if "
			"it happens again",
			tally->hits,
			tally->delivered + tally->dropped + tally->filtered,
			tally->delivered, tally->received);
}

static void check_step(struct judgement *judgement, const struct meta *meta,
		       const char *step)
{
	const struct plan_choice *choice = meta->plan;
	const struct plan_choice *end = choice + meta->plan_len;

	while (choice < end && strcmp(choice->step, step) != 0)
		choice++;
	if (choice == end || !choice->symbol)
		judgement_condition(
			judgement,
			"no function is watched for the step %s%s%s: `tracer "
			"doctor` names those that this kernel has",
			step, choice < end && choice->tried ? "; " : "",
			choice < end && choice->tried ? choice->tried : "");
	else if (choice->never_fired)
		judgement_condition(
			judgement,
			"%s is attached but never fired: the self-test went "
			"through the step %s and the probe did not fire; "
			"`tracer doctor` names functions that do",
			choice->symbol, step);
}

static bool step_is_needed(const struct judgement *judgement, enum step step)
{
	const struct plan_step *row = &plan_steps[step];
	bool packets = row->needed == BY_PACKETS;
	bool ipv4 = packets ? judgement->sums.packets_ipv4 :
			      judgement->sums.sockets_ipv4;
	bool ipv6 = packets ? judgement->sums.packets_ipv6 :
			      judgement->sums.sockets_ipv6;

	if (row->proto != judgement->proto || row->needed == NOT_NEEDED)
		return false;
	if (row->ipv6)
		return ipv6 && !(packets && judgement->evidence->meta->no_ipv6);
	return ipv4 || !step_has_twin(step) || !judgement->sums.calls;
}

/* The tracepoint tier has no plan, and needs none. */
static void check_plan(struct judgement *judgement)
{
	const struct meta *meta = judgement->evidence->meta;

	if (!meta || meta->tier != TIER_KPROBE)
		return;
	for (int step = 0; step < STEP_MAX; step++)
		if (step_is_needed(judgement, step))
			check_step(judgement, meta, plan_steps[step].name);
}

/* In every tier: the calls would send IPv6, and the self-test could not. */
static void check_ipv6(struct judgement *judgement)
{
	const struct meta *meta = judgement->evidence->meta;

	if (judgement->sums.packets_ipv6 && meta && meta->no_ipv6)
		judgement_condition(
			judgement,
			"the self-test could not use IPv6 (%s), so seeing "
			"no IPv6 packets proves nothing: %s",
			meta->no_ipv6,
			strncmp(meta->no_ipv6, "::1:", 4) == 0 ?
				"switch IPv6 on, "
				"sysctl net.ipv6.conf.lo.disable_ipv6=0" :
				"give the interface an IPv6 address and allow "
				"packets to ff02::db8:0:1, or use -i any");
}

static void check_gap(struct judgement *judgement, const struct gap *gap)
{
	const struct meta *meta = judgement->evidence->meta;
	const char *captured = meta && meta->iface ? meta->iface : "?";

	if (gap->missed == WITNESS_WIRE)
		judgement_condition(
			judgement,
			"the capture on %s saw 0 of %" PRIu64 " packets that "
			"the kernel passed on %.15s: use -i %.15s or -i any",
			captured, gap->packets, gap->iface, gap->iface);
	else
		judgement_condition(
			judgement,
			"the kernel witness saw 0 of %" PRIu64 " packets that "
			"the capture saw on %.15s: is the socket in another "
			"network namespace?",
			gap->packets, gap->iface);
}

void conditions_check(struct judgement *judgement)
{
	const struct evidence *evidence = judgement->evidence;

	drops_check(judgement);
	if (!drops_sum(evidence, LOST_TRUNCATED)) /* they come last */
		for (int w = WITNESS_SYSCALL; w < WITNESSES; w++)
			check_control(judgement, w);
	check_tally(judgement);
	check_plan(judgement);
	check_ipv6(judgement);
	for (unsigned int i = 0; i < evidence->gaps_len; i++)
		if (evidence->gaps[i].proto == judgement->proto)
			check_gap(judgement, &evidence->gaps[i]);
}

bool conditions_blind(const struct judgement *judgement, enum witness witness)
{
	const struct evidence *evidence = judgement->evidence;

	for (int cause = 0; cause < LOST_CAUSES; cause++)
		if (evidence->lost[witness][cause])
			return true;
	for (unsigned int i = 0; i < evidence->gaps_len; i++)
		if (evidence->gaps[i].missed == witness &&
		    evidence->gaps[i].proto == judgement->proto)
			return true;
	return !evidence->control[witness].sent ||
	       evidence->control[witness].seen <
		       evidence->control[witness].sent;
}

static void format_controls(const struct evidence *evidence, struct text *text)
{
	uint64_t sent = evidence->control[WITNESS_SYSCALL].sent;
	bool equal = sent > 0;

	for (int w = WITNESS_SYSCALL; w < WITNESSES; w++)
		equal = equal && evidence->control[w].sent == sent &&
			evidence->control[w].seen == sent;
	text_add(text, "control: ");
	if (equal) {
		text_printf(text,
			    "%" PRIu64 " of %" PRIu64
			    " self-tests seen by each witness",
			    sent, sent);
		return;
	}
	for (int w = WITNESS_SYSCALL; w < WITNESSES; w++)
		text_printf(text, "%s%s %" PRIu64 " of %" PRIu64,
			    w == WITNESS_SYSCALL ? "" : ", ", witness_name(w),
			    evidence->control[w].seen,
			    evidence->control[w].sent);
}

/* "; 2 calls left out"; of none, nothing */
static void format_count(struct text *text, uint64_t count, const char *one,
			 const char *plural, const char *what)
{
	if (count)
		text_printf(text, "; %" PRIu64 " %s%s %s", count, one,
			    count == 1 ? "" : plural, what);
}

void conditions_format(const struct judgement *judgement, struct text *text)
{
	const struct evidence *evidence = judgement->evidence;
	const struct record_tally *tally = &evidence->tally;
	uint64_t unfollowed = drops_sum(evidence, LOST_UNFOLLOWED);
	uint64_t lost = drops_events(evidence);

	format_controls(evidence, text);
	format_count(text, lost, "event", "s", "lost");
	format_count(text, unfollowed, "process", "es", "not followed");
	if (drops_sum(evidence, LOST_TRUNCATED))
		text_add(text, "; the recording is cut off");
	else if (drops_sum(evidence, LOST_ROTATED))
		text_add(text, "; the recording has no beginning");
	else if (!lost && !unfollowed)
		text_add(text, "; nothing lost");
	format_count(text, tally->unselected, "call", "s",
		     "that the filter does not select");
	format_count(text, tally->left_out, "process", "es",
		     "of that name in other network namespaces left out");
	format_count(text, tally->elsewhere, "call", "s",
		     "in other network namespaces left out");
	text_printf(text, "; %s tier", tier_name(judgement->verdict->tier));
}

static const char *proto_name(uint8_t proto)
{
	return proto == IPPROTO_UDP ? "UDP" : "TCP";
}

/* A command that failed may have ended before it came to its connect(2). */
static void no_calls_of_command(struct judgement *judgement)
{
	const struct record_ended *ended = &judgement->evidence->ended;
	const char *name = proto_name(judgement->proto);

	if (ended->signal)
		judgement_condition(judgement,
				    "no %s connect(2) was seen, and signal %u "
				    "ended the command: see what it printed",
				    name, ended->signal);
	else
		judgement_condition(
			judgement,
			"no %s connect(2) was seen, and the command "
			"exited with status %u: see what it "
			"printed",
			name, ended->status);
}

void conditions_no_calls(struct judgement *judgement)
{
	const struct evidence *evidence = judgement->evidence;
	uint64_t others = evidence->tally.other_connects;
	const char *name = proto_name(judgement->proto);

	/* check_lost() has the reason: the call may be among the lost events */
	if (drops_events(evidence) || drops_sum(evidence, LOST_UNFOLLOWED) ||
	    drops_stray(evidence, judgement->proto))
		return;
	if (evidence->tally.unselected)
		judgement_condition(
			judgement,
			"the filter selects no %s connect(2), and leaves out "
			"%" PRIu64 " call%s: give another filter (-F)",
			name, evidence->tally.unselected,
			evidence->tally.unselected == 1 ? "" : "s");
	else if (others)
		judgement_condition(
			judgement,
			"no %s connect(2) was seen, but %" PRIu64 " on %s: run "
			"`tracer %s`",
			name, others,
			judgement->proto == IPPROTO_UDP ? "TCP" : "UDP",
			judgement->proto == IPPROTO_UDP ? "tcp" : "udp");
	else if (evidence->tally.stopped_after)
		judgement_condition(judgement,
				    "no %s connect(2) was among the first "
				    "%" PRIu64 " events: give a larger -n",
				    name, evidence->tally.stopped_after);
	else if (evidence->ended.status || evidence->ended.signal)
		no_calls_of_command(judgement);
	else if (evidence->tally.left_out || evidence->tally.elsewhere)
		judgement_condition(
			judgement,
			"no %s connect(2) was seen in this network namespace: "
			"look into the other one with --netns, or follow both "
			"with --all-netns",
			name);
	else
		judgement_condition(
			judgement,
			"no %s connect(2) was seen: follow the program that "
			"calls it (-p PID, -c COMM, -- COMMAND)",
			name);
}
