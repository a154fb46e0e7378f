// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Stacks as text: for flamegraph.pl, and for a person with the same header as
 * bcc's `trace -K`:
 *
 *   PID     TID     COMM            FUNC
 *   4242    4242    echo-client     __tcp_transmit_skb   2 times
 *           __tcp_transmit_skb+0x1
 *           tcp_connect+0xb25
 *
 *   in:  the run, with its stacks named
 *   out: text, and at its end whether it is complete
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain/explanations.h"
#include "record/text.h"
#include "view/line.h"
#include "view_stack.h"

#define FRAME_INDENT     8
#define SENTENCE_COLUMNS 84 /* from column 12 to 96 */

/* Below a frame, a sentence about its function, if there is one. */
static void stack_write_sentence(FILE *out, const char *frame)
{
	char name[64], line[400] = "";
	struct text text = {.buf = line, .size = sizeof(line)};
	const struct explanation *found;
	const char *rest, *lead = "╰ ";

	snprintf(name, sizeof(name), "%.*s", (int)stack_name_bare(frame),
		 frame);
	found = explanation_find(name);
	if (!found)
		return;
	rest = found->sentence;
	while (wrap_next(&rest, &text, SENTENCE_COLUMNS)) {
		fprintf(out, "%*s%s%s\n", FRAME_INDENT + 2, "", lead, line);
		lead = "  ";
	}
}

static void write_frame(FILE *out, const char *name)
{
	char line[4 * FRAME_NAME];
	struct text text;

	text_init(&text, line, sizeof(line));
	text_escape(&text, name, strlen(name), false);
	fprintf(out, "%*s%s\n", FRAME_INDENT, "", line);
}

static void write_remark(FILE *out, const char *remark)
{
	fprintf(out, "%*s── %s\n", FRAME_INDENT, "", remark);
}

static void write_head(FILE *out, const struct stack *stack, const char *symbol)
{
	bool softirq = stack->context == CONTEXT_SOFTIRQ;
	char comm[4 * COMM_BYTES + 1];
	struct text text;

	text_init(&text, comm, sizeof(comm));
	text_escape(&text, stack->comm, strnlen(stack->comm, COMM_BYTES), true);
	fprintf(out, "%-7u %-7u %-15s %s", stack->pid, stack->tid, comm,
		symbol);
	if (softirq)
		fputs("   softirq", out);
	if (stack->count > 1)
		fprintf(out, "   %" PRIu64 " times", stack->count);
	putc('\n', out);
}

static void write_kernel(FILE *out, const struct stack *stack, bool explain)
{
	unsigned int own = stack_names_own(stack);

	for (unsigned int i = 0; i < stack->kernel_len; i++) {
		if (i == own)
			write_remark(out, "softirq up to here: the frames "
					  "below belong to the interrupted "
					  "task");
		write_frame(out, stack->names[i]);
		if (explain)
			stack_write_sentence(out, stack->names[i]);
	}
	if (stack->kernel_len == 0)
		write_remark(out, "the kernel returned no frames");
	if (stack->deeper)
		write_remark(out, "there are more frames than the kernel "
				  "returns (kernel.perf_event_max_stack)");
	if (stack->context == CONTEXT_SOFTIRQ && own == stack->kernel_len)
		write_remark(out, "softirq: some of these frames may belong to "
				  "the interrupted task");
}

static void write_user(FILE *out, const struct stack *stack)
{
	if (stack->context == CONTEXT_SOFTIRQ)
		return;
	if (stack->user_len == 0) {
		write_remark(out, "no user frames: a kernel thread, or its "
				  "stack is not in memory");
		return;
	}
	write_remark(out, "user");
	for (unsigned int i = 0; i < stack->user_len; i++)
		write_frame(out, stack->names[stack->kernel_len + i]);
}

static const char *symbol_of(const struct stack_run *run,
			     const struct stack *stack)
{
	return run->plan->functions[stack->function].symbol;
}

void view_stack_text(FILE *out, const struct stack_run *run, bool explain)
{
	fprintf(out, "%-7s %-7s %-15s %s\n", "PID", "TID", "COMM", "FUNC");
	for (size_t i = 0; i < run->stacks->len; i++) {
		const struct stack *stack = run->stacks->list[i];

		write_head(out, stack, symbol_of(run, stack));
		write_kernel(out, stack, explain);
		if (run->user)
			write_user(out, stack);
		putc('\n', out);
	}
	view_stack_result(out, run);
}

/* Replaces characters of the format, and terminal control characters. */
static void write_word(FILE *out, const char *word, size_t len)
{
	char safe[4 * FRAME_NAME];
	struct text text;

	text_init(&text, safe, sizeof(safe));
	text_escape(&text, word, len, false);
	for (const char *c = safe; *c; c++)
		putc(*c == ';' || *c == ' ' ? '_' : *c, out);
	if (!*safe)
		putc('?', out);
}

void view_stack_folded(FILE *out, const struct stack_run *run)
{
	for (size_t i = 0; i < run->stacks->len; i++) {
		const struct stack *stack = run->stacks->list[i];
		unsigned int len = stack->kernel_len + stack->user_len;
		unsigned int own = stack_names_own(stack);

		write_word(out, stack->comm, strnlen(stack->comm, COMM_BYTES));
		for (unsigned int frame = len; frame-- > 0;) {
			const char *name = stack->names[frame];

			if (frame + 1 == own && own < stack->kernel_len)
				fputs(";[softirq]", out);
			putc(';', out);
			write_word(out, name, stack_name_bare(name));
		}
		fprintf(out, " %" PRIu64 "\n", stack->count);
	}
}

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
