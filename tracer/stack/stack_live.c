// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Loads, attaches and drains the programs of bpf/stack.bpf.c. See stack_live.h.
 */
#include "stack_live.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "explain/explanations.h"
#include "kernel/followed.h"
#include "kernel/functions.h"
#include "kernel/refused.h"
#include "kernel/ring.h"
#include "process/warn.h"
#include "record/text.h"
#include "stack.skel.h"

/* The self-test calls it, on every kernel that the lab knows. */
#define CANARY "udp_sendmsg"

struct stack_live {
	struct stack_bpf *skeleton;
	struct bpf_link *links[STACK_FUNCTIONS];
	struct bpf_link *canary;
	struct ring ring;
	struct stacks *stacks; /* while draining */
	uint64_t undecoded;
};

static int stack_live_on_event(void *context, void *data, size_t bytes)
{
	struct stack_live *live = context;
	int err = stacks_add(live->stacks, data, bytes);

	if (err != -EBADMSG)
		return err;
	live->undecoded++;
	return 0;
}

static struct bpf_program *stack_live_program(const struct stack_live *live,
					      unsigned int i)
{
	char name[32];

	snprintf(name, sizeof(name), "function_%u", i);
	return bpf_object__find_program_by_name(live->skeleton->obj, name);
}

static int stack_live_load(struct stack_live *live,
			   const struct stack_live_options *options)
{
	struct stack_bpf *skeleton = live->skeleton;
	struct bpf_program *each;

	target_filter(options->target, &skeleton->rodata->filter);
	skeleton->rodata->filter.wakeup_bytes = options->ring_bytes / 16;
	skeleton->rodata->want_user = options->user;
	bpf_map__set_max_entries(skeleton->maps.ring, options->ring_bytes);
	for (unsigned int i = 0; i < STACK_FUNCTIONS; i++) {
		each = stack_live_program(live, i);
		bpf_program__set_autoload(each, i < options->functions);
		bpf_program__set_autoattach(each, false);
	}
	bpf_program__set_autoattach(skeleton->progs.canary, false);
	followed_prepare(skeleton->obj, options->target);
	return stack_bpf__load(skeleton);
}

int stack_live_open(struct stack_live **out,
		    const struct stack_live_options *options,
		    char why[STACK_WHY])
{
	struct stack_live *live = calloc(1, sizeof(*live));
	int err = live ? 0 : -ENOMEM;

	*out = live;
	libbpf_set_print(load_error_words);
	if (live) {
		live->skeleton = stack_bpf__open();
		err = live->skeleton ? stack_live_load(live, options) : -errno;
	}
	if (err) {
		load_error(err, options->ring_bytes, why, STACK_WHY);
		return err;
	}
	/* tracepoints: softirq, and what keeps the followed processes */
	err = followed_meet(live->skeleton->obj);
	if (!err)
		err = stack_bpf__attach(live->skeleton);
	if (!err) {
		live->canary = bpf_program__attach_kprobe(
			live->skeleton->progs.canary, false, CANARY);
		err = live->canary ? 0 : -errno;
	}
	if (err) {
		snprintf(why, STACK_WHY, "cannot attach: %s", probe_error(err));
		return err;
	}
	err = followed_take(live->skeleton->obj, options->target,
			    &live->skeleton->bss->followed_counts, why,
			    STACK_WHY);
	if (err)
		return err;
	return ring_open(&live->ring, bpf_map__fd(live->skeleton->maps.ring),
			 options->ring_bytes, stack_live_on_event, live, why,
			 STACK_WHY);
}

int stack_live_attach(struct stack_live *live, struct stack_plan *plan,
		      unsigned int i)
{
	struct stack_function *function = &plan->functions[i];
	const char *symbol;
	int err = 0;

	bpf_link__destroy(live->links[i]);
	live->links[i] = NULL;
	function->symbol = NULL;
	while ((symbol = stack_plan_next(function))) {
		live->links[i] = bpf_program__attach_kprobe(
			stack_live_program(live, i), false, symbol);
		if (live->links[i]) {
			function->symbol = symbol;
			return 0;
		}
		if (!err)
			err = -errno;
		stack_plan_reject(function, symbol, probe_error(-errno));
	}
	return err ? err : -ENOENT;
}

static uint64_t hits(const struct stack_live *live, unsigned int i)
{
	return live->skeleton->bss->stack_counts[i].hits;
}

/* The next candidate; without one the last again, as never fired. */
static void stack_live_pass_over(struct stack_live *live,
				 struct stack_plan *plan, unsigned int i)
{
	struct stack_function *function = &plan->functions[i];
	const char *symbol = function->symbol;

	stack_plan_reject(function, symbol, "attached but never fired");
	if (!stack_live_attach(live, plan, i))
		return;
	function->never_fired = true;
	function->symbol = symbol;
	live->links[i] = bpf_program__attach_kprobe(stack_live_program(live, i),
						    false, symbol);
}

