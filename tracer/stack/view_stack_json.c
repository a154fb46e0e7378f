// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Stacks as JSON Lines:
 *
 *   {"type":"stack","pid":…,"comm":…,"function":…,"kernel":["tcp_connect+0x1",
 *   …],"user":[…],"own":9,"count":2}    "own": of the kernel's frames, those
 *                                       above an interrupted task
 *   {"type":"function","asked":…,"function":…,"calls":…,"probe":"tested"}
 *   {"type":"result","result":"complete","stacks":…,"calls":…,"lost":0, …}
 *
 *   in:  the run, with its stacks named
 *   out: its lines
 */
#include <stdlib.h>
#include <string.h>

#include "record/json_object.h"
#include "view_stack.h"

static json_t *names(char *const *from, unsigned int len)
{
	json_t *array = json_array();

	for (unsigned int i = 0; array && i < len; i++) {
		json_t *name = object_sentence(from[i]);

		if (!name || json_array_append_new(array, name)) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

/* Writes @object as a line, and frees it. */
static int stack_json_line(FILE *out, struct object *object)
{
	return object_write_line(out, object_done(object), JSON_COMPACT);
}

static int write_stack(FILE *out, const struct stack_run *run,
		       const struct stack *stack)
{
	struct object o = object_new();

	object_add(&o, "type", json_string("stack"));
	object_add_integer(&o, "ts_ns", stack->first_ns);
	object_add_integer(&o, "pid", stack->pid);
	object_add_integer(&o, "tid", stack->tid);
	object_add_name(&o, "comm", stack->comm, sizeof(stack->comm));
	object_add(&o, "function",
		   json_string(run->plan->functions[stack->function].symbol));
	object_add(&o, "context",
		   json_string(stack->context == CONTEXT_SOFTIRQ ? "softirq" :
								   "task"));
	object_add_integer(&o, "count", stack->count);
	object_add(&o, "kernel", names(stack->names, stack->kernel_len));
	object_add_integer(&o, "own", stack_names_own(stack));
	if (run->user)
		object_add(&o, "user",
			   names(stack->names + stack->kernel_len,
				 stack->user_len));
	return stack_json_line(out, &o);
}

static int write_function(FILE *out, const struct stack_function *function)
{
	enum probe_state state = stack_plan_state(function);
	struct object o = object_new();

	object_add(&o, "type", json_string("function"));
	object_add(&o, "asked", json_string(function->asked));
	object_add(&o, "function", json_string(function->symbol));
	object_add_integer(&o, "calls", function->counts.followed);
	object_add_integer(&o, "hits", function->counts.hits);
	object_add_integer(&o, "softirq_elsewhere", function->counts.softirq);
	object_add(&o, "probe", json_string(stack_plan_state_name(state)));
	return stack_json_line(out, &o);
}

static int write_result(FILE *out, const struct stack_run *run)
{
	struct object o = object_new();
	json_t *reasons = json_array();

	for (unsigned int i = 0; reasons && i < run->reasons_len; i++)
		if (json_array_append_new(reasons,
					  object_sentence(run->reasons[i])))
			o.failed = true;
	object_add(&o, "type", json_string("result"));
	object_add(&o, "result",
		   json_string(run->reasons_len ? "inconclusive" : "complete"));
	object_add_integer(&o, "stacks", run->stacks->len);
	object_add_integer(&o, "calls", run->stacks->calls);
	object_add_integer(&o, "lost", stack_run_lost(run));
	object_add(&o, "reasons", reasons);
	return stack_json_line(out, &o);
}

int view_stack_json(FILE *out, const struct stack_run *run)
{
	int err = 0;

	for (size_t i = 0; !err && i < run->stacks->len; i++)
		err = write_stack(out, run, run->stacks->list[i]);
	for (unsigned int i = 0; !err && i < run->plan->len; i++)
		err = write_function(out, &run->plan->functions[i]);
	return err ? err : write_result(out, run);
}
