// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reasons to doubt a run of `tracer stack`. See stack_judge.h. */
#include "stack_judge.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static void stack_judge_reason(struct stack_run *run, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void stack_judge_reason(struct stack_run *run, const char *format, ...)
{
	va_list args;

	if (run->reasons_len == STACK_REASONS)
		return;
	va_start(args, format);
	vsnprintf(run->reasons[run->reasons_len++], STACK_REASON, format, args);
	va_end(args);
}

static void judge_function(struct stack_run *run,
			   const struct stack_function *function)
{
	const char *symbol = function->symbol;

	if (function->missed)
		stack_judge_reason(run,
				   "%s: the kernel missed %" PRIu64 " calls "
				   "because another probe was running; watch "
				   "fewer functions",
				   symbol, function->missed);
	switch (stack_plan_state(function)) {
	case PROBE_NEVER_FIRED:
		stack_judge_reason(
			run,
			"%s is attached but never fired: the self-test went "
			"through the step %s and the probe did not fire; `tracer "
			"doctor` names functions that do",
			symbol, stack_plan_step(symbol));
		break;
	case PROBE_SILENCED:
		stack_judge_reason(
			run,
			"%s fired for the self-test before the run and not after "
			"it: calls may be missing; run it again",
			symbol);
		break;
	case PROBE_UNTESTED:
		stack_judge_reason(
			run,
			"%s: 0 calls, and nothing in this run proves that the "
			"probe works; run a command that is certain to call it "
			"alongside yours",
			symbol);
		break;
	case PROBE_TESTED:
	case PROBE_ALIVE:
		break;
	}
}

uint64_t stack_run_lost(const struct stack_run *run)
{
	uint64_t lost = run->undecoded;

	for (unsigned int i = 0; i < run->plan->len; i++)
		lost += run->plan->functions[i].counts.dropped;
	return lost;
}

uint64_t stack_run_softirq(const struct stack_run *run)
{
	uint64_t softirq = 0;

	for (unsigned int i = 0; i < run->plan->len; i++)
		softirq += run->plan->functions[i].counts.softirq;
	return softirq;
}

void stack_judge(struct stack_run *run)
{
	uint64_t lost = stack_run_lost(run);

	run->reasons_len = 0;
	if (!run->canary_sang)
		stack_judge_reason(
			run,
			"kprobes no longer fire; were they switched off? echo "
			"1 | sudo tee /sys/kernel/debug/kprobes/enabled, and "
			"run it again");
	if (lost)
		stack_judge_reason(run,
				   "%" PRIu64
				   " calls lost, and their stacks are missing; "
				   "give a larger --ring, or fewer functions",
				   lost);
	if (run->unfollowed)
		stack_judge_reason(
			run,
			"%" PRIu64 " processes could not be followed because "
			"the table of followed processes was full, so calls "
			"are missing: make it larger (--processes N)",
			run->unfollowed);
	if (run->stacks->beyond)
		stack_judge_reason(run,
				   "%" PRIu64
				   " calls had other stacks than the %d that "
				   "are kept; follow fewer processes",
				   run->stacks->beyond, STACKS_MAX);
	for (unsigned int i = 0; i < run->plan->len; i++)
		judge_function(run, &run->plan->functions[i]);
}
