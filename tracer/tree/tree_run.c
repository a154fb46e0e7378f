// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A run of `tracer tree`. See tree_run.h. */
#include "tree_run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <sysexits.h>
#include <unistd.h>

#include "graph.h"
#include "kernel/selftest.h"
#include "process/child.h"
#include "process/preflight.h"
#include "process/privileges.h"
#include "process/signals.h"
#include "process/warn.h"
#include "wire/clock.h"

struct tree_run {
	const struct tree_options *options;
	struct tree_log *log;
	struct graph graph;
	struct child child;
	struct target target; /* the options', and its pid */
	struct selftest selftest;
	struct tree_files *files;
	int signals;
	int refused; /* why execve(2) failed, or 0 */
	char why[FTRACE_WHY];
};

static int tree_run_walk(struct tree_run *run)
{
	int err = selftest_walk(&run->selftest);

	if (err)
		selftest_why(&run->selftest, err, run->why, sizeof(run->why));
	return err;
}

static int tree_run_control(struct tree_run *run)
{
	int err = tree_run_walk(run);

	run->log->walks += !err;
	return err ? err : graph_drain(&run->graph);
}

/* --both without a command: one more self-test, which is shown. */
static int tree_run_dial(struct tree_run *run)
{
	int err;

	run->log->show_from = clock_now_ns();
	err = tree_run_walk(run);
	run->log->show_to = clock_now_ns();
	return err;
}

static int watch_command(struct tree_run *run)
{
	struct ending ending = {
		.signals = run->signals,
		.command = run->child.pidfd,
		.events = -1,
	};
	int err = child_run(&run->child);
	bool over = false;

	run->refused = err;
	while (!err && !over) {
		over = ending_wait(&ending);
		err = graph_drain(&run->graph);
	}
	return err;
}

static void tree_run_say_ready(const struct tree_run *run)
{
	if (run->graph.saved.leftover_restored)
		warn_line("an earlier tracer tree was killed and left ftrace "
			  "changed; it has been restored");
	fprintf(stderr,
		"ready: function graph of %u networking functions beneath "
		"%s, %s\n",
		run->log->functions, run->options->scope->roots[0],
		run->log->instance ? "in an instance of ftrace" :
				     "in the global ftrace");
}

/* Runs after the last step that needs privileges, before the first event. */
static int open_output(struct tree_run *run)
{
	char why[PRIVILEGES_WHY];
	int status;

	if (privileges_drop(PRIVILEGES_KEEP_FILES, why))
		return warn_failed(why);
	status = tree_files_open(run->files, run->options);
	if (status)
		return status;
	return privileges_drop(PRIVILEGES_KEEP_NONE, why) ? warn_failed(why) :
							    EX_OK;
}

static int observe(struct tree_run *run)
{
	int err = tree_run_control(run);

	if (!err) {
		tree_run_say_ready(run);
		err = run->target.command ? watch_command(run) :
					    tree_run_dial(run);
	}
	if (!err)
		err = tree_run_control(run);
	if (!err)
		err = graph_stop(&run->graph);
	if (err == -ENOSPC)
		snprintf(run->why, sizeof(run->why),
			 "more than %d events: follow something shorter",
			 TREE_EVENTS_MAX);
	return err;
}

static int open_graph(struct tree_run *run, char **argv)
{
	int err = graph_open(&run->graph, run->options->scope,
			     run->options->buffer_kib, run->log, run->why);

	if (err == -EBUSY)
		return preflight_cannot_trace(run->why, "wait for it to end",
					      argv);
	if (err == -ENOTSUP || err == -EPERM || err == -EACCES)
		return preflight_cannot_trace(run->why, NULL, argv);
	return err ? warn_failed(run->why) : EX_OK;
}

static int start_and_observe(struct tree_run *run, char **argv)
{
	int err = graph_start(&run->graph, getpid(), run->child.pid, run->why);
	int status;

	if (err == -EBUSY)
		return preflight_cannot_trace(run->why, NULL, argv);
	if (err)
		return warn_failed(run->why);
	status = open_output(run);
	if (status)
		return status;
	err = observe(run);
	if (run->refused)
		return child_cannot_run(run->target.command[0], err);
	if (err)
		return warn_failed(run->why[0] ? run->why : strerror(-err));
	return EX_OK;
}

static int note_kernel(struct tree_run *run)
{
	struct utsname kernel;

	uname(&kernel);
	run->log->syscall = tree_log_word(run->log, run->options->scope->name);
	run->log->kernel = tree_log_word(run->log, kernel.release);
	run->log->self = getpid();
	return run->log->syscall && run->log->kernel ? EX_OK : EX_OSERR;
}

int tree_run(const struct tree_options *options, char **argv,
	     struct tree_log *log, struct tree_files *files)
{
	struct tree_run run = {
		.options = options,
		.log = log,
		.files = files,
		.target = options->target,
		.graph = GRAPH_CLOSED,
		.child = CHILD_NONE,
		.selftest = {.udp = true, .tcp = true},
	};
	int status, err;

	status = preflight_check(FOR_TREE, argv);
	if (status)
		return status;
	run.signals = signals_catch();
	status = note_kernel(&run);
	if (!status)
		status = child_hold(&run.child, &run.target,
				    output_of_child(&options->output,
						    tree_writes_data(options)));
	if (!status)
		status = open_graph(&run, argv);
	if (!status)
		status = start_and_observe(&run, argv);
	err = graph_close(&run.graph, run.why);
	if (err)
		status = warn_failed(run.why);
	child_end(&run.child);
	close(run.signals);
	return status;
}
