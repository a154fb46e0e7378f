// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the witnesses have lost or could not see: after any loss, the absence of
 * a packet or a call proves nothing.
 *
 *   in:  lost records, summed by witness and cause, and the strays
 *   out: a reason with its remedy for each
 */
#include "drops.h"

#include <inttypes.h>
#include <string.h>

uint64_t drops_sum(const struct evidence *evidence, enum lost_cause cause)
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

bool drops_stray(const struct evidence *evidence, uint8_t proto)
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
				    "the recording begins after its run: "
				    "earlier records were in other files "
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

void drops_check(struct judgement *judgement)
{
	for (int witness = WITNESS_SYSCALL; witness < WITNESSES; witness++) {
		check_lost(judgement, witness);
		check_unseen(judgement, witness);
	}
	check_strays(judgement);
}
