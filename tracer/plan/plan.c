// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The choice among the candidates of each step. It does not use the kernel:
 * kernel/live.c attaches the functions and reports the result to this file.
 */
#include "plan.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void plan_init(struct plan *plan, bool udp, bool tcp)
{
	memset(plan, 0, sizeof(*plan));
	for (int i = 0; i < STEP_MAX; i++)
		plan->entries[i].wanted =
			plan_steps[i].proto == IPPROTO_UDP ? udp : tcp;
}

int plan_force(struct plan *plan, const char *arg)
{
	const char *equals = strchr(arg, '=');
	size_t len;

	if (!equals || equals == arg || equals[1] == '\0')
		return -EINVAL;
	len = equals - arg;
	for (int i = 0; i < STEP_MAX; i++) {
		const char *name = plan_steps[i].name;

		if (strlen(name) == len && strncmp(name, arg, len) == 0) {
			plan->entries[i].forced = equals + 1;
			return 0;
		}
	}
	return -ENOENT;
}

const char *plan_next(struct plan *plan, enum step step)
{
	struct plan_entry *entry = &plan->entries[step];

	if (entry->forced)
		return entry->next++ == 0 ? entry->forced : NULL;
	if (entry->next > PLAN_CANDIDATES)
		return NULL;
	return plan_steps[step].candidates[entry->next++];
}

void plan_reject(struct plan *plan, enum step step, const char *function,
		 const char *why)
{
	struct plan_entry *entry = &plan->entries[step];
	size_t used = strlen(entry->tried);

	snprintf(entry->tried + used, sizeof(entry->tried) - used, "%s%s: %s",
		 used ? "; " : "", function, why);
}

bool plan_is_live(const struct plan *plan, enum step step)
{
	const struct plan_entry *entry = &plan->entries[step];

	return entry->wanted && entry->symbol && !entry->never_fired;
}

unsigned int plan_live(const struct plan *plan)
{
	unsigned int live = 0;

	for (int step = 0; step < STEP_MAX; step++)
		live += plan_is_live(plan, step);
	return live;
}

unsigned int plan_lacking(const struct plan *plan)
{
	unsigned int lacking = 0;

	for (int step = 0; step < STEP_MAX; step++)
		lacking += plan->entries[step].wanted &&
			   !plan->entries[step].excused &&
			   !plan_is_live(plan, step);
	return lacking;
}

/* A heap copy, or NULL for nothing; *@error is set when memory runs out. */
static char *plan_copy_word(const char *text, int *error)
{
	char *heap;

	if (!text || !*text)
		return NULL;
	heap = strdup(text);
	if (!heap)
		*error = -ENOMEM;
	return heap;
}

int plan_to_meta(const struct plan *plan, struct meta *meta)
{
	int error = 0;

	meta->plan = calloc(STEP_MAX, sizeof(*meta->plan));
	if (!meta->plan)
		return -ENOMEM;
	for (int i = 0; i < STEP_MAX; i++) {
		const struct plan_entry *entry = &plan->entries[i];
		struct plan_choice *choice = &meta->plan[meta->plan_len];

		if (!entry->wanted)
			continue;
		choice->step = plan_copy_word(plan_steps[i].name, &error);
		choice->symbol = plan_copy_word(entry->symbol, &error);
		choice->tried = plan_copy_word(entry->tried, &error);
		choice->never_fired = entry->never_fired;
		meta->plan_len++;
	}
	return error;
}
