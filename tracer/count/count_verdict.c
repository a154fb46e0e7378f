// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Are the numbers reliable? See count_verdict.h. */
#include "count_verdict.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static void __attribute__((format(printf, 2, 3)))
because(struct count_verdict *verdict, const char *format, ...)
{
	va_list args;

	if (verdict->reasons_len == COUNT_REASONS)
		return;
	va_start(args, format);
	vsnprintf(verdict->reasons[verdict->reasons_len++],
		  sizeof(verdict->reasons[0]), format, args);
	va_end(args);
}

static void count_judge_control(struct count_verdict *verdict,
				const struct count_evidence *evidence)
{
	if (!evidence->canary) {
		because(verdict, "this kernel has none of the functions that "
				 "the control would call");
		return;
	}
	if (evidence->seen < evidence->sent && evidence->ftrace_off)
		because(verdict,
			"function tracing is switched off, so nothing is "
			"counted: sysctl kernel.ftrace_enabled=1");
	else if (evidence->seen < evidence->sent)
		because(verdict,
			"%s was called by %u self-tests, but only %u calls "
			"were counted: the counter missed calls, or was late",
			evidence->canary, evidence->sent, evidence->seen);
	if (evidence->command && evidence->exec && !evidence->exec_seen)
		because(verdict,
			"the command's own exec(2) was not counted (%s): its "
			"calls may have been missed",
			evidence->exec);
}

static void judge_drops(struct count_verdict *verdict,
			const struct counts *counts,
			const struct count_evidence *evidence)
{
	const struct count_drops *drops = &evidence->drops;

	if (drops->overrun)
		because(verdict,
			"%" PRIu64 " calls were lost because the rings were "
			"full: give more than --buffer %u (KiB for each CPU), "
			"or a narrower glob",
			drops->overrun, evidence->buffer_kib);
	if (drops->missed)
		because(verdict,
			"%" PRIu64 " calls were missed because the counter "
			"itself was running: leave out the functions that it "
			"calls",
			drops->missed);
	if (drops->flooded)
		because(verdict,
			"calls came faster than they can be counted: give a "
			"narrower glob");
	if (drops->no_room)
		because(verdict,
			"%" PRIu64 " calls were not counted: there was no room",
			drops->no_room);
	if (drops->unlisted)
		because(verdict,
			"the table of followed processes was full: make it "
			"larger (--processes N)");
	if (counts->unknown)
		because(verdict,
			"%" PRIu64 " calls were of functions whose names are "
			"not known: was a module loaded during the run?",
			counts->unknown);
	if (evidence->unplaced)
		because(verdict,
			"%zu functions were not counted: their addresses are "
			"not known",
			evidence->unplaced);
}

static bool any_lost(const struct count_drops *drops)
{
	return drops->overrun || drops->missed || drops->no_room ||
	       drops->flooded;
}

void count_judge(struct count_verdict *verdict, const struct counts *counts,
		 const struct count_evidence *evidence)
{
	struct count_total total = counts_total(counts, counts->globs_len);
	uint64_t calls = 0;
	struct text text;

	for (int context = 0; context < COUNT_CONTEXTS; context++)
		calls += total.calls[context];
	*verdict = (struct count_verdict){0};
	count_judge_control(verdict, evidence);
	if (evidence->by_name && calls == 0)
		because(verdict, "no process of that name was seen to run: -c "
				 "takes the name in /proc/PID/comm");
	judge_drops(verdict, counts, evidence);
	verdict->conclusive = verdict->reasons_len == 0;
	text_init(&text, verdict->summary, sizeof(verdict->summary));
	text_printf(&text,
		    "%zu of %zu functions called, %" PRIu64
		    " calls (control: %u of %u self-tests seen",
		    total.called, total.matched, calls, evidence->seen,
		    evidence->sent);
	if (counts_controlled(counts))
		text_printf(&text, ", they called %zu of these functions",
			    counts_controlled(counts));
	text_printf(&text, "; %s; %s)",
		    any_lost(&evidence->drops) ? "calls were lost" :
						 "nothing lost",
		    evidence->through);
}
