// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The table of steps, made of the rows of bpf/steps.def. A row has all that the
 * tracer knows about a step. A longer text is in explain/, if there is one.
 *
 *   in:  an enum step, or the name that a recording has
 *   out: its row
 */
#include "steps.h"

#include <netinet/in.h>
#include <string.h>

const struct plan_step plan_steps[STEP_MAX] = {
#define STEP(id, ...) [STEP_##id] = {__VA_ARGS__},
#include "bpf/steps.def"
#undef STEP
};

const struct plan_step *step_named(const char *name)
{
	static const struct plan_step unknown = {.name = "", .why = ""};

	for (int step = 0; step < STEP_MAX; step++)
		if (strcmp(plan_steps[step].name, name) == 0)
			return &plan_steps[step];
	return &unknown;
}

bool step_has_twin(enum step step)
{
	return step + 1 < STEP_MAX && plan_steps[step + 1].ipv6;
}
