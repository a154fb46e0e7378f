// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The last lines of `tracer stack`: how many calls and stacks there were, the
 * state of each probe, and the reasons to doubt.
 *
 *   in:  the run, judged
 *   out: text
 */
#include <inttypes.h>

#include "view_stack.h"

static const char *stack_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* For a function without calls: is that reliable? */
static void write_silent(FILE *out, const struct stack_function *function)
{
	uint64_t elsewhere = function->counts.hits - function->counts.followed -
			     function->heard_before - function->heard_after;

	switch (stack_plan_state(function)) {
	case PROBE_TESTED:
		fprintf(out,
			"%s: 0 calls; its probe fired for the self-test before "
			"and after\n",
			function->symbol);
		break;
	case PROBE_ALIVE:
		fprintf(out,
			"%s: 0 calls; its probe fired for %" PRIu64 " calls of "
			"other processes\n",
			function->symbol, elsewhere);
		break;
	default: /* is among the reasons */
		break;
	}
}

void view_stack_result(FILE *out, const struct stack_run *run)
{
	uint64_t softirq = stack_run_softirq(run);

	for (unsigned int i = 0; i < run->plan->len; i++)
		if (run->plan->functions[i].counts.followed == 0)
			write_silent(out, &run->plan->functions[i]);
	if (softirq)
		fprintf(out,
			"%" PRIu64 " call%s in softirq on tasks that are not "
			"followed: not shown (-a shows all)\n",
			softirq, stack_plural(softirq));
	if (run->user_doubt)
		fprintf(out, "user frames: %s\n", run->user_doubt);
	fprintf(out, "%s%zu stack%s of %" PRIu64 " call%s",
		run->reasons_len ? "INCONCLUSIVE  " : "", run->stacks->len,
		stack_plural(run->stacks->len), run->stacks->calls,
		stack_plural(run->stacks->calls));
	fprintf(out, run->reasons_len ? "\n" : "; nothing lost\n");
	for (unsigned int i = 0; i < run->reasons_len; i++)
		fprintf(out, "      - %s\n", run->reasons[i]);
}