/* Returns how many functions have another candidate attached now. */
static unsigned int judge_walk(struct stack_live *live, struct stack_plan *plan,
			       const uint64_t before[], bool first)
{
	unsigned int changed = 0;

	for (unsigned int i = 0; i < plan->len; i++) {
		struct stack_function *function = &plan->functions[i];
		uint64_t heard = hits(live, i) - before[i];

		if (!first) {
			function->heard_after = heard;
			continue;
		}
		function->heard_before = heard;
		if (heard || function->never_fired ||
		    !stack_plan_step(function->symbol))
			continue;
		stack_live_pass_over(live, plan, i);
		changed++;
	}
	return changed;
}

int stack_live_test(struct stack_live *live, struct stack_plan *plan,
		    struct selftest *selftest, bool first, bool *sang)
{
	unsigned int changed;

	do {
		uint64_t canary = live->skeleton->bss->canary_hits;
		uint64_t before[STACK_FUNCTIONS];
		int err;

		for (unsigned int i = 0; i < plan->len; i++)
			before[i] = hits(live, i);
		err = selftest_walk(selftest);
		if (err)
			return err;
		*sang = live->skeleton->bss->canary_hits > canary;
		/* without the canary, not firing proves nothing */
		changed = *sang || !first ?
				  judge_walk(live, plan, before, first) :
				  0;
	} while (changed);
	return 0;
}

int stack_live_mapping_fd(const struct stack_live *live)
{
	return bpf_map__fd(live->skeleton->maps.mapping_records);
}

int stack_live_fd(const struct stack_live *live)
{
	return ring_buffer__epoll_fd(live->ring.buffer);
}

int stack_live_drain(struct stack_live *live, struct stacks *stacks)
{
	live->stacks = stacks;
	return ring_drain(&live->ring);
}

uint64_t stack_live_undecoded(const struct stack_live *live)
{
	return live->undecoded;
}

void stack_live_detach(struct stack_live *live)
{
	for (unsigned int i = 0; i < STACK_FUNCTIONS; i++) {
		bpf_link__destroy(live->links[i]);
		live->links[i] = NULL;
	}
	bpf_link__destroy(live->canary);
	live->canary = NULL;
}

/*
 * Calls that were missed because another program was running on that CPU. The
 * kernel counts them since 6.7; before, and where reading the count needs
 * privileges, they are not known.
 */
static uint64_t stack_live_missed_by(struct bpf_program *program)
{
	struct bpf_prog_info info = {0};
	uint32_t bytes = sizeof(info);

	if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &bytes))
		return 0;
	return info.recursion_misses;
}

void stack_live_counts(const struct stack_live *live, struct stack_plan *plan)
{
	for (unsigned int i = 0; i < plan->len; i++) {
		plan->functions[i].counts =
			live->skeleton->bss->stack_counts[i];
		plan->functions[i].missed =
			stack_live_missed_by(stack_live_program(live, i));
	}
}

const struct followed_counts *stack_live_followed(const struct stack_live *live)
{
	return &live->skeleton->bss->followed_counts;
}

void stack_live_close(struct stack_live *live)
{
	if (!live)
		return;
	stack_live_detach(live);
	ring_close(&live->ring);
	stack_bpf__destroy(live->skeleton);
	free(live);
}

#define NEAR 4

/* tracefs is at the first since Linux 4.1; debugfs has it, too. */
static int refused_load_functions(struct functions *functions)
{
	int err = functions_load(
		functions, "/sys/kernel/tracing/available_filter_functions");

	if (err)
		err = functions_load(functions, "/sys/kernel/debug/tracing/"
						"available_filter_functions");
	return err;
}

/* Similar names, as the end of a sentence; nothing if there are none. */
static void add_near(struct text *line, const char *function)
{
	struct functions functions;
	const char *near[NEAR];
	size_t len;

	if (refused_load_functions(&functions))
		return;
	len = functions_near(&functions, function, near, NEAR);
	for (size_t i = 0; i < len; i++)
		text_printf(line, "%s%s", i ? ", " : "; similar: ", near[i]);
	functions_fini(&functions);
}

static void refused_describe(struct text *line, const char *function, int err)
{
	const struct explanation *known = explanation_find(function);

	if (err == -EINVAL) {
		text_add(line, "the kernel does not allow probes on it "
			       "(Documentation/trace/kprobes.rst, Blacklist)");
	} else if (err == -ENOENT) {
		text_add(line, "this kernel has no such function (or the "
			       "compiler has inlined it)");
		if (known)
			text_printf(line, "; %s", known->sentence);
		else
			add_near(line, function);
	} else {
		text_add(line, probe_error(err));
	}
}

int stack_refused(const char *function, int err)
{
	char buf[1024];
	struct text line;

	text_init(&line, buf, sizeof(buf));
	refused_describe(&line, function, err);
	warn_line("%s: %s", function, buf);
	return err == -EMFILE || err == -EPERM || err == -EACCES ? EX_OSERR :
								   EX_USAGE;
}
