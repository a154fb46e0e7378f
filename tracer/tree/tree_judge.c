// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Reasons to doubt call trees. See tree_judge.h.
 *
 * The tracer's own sockets are the positive control: each self-test makes the
 * same system call, over loopback, with UDP and with TCP (accept(2): TCP), and
 * sends packets. Its trees must have been seen, and its packets.
 */
#include "tree_judge.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "calltree.h"

void tree_doubt(struct tree_judgement *judgement, const char *format, ...)
{
	va_list args;

	if (judgement->reasons_len == TREE_REASONS)
		return;
	va_start(args, format);
	vsnprintf(judgement->reasons[judgement->reasons_len++], TREE_REASON,
		  format, args);
	va_end(args);
}

/* Is it a call of the command, and not of a self-test? */
static bool tree_is_followed(const struct tree_log *log,
			     const struct tree_call *call)
{
	uint64_t at = call->called ? call->call_ns :
		      call->len    ? call->nodes[0].start_ns :
				     0;

	if (call->tid != log->self)
		return true;
	return log->show_to && at >= log->show_from && at <= log->show_to;
}

bool tree_is_shown(const struct tree_log *log, const struct tree_call *call,
		   const struct tree_scope *scope)
{
	return tree_is_followed(log, call) &&
	       (strcmp(scope->name, "close") != 0 || tree_is_socket(call));
}

/* A whole tree of that protocol; of TCP's connect, down to the device. */
static bool is_control(const struct tree_call *call,
		       const struct tree_scope *scope, const char *protocol)
{
	const char *found = tree_protocol(call);

	if (!found || strcmp(found, protocol) != 0 || !call->returned ||
	    !call->nodes[0].ended)
		return false;
	if (strcmp(scope->name, "connect") != 0 || strcmp(protocol, "TCP") != 0)
		return true;
	return tree_has(call, "__dev_queue_xmit") &&
	       tree_totals(call).packets > 0;
}

static void tree_judge_control(const struct tree_log *log,
			       const struct calltree *tree,
			       const struct tree_scope *scope,
			       struct tree_judgement *judgement)
{
	bool has_udp = strcmp(scope->name, "accept") != 0;
	unsigned int udp = 0, tcp = 0;

	for (size_t i = 0; i < tree->len; i++) {
		const struct tree_call *call = &tree->calls[i];

		if (tree_is_followed(log, call))
			continue;
		udp += is_control(call, scope, "UDP");
		tcp += is_control(call, scope, "TCP");
	}
	judgement->sent = log->walks;
	judgement->seen = has_udp && udp < tcp ? udp : tcp;
	if (judgement->seen > judgement->sent)
		judgement->seen = judgement->sent;
	if (judgement->seen < judgement->sent || !judgement->sent)
		tree_doubt(judgement,
			   "the trees of %u of %u self-tests were seen: a "
			   "function that is absent may have run unseen",
			   judgement->seen, judgement->sent);
	if (tree->self_packets == 0)
		tree_doubt(judgement,
			   "no packet of the self-tests was seen: the "
			   "tracepoint net_dev_queue never fired here");
}

static void judge_calls(const struct tree_log *log, const struct calltree *tree,
			const struct tree_scope *scope,
			struct tree_judgement *judgement)
{
	size_t bare = 0, unended = 0, unbounded = 0;

	for (size_t i = 0; i < tree->len; i++) {
		const struct tree_call *call = &tree->calls[i];

		if (!tree_is_followed(log, call))
			continue;
		if (!tree_is_shown(log, call, scope)) {
			judgement->others++;
			continue;
		}
		judgement->shown++;
		bare += call->len == 0;
		unbounded += !call->called;
		if (call->returned)
			unended += tree_totals(call).unended;
	}
	if (bare)
		tree_doubt(judgement,
			   "nothing was seen beneath %zu of %zu calls", bare,
			   judgement->shown);
	if (unbounded)
		tree_doubt(judgement,
			   "the system call of %zu of %zu trees was not seen "
			   "(io_uring, a 32-bit program, or a lost event)",
			   unbounded, judgement->shown);
	if (unended)
		tree_doubt(judgement,
			   "the exit of %zu functions was not seen: the trees "
			   "are incomplete",
			   unended);
}

void tree_judge(const struct tree_log *log, const struct calltree *tree,
		const struct tree_scope *scope,
		struct tree_judgement *judgement)
{
	*judgement = (struct tree_judgement){0};
	if (log->lost)
		tree_doubt(judgement,
			   "%" PRIu64 " events were lost because ftrace's ring "
			   "was full; --buffer makes it larger",
			   log->lost);
	tree_judge_control(log, tree, scope, judgement);
	judge_calls(log, tree, scope, judgement);
	if (tree->strays)
		tree_doubt(judgement,
			   "%" PRIu64 " exits within a tree had no entry",
			   tree->strays);
}
