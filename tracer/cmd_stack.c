// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer stack: the call stacks that lead to a kernel function. The sequence of
 * a run:
 *
 *   hold the command ─► load, attach ─► self-test ─► the run ─► self-test
 *     ─► probes off, ring empty ─► name the frames ─► judge ─► print
 *
 * Nothing is printed before the end, because equal stacks are printed once,
 * with a count. The self-tests before and after show which probes work
 * (stack_judge.h).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands.h"
#include "kernel/followed.h"
#include "kernel/ksyms.h"
#include "process/ascii.h"
#include "process/child.h"
#include "process/preflight.h"
#include "process/running.h"
#include "process/signals.h"
#include "process/warn.h"
#include "stack/stack_live.h"
#include "stack/stack_options.h"
#include "stack/stack_user.h"
#include "stack/view_stack.h"
#include "wire/clock.h"

struct session {
	struct stack_options options;
	struct stack_live *live;
	struct ksyms *ksyms;
	struct stacks stacks;
	struct child child;
	struct selftest selftest;
	struct stack_user *user; /* --user; NULL */
	int signals;      /* signalfd, while it runs; before, they end it */
	bool canary_sang; /* at the last test */
};

static int cmd_stack_load(struct session *session, char **argv)
{
	struct stack_live_options options = {
		.target = &session->options.target,
		.user = session->options.user,
		.ring_bytes = session->options.ring_bytes,
		.functions = session->options.plan.len,
	};
	char why[STACK_WHY];
	int err;

	if (ksyms_load(&session->ksyms, "/proc/kallsyms"))
		return warn_failed("stacks need kernel addresses, and "
				   "/proc/kallsyms hides them: "
				   "sysctl kernel.kptr_restrict=0");
	err = stack_live_open(&session->live, &options, why);
	if (err == -EPERM || err == -EACCES)
		return preflight_cannot_trace(why, NULL, argv);
	if (!err && session->options.user)
		err = stack_user_open(&session->user,
				      stack_live_mapping_fd(session->live),
				      options.target, why);
	return err ? warn_failed(why) : EX_OK;
}

static int cmd_stack_attach(struct session *session)
{
	struct stack_plan *plan = &session->options.plan;

	for (unsigned int i = 0; i < plan->len; i++) {
		int err = stack_live_attach(session->live, plan, i);

		if (err)
			return stack_refused(plan->functions[i].asked, err);
	}
	return EX_OK;
}

static int test(struct session *session, bool first)
{
	char what[STACK_WHY];
	int err = stack_live_test(session->live, &session->options.plan,
				  &session->selftest, first,
				  &session->canary_sang);

	if (!err)
		return EX_OK;
	selftest_why(&session->selftest, err, what, sizeof(what));
	return warn_failed(what);
}

/* Prints that everything is ready; tests and scripts wait for this line. */
static void cmd_stack_say_ready(const struct session *session)
{
	const struct stack_plan *plan = &session->options.plan;

	for (unsigned int i = 0; i < plan->len; i++) {
		const struct stack_function *function = &plan->functions[i];

		if (function->never_fired)
			warn_line("%s is attached but never fired: the "
				  "self-test did not trigger it",
				  function->symbol);
		else if (strcmp(function->symbol, function->asked) != 0)
			warn_line("%s is called %s on this kernel (%s)",
				  function->asked, function->symbol,
				  function->tried);
	}
	fprintf(stderr, "ready: %u function%s watched\n", plan->len,
		plan->len == 1 ? "" : "s");
}

static int cmd_stack_drain(struct session *session)
{
	int err = stack_live_drain(session->live, &session->stacks);

	return err || !session->user ? err : stack_user_drain(session->user);
}

static int cmd_stack_watch(struct session *session)
{
	const struct stack_options *options = &session->options;
	struct ending ending = {
		.signals = session->signals,
		.command = session->child.pidfd,
		.events = stack_live_fd(session->live),
		.deadline_ns = ending_after(options->seconds),
	};
	bool over;
	int err;

	do {
		over = ending_wait(&ending);
		err = cmd_stack_drain(session);
	} while (
		!err && !over &&
		!(options->events && session->stacks.calls >= options->events));
	return err;
}

