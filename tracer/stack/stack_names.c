// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Names for the frames of a stack. See stack_names.h. */
#include "stack_names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void name_user(const struct stack *stack, unsigned int frame,
		      struct user_namer *user, char buf[FRAME_NAME])
{
	struct user_address at = {
		.pid = stack->pid,
		.returns = frame > stack->kernel_len,
		.ns = stack->first_ns,
		.address = stack->frames[frame],
	};

	user->name(user, &at, buf);
}

int stack_names_fill(struct stack *stack, const struct ksyms *ksyms,
		     struct user_namer *user)
{
	unsigned int len = stack->kernel_len + stack->user_len;
	char buf[FRAME_NAME];

	stack->names = calloc(len + 1, sizeof(*stack->names));
	if (!stack->names)
		return -ENOMEM;
	for (unsigned int i = 0; i < len; i++) {
		if (i < stack->kernel_len)
			ksyms_name(ksyms, stack->frames[i], buf);
		else
			name_user(stack, i, user, buf);
		stack->names[i] = strdup(buf);
		if (!stack->names[i])
			return -ENOMEM;
	}
	return 0;
}

size_t stack_name_bare(const char *name)
{
	const char *plus = strstr(name, "+0x");
	size_t len = strcspn(name, " ");

	return plus && (size_t)(plus - name) < len ? (size_t)(plus - name) :
						     len;
}

/*
 * Where serving softirqs begins, as seen on Debian's kernels: on 5.10
 * __softirqentry_text_start, a second name of __do_softirq; on 6.1, 6.12 and
 * 7.2 handle_softirqs, which took over its loop (kernel/softirq.c), and on arm64
 * below that __do_softirq, which calls it and is no jump there.
 */
static bool enters_softirq(const char *name)
{
	static const char *const entries[] = {"handle_softirqs", "__do_softirq",
					      "__softirqentry_text_start"};
	size_t len = stack_name_bare(name);

	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		if (strlen(entries[i]) == len &&
		    memcmp(entries[i], name, len) == 0)
			return true;
	return false;
}

unsigned int stack_names_own(const struct stack *stack)
{
	if (stack->context != CONTEXT_SOFTIRQ)
		return stack->kernel_len;
	for (unsigned int i = 0; i < stack->kernel_len; i++) {
		if (!enters_softirq(stack->names[i]))
			continue;
		while (++i < stack->kernel_len &&
		       enters_softirq(stack->names[i]))
			;
		return i;
	}
	return stack->kernel_len;
}
