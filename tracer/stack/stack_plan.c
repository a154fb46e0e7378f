// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Chooses among a function's names. See stack_plan.h. */
#include "stack_plan.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "plan/plan.h"

/*
 * Names of the article's kernel, 4.x, that no step of the plan has. The body of
 * a system call was SYSC_x, its entry sys_x, until Linux 4.17. A kernel has the
 * entry of its own architecture, and not the other.
 */
static const struct {
	const char *old, *today;
} renamed[] = {
	{"SYSC_connect", "__sys_connect"},
	{"sys_connect", "__x64_sys_connect"},
	{"sys_connect", "__arm64_sys_connect"},
	{"SYSC_recvfrom", "__sys_recvfrom"},
	{"sys_recvfrom", "__x64_sys_recvfrom"},
	{"sys_recvfrom", "__arm64_sys_recvfrom"},
	{"sys_write", "ksys_write"},
	{"sys_read", "ksys_read"},
	{"__vfs_write", "vfs_write"},
	{"__vfs_read", "vfs_read"},
	{"sock_sendmsg", "__sock_sendmsg"},
};

static bool is_name(const char *name)
{
	for (const char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '_' && *c != '.')
			return false;
	return *name && !isdigit((unsigned char)*name);
}

int stack_plan_add(struct stack_plan *plan, const char *name)
{
	if (!is_name(name))
		return -EINVAL;
	for (unsigned int i = 0; i < plan->len; i++)
		if (strcmp(plan->functions[i].asked, name) == 0)
			return -EEXIST;
	if (plan->len == STACK_FUNCTIONS)
		return -ENOSPC;
	plan->functions[plan->len++] = (struct stack_function){.asked = name};
	return 0;
}

static const struct plan_step *step_of(const char *symbol)
{
	for (int i = 0; i < STEP_MAX; i++)
		for (const char *const *c = plan_steps[i].candidates; *c; c++)
			if (strcmp(*c, symbol) == 0)
				return &plan_steps[i];
	return NULL;
}

const char *stack_plan_step(const char *symbol)
{
	const struct plan_step *step = step_of(symbol);

	return step ? step->name : NULL;
}

/* The @n-th other name of @asked, from 0 on. */
static const char *other_name(const char *asked, unsigned int n)
{
	const struct plan_step *step = step_of(asked);

	for (int i = 0; step && step->candidates[i]; i++)
		if (strcmp(step->candidates[i], asked) != 0 && n-- == 0)
			return step->candidates[i];
	for (size_t i = 0; i < sizeof(renamed) / sizeof(renamed[0]); i++)
		if (strcmp(renamed[i].old, asked) == 0 && n-- == 0)
			return renamed[i].today;
	return NULL;
}

const char *stack_plan_next(struct stack_function *function)
{
	unsigned int n = function->next++;

	return n ? other_name(function->asked, n - 1) : function->asked;
}

void stack_plan_reject(struct stack_function *function, const char *symbol,
		       const char *why)
{
	size_t used = strlen(function->tried);

	snprintf(function->tried + used, sizeof(function->tried) - used,
		 "%s%s: %s", used ? "; " : "", symbol, why);
}

enum probe_state stack_plan_state(const struct stack_function *function)
{
	if (function->never_fired)
		return PROBE_NEVER_FIRED;
	if (function->heard_before)
		return function->heard_after ? PROBE_TESTED : PROBE_SILENCED;
	return function->counts.hits ? PROBE_ALIVE : PROBE_UNTESTED;
}

const char *stack_plan_state_name(enum probe_state state)
{
	static const char *const names[] = {
		[PROBE_TESTED] = "tested",     [PROBE_ALIVE] = "alive",
		[PROBE_UNTESTED] = "untested", [PROBE_NEVER_FIRED] = "deaf",
		[PROBE_SILENCED] = "silenced",
	};

	return names[state];
}
