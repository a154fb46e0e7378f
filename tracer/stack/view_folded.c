// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Stacks for flamegraph.pl: one line for each, root first.
 *
 *   in:  the run, with its stacks named
 *   out: "comm;frame;frame count"; the rest of the run is for standard error
 */
#include <inttypes.h>
#include <string.h>

#include "record/text.h"
#include "view_stack.h"

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
