// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer udp, tcp, both: opens what a run needs, runs it, and closes. The
 * stages are connected here:
 *
 *   live (ring buffer) ─┐
 *   capture (libpcap)  ─┴─► pipeline: order, recording, story, verdict, views
 *
 * The verdict depends on the sequence: capture and probes are open before the
 * first self-test, the command starts after it, and the run is cut where the
 * last self-test begins, so that both witnesses cover the same time. Steps that
 * need privileges come first; the rest, including opening the recording's file,
 * is done as the user who called sudo (privileges.h).
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands.h"
#include "process/arguments.h"
#include "process/ascii.h"
#include "process/preflight.h"
#include "process/privileges.h"
#include "process/running.h"
#include "process/signals.h"
#include "process/warn.h"
#include "run.h"
#include "wire/clock.h"

/*
 * Chooses the best tier that this machine has, unless --tier did. Returns what
 * prevents it, or NULL.
 */
static const struct condition *choose_tier(struct trace_options *options)
{
	const struct condition *obstacle =
		preflight_obstacle(preflight_tier(options->live.tier));

	if (!obstacle || obstacle->purposes != FOR_KPROBES ||
	    options->tier_is_given)
		return obstacle;
	warn_line("%s; continuing without kernel functions (see `%s doctor`)",
		  obstacle->lacking, arguments_program());
	options->live.tier = TIER_TRACEPOINT;
	return preflight_obstacle(FOR_TRACING);
}

static int open_probes(struct run *run, char **argv)
{
	struct live_options *live = &run->options.live;
	int err;

	plan_init(&run->plan, live->udp && live->tier == TIER_KPROBE,
		  live->tcp && live->tier == TIER_KPROBE);
	for (unsigned int i = 0; i < run->options.forced_len; i++)
		plan_force(&run->plan, run->options.forced[i]);
	err = live_open(&run->live, live, &run->plan, run->why);
	if (err == -EPERM || err == -EACCES)
		return preflight_cannot_trace(run->why, NULL, argv);
	if (!err)
		err = live_self_test(run->live, &run->selftest, run->why);
	return err ? warn_failed(run->why) : EX_OK;
}

static int open_pipeline(struct run *run)
{
	const struct trace_options *options = &run->options;
	struct pipeline_options pipeline = options->show;
	char refused[ROTATION_PATH] = "";
	int err;

	pipeline.colour = options->terminal.colour;
	pipeline.columns = options->terminal.columns;
	pipeline.edge = options->terminal.edge;
	pipeline.kept = &run->kept;
	pipeline.program = arguments_program();
	pipeline.refused = refused;
	err = pipeline_open(&run->pipeline, &pipeline);
	if (err && (err == -ENOMEM || !*refused))
		return warn_failed("out of memory");
	if (err)
		privileges_cannot_make(refused, err);
	return err ? EX_CANTCREAT : EX_OK;
}

/* Runs after the last step that needs privileges, before the first record. */
static int open_outputs(struct run *run)
{
	char why[PRIVILEGES_WHY];
	int status;

	if (privileges_drop(PRIVILEGES_KEEP_FILES, why))
		return warn_failed(why);
	status = open_pipeline(run);
	if (!status && privileges_drop(PRIVILEGES_KEEP_NONE, why))
		return warn_failed(why);
	return status;
}

/* Everything is open: from the first record to the verdict. */
static int trace(struct run *run)
{
	char why[LIVE_WHY] = "";
	int err, status, refused = 0;

	err = run_begin(run);
	if (!err)
		err = run_control(run);
	if (!err)
		run_say_ready(run);
	if (!err && run->options.live.target.command)
		err = refused = child_run(&run->child);
	if (!err)
		err = run_watch(run);
	if (!err && run->options.live.target.command)
		err = run_linger(run);
	if (!err) {
		run->cut_ns = clock_now_ns();
		err = run_control(run);
	}
	if (!err)
		err = run_end(run);
	child_settle(&run->child);
	status = pipeline_close(run->pipeline, why, sizeof(why));
	if (refused)
		return child_cannot_run(run->options.live.target.command[0],
					refused);
	if (why[0])
		return warn_failed(why), status;
	if (err == -EPIPE)
		return status;
	if (err)
		return warn_failed(run->why[0] ? run->why : strerror(-err));
	return status;
}

static int open_and_trace(struct run *run, char **argv)
{
	const struct pipeline_options *show = &run->options.show;
	struct target *target = &run->options.live.target;
	int status;

	run->signals = signals_catch();
	status = child_hold(&run->child, target,
			    pipeline_writes_data(show)  ? CHILD_STDERR :
			    show->out_path              ? CHILD_STDOUT :
			    show->json || show->mermaid ? CHILD_STDERR :
							  CHILD_MARKED);
	if (!status)
		status = run_open_capture(run, argv);
	if (!status)
		status = open_probes(run, argv);
	if (!status)
		status = open_outputs(run);
	return status ? status : trace(run);
}

static int cmd_trace(int argc, char **argv)
{
	const struct condition *obstacle;
	struct run run = {
		.sink.push = run_push,
		.signals = -1,
		.child = CHILD_NONE,
	};
	int status;

	options_parse(&run.options, argc, argv);
	if (run.options.show.json)
		ascii_json();
	status = running_begin(&run.options.live.target);
	if (status)
		return status;
	obstacle = choose_tier(&run.options);
	if (obstacle)
		return preflight_cannot_trace(obstacle->lacking,
					      obstacle->remedy, argv);
	selftest_init(&run.selftest, run.options.live.udp,
		      run.options.live.tcp);
	status = open_and_trace(&run, argv);
	child_end(&run.child);
	live_close(run.live);
	capture_close(run.capture);
	kept_fini(&run.kept);
	flow_filter_free(run.options.filter);
	if (run.signals >= 0)
		close(run.signals);
	return status;
}

const struct command command_udp = {
	.name = "udp",
	.place = 10,
	.line = "watch the path of UDP; does connect(2) send?",
	.run = cmd_trace,
};

const struct command command_tcp = {
	.name = "tcp",
	.place = 20,
	.line = "watch the path of TCP; the handshake",
	.run = cmd_trace,
};

const struct command command_both = {
	.name = "both",
	.place = 30,
	.line = "watch UDP and TCP; a table compares them",
	.run = cmd_trace,
};