static int name_frames(struct session *session)
{
	int err = 0;

	for (size_t i = 0; !err && i < session->stacks.len; i++)
		err = stack_names_fill(session->stacks.list[i], session->ksyms,
				       stack_user_namer(session->user));
	return err;
}

static int print(struct session *session)
{
	const struct stack_options *options = &session->options;
	struct stack_run run = {
		.plan = &options->plan,
		.stacks = &session->stacks,
		.undecoded = stack_live_undecoded(session->live),
		.unfollowed = stack_live_followed(session->live)->no_room,
		.user = options->user,
		.canary_sang = session->canary_sang,
	};
	FILE *out = output_stream(&options->output);
	int err = 0;

	if (session->user)
		run.user_doubt =
			stack_user_doubt(session->user, &session->stacks);
	stack_judge(&run);
	if (options->json) {
		err = view_stack_json(out, &run);
	} else if (options->folded) {
		view_stack_folded(out, &run);
		view_stack_result(stderr, &run);
	} else {
		view_stack_text(out, &run, options->explain);
	}
	if (err)
		return warn_failed(strerror(-err));
	return run.reasons_len ? EXIT_INCONCLUSIVE : EX_OK;
}

static int cmd_stack_run(void *context)
{
	struct session *session = context;
	int err = 0, status;

	session->signals = signals_catch();
	cmd_stack_say_ready(session);
	if (session->options.target.command) {
		err = child_run(&session->child);
		if (err)
			return child_cannot_run(
				session->options.target.command[0], err);
	}
	err = cmd_stack_watch(session);
	/* files are read below that others have made */
	signals_release(session->signals);
	if (err)
		return warn_failed(strerror(-err));
	status = test(session, false);
	if (status)
		return status;
	stack_live_detach(session->live);
	stack_live_counts(session->live, &session->options.plan);
	err = cmd_stack_drain(session);
	if (!err)
		err = name_frames(session);
	followed_say_left_out(stack_live_followed(session->live));
	child_settle(&session->child);
	return err ? warn_failed(strerror(-err)) : print(session);
}

static int open_and_run(struct session *session, char **argv)
{
	int status =
		child_hold(&session->child, &session->options.target,
			   output_of_child(&session->options.output,
					   session->options.json ||
						   session->options.folded));

	if (!status)
		status = cmd_stack_load(session, argv);
	if (!status)
		status = cmd_stack_attach(session);
	if (!status)
		status = test(session, true);
	if (!status && !session->canary_sang)
		return preflight_cannot_trace(
			"kprobes are switched off: they attach but never fire",
			"echo 1 | sudo tee /sys/kernel/debug/kprobes/enabled",
			argv);
	return status ? status :
			output_run(&session->options.output, cmd_stack_run,
				   session);
}

static int cmd_stack(int argc, char **argv)
{
	struct session session = {
		.child = CHILD_NONE,
		.signals = -1,
	};
	int status;

	stack_options_parse(&session.options, argc, argv);
	if (session.options.json)
		ascii_json();
	session.stacks.most = session.options.events;
	status = running_begin(&session.options.target);
	if (status)
		return status;
	status = preflight_check(FOR_TRACING | FOR_KPROBES | FOR_STACKS, argv);
	if (status)
		return status;
	selftest_init(&session.selftest, true, true);
	status = open_and_run(&session, argv);
	child_end(&session.child);
	stack_user_close(session.user);
	stack_live_close(session.live);
	stacks_fini(&session.stacks);
	ksyms_free(session.ksyms);
	if (session.signals >= 0)
		close(session.signals);
	return status;
}

const struct command command_stack = {
	.name = "stack",
	.place = 50,
	.line = "the path to a kernel function: its stacks",
	.run = cmd_stack,
};
