// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Frees what a record owns, and names its small enumerations. */
#include <stdlib.h>
#include <string.h>

#include "flow_filter.h"
#include "record.h"

void meta_free(struct meta *meta)
{
	if (!meta)
		return;
	for (unsigned int i = 0; i < meta->plan_len; i++) {
		free(meta->plan[i].step);
		free(meta->plan[i].symbol);
		free(meta->plan[i].tried);
	}
	free(meta->plan);
	free(meta->command);
	free(meta->kernel);
	free(meta->iface);
	free(meta->dialtone);
	free(meta->no_ipv6);
	flow_filter_free(meta->filter);
	free(meta);
}

void verdict_free(struct verdict *verdict)
{
	if (!verdict)
		return;
	for (unsigned int i = 0; i < verdict->reasons_len; i++)
		free(verdict->reasons[i]);
	free(verdict->reasons);
	free(verdict->connects);
	free(verdict);
}

static void stack_free(struct record_call *call)
{
	for (unsigned int i = 0; i < call->stack_len; i++)
		free(call->stack[i]);
	free(call->stack);
}

void record_fini(struct record *record)
{
	switch (record->type) {
	case RECORD_META:
		meta_free(record->meta);
		break;
	case RECORD_VERDICT:
		verdict_free(record->verdict);
		break;
	case RECORD_CALL:
		stack_free(&record->call);
		break;
	default:
		break; /* everything else is held by value */
	}
	memset(record, 0, sizeof(*record));
}

bool record_ends_socket(const struct record *record)
{
	return (record->type == RECORD_ENTER || record->type == RECORD_EXIT) &&
	       record->syscall.id == CALL_CLOSE && !record->syscall.still_open;
}

bool record_is_observed(const struct record *record)
{
	switch (record->type) {
	case RECORD_ENTER:
	case RECORD_EXIT:
	case RECORD_CALL:
	case RECORD_STATE:
	case RECORD_PACKET:
	case RECORD_ICMP:
		return true;
	default:
		return false;
	}
}

bool tally_is_even(const struct record_tally *tally)
{
	return tally->hits ==
		       tally->delivered + tally->dropped + tally->filtered &&
	       tally->delivered == tally->received;
}

const char *witness_name(enum witness witness)
{
	switch (witness) {
	case WITNESS_SYSCALL:
		return "syscall";
	case WITNESS_KERNEL:
		return "kernel";
	case WITNESS_WIRE:
		return "wire";
	}
	return "unknown";
}

const char *tier_name(enum tier tier)
{
	switch (tier) {
	case TIER_KPROBE:
		return "kprobe";
	case TIER_TRACEPOINT:
		return "tracepoint";
	}
	return "unknown";
}

enum witness record_witness(const struct record *record)
{
	switch (record->type) {
	case RECORD_PACKET:
		return record->packet.witness;
	case RECORD_ICMP:
		return record->icmp.witness;
	case RECORD_ENTER:
	case RECORD_EXIT:
		return WITNESS_SYSCALL;
	default:
		return WITNESS_KERNEL;
	}
}

const char *connect_from_name(enum connect_from from)
{
	switch (from) {
	case FROM_CONNECT:
		return "connect";
	case FROM_COMPAT:
		return "compat";
	case FROM_IO_URING:
		return "io_uring";
	case FROM_KERNEL:
		return "kernel";
	case FROM_UNKNOWN:
		break;
	}
	return "unknown";
}

const char *lost_cause_name(enum lost_cause cause)
{
	switch (cause) {
	case LOST_DROPPED:
		return "dropped";
	case LOST_LATE:
		return "late";
	case LOST_TRUNCATED:
		return "truncated";
	case LOST_MISSED:
		return "missed";
	case LOST_UNREAD:
		return "unread";
	case LOST_UNWATCHED:
		return "unwatched";
	case LOST_UNFOLLOWED:
		return "unfollowed";
	case LOST_ROTATED:
		return "rotated";
	}
	return "unknown";
}

const char *verdict_result_name(enum verdict_result result)
{
	switch (result) {
	case VERDICT_PASS:
		return "pass";
	case VERDICT_FAIL:
		return "fail";
	case VERDICT_INCONCLUSIVE:
		return "inconclusive";
	case VERDICT_NOT_JUDGED:
		return "not judged";
	}
	return "unknown";
}
