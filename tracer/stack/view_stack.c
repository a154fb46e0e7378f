// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Stacks as text, with the same header as bcc's `trace -K`:
 *
 *   PID     TID     COMM            FUNC
 *   4242    4242    echo-client     __tcp_transmit_skb   2 times
 *           __tcp_transmit_skb+0x1
 *           tcp_connect+0xb25
 *
 *   in:  the run, with its stacks named
 *   out: text, and at its end whether it is complete
 */
#include "view_stack.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain/explanations.h"
#include "record/text.h"
#include "view/line.h"

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
