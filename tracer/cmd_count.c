// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer count GLOB...: how often each kernel function was called.
 *
 *   functions ─► counts ◄─ backend (kprobe.multi, ftrace) ◄─ kernel
 *                  └─► verdict ─► view
 *
 * The sequence makes the numbers reliable: attach, a self-test, the command, a
 * self-test, detach, and only then judge and print. Everything but attaching is
 * done as the user who called sudo (privileges.h).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sysexits.h>
#include <unistd.h>

#include <tracefs.h>

#include "commands.h"
#include "count/count_run.h"
#include "count/view_count.h"
#include "process/ascii.h"
#include "process/warn.h"
#include "process/preflight.h"
#include "process/running.h"

#define MANY 4000
#define NEAR 4

/* Without the list of functions nothing can be chosen. */
static int no_functions(int err, char **argv)
{
	if (err == -ENOMEM)
		return warn_failed("out of memory");
	return preflight_cannot_trace("this kernel cannot watch its functions "
				      "(CONFIG_DYNAMIC_FTRACE, tracefs)",
				      NULL, argv);
}

/* Prints that a glob matches nothing, with similar globs. */
static int matches_nothing(struct functions *functions, const char *glob)
{
	char globs[NEAR][FUNCTIONS_GLOB];
	const char *names[NEAR];
	char line[512] = "";
	struct text text;
	bool is_glob = strpbrk(glob, "*?[") != NULL;
	size_t near =
		is_glob ? functions_near_globs(functions, glob, globs, NEAR) :
			  functions_near(functions, glob, names, NEAR);

	text_init(&text, line, sizeof(line));
	for (size_t i = 0; i < near; i++)
		text_printf(&text, "%s%s", i ? ", " : "; similar: ",
			    is_glob ? globs[i] : names[i]);
	warn_line("no function of this kernel %s '%s'%s",
		  is_glob ? "matches" : "is called", glob, line);
	return EX_USAGE;
}

static int check_globs(struct count_run *run)
{
	const struct counts *counts = &run->counts;

	for (size_t i = 0; i < counts->globs_len; i++)
		if (counts->matched[i] == 0)
			return matches_nothing(&run->functions,
					       counts->globs[i]);
	if (counts->len > MANY && !run->options.many) {
		warn_line("%zu functions match: above %d the machine may stop "
			  "responding; give a narrower glob, or --many",
			  counts->len, MANY);
		return EX_USAGE;
	}
	return EX_OK;
}

/* With their addresses if this kernel has them (Linux 6.5). */
static int cmd_count_functions(struct functions *functions)
{
	static const char *const names[] = {"available_filter_functions_addrs",
					    "available_filter_functions"};
	int err = -ENOENT;

	for (int i = 0; i < 2 && err == -ENOENT; i++) {
		char *path = tracefs_get_tracing_file(names[i]);

		if (path)
			err = functions_load(functions, path);
		tracefs_put_tracing_file(path);
	}
	return err;
}

static int choose_functions(struct count_run *run, char **argv)
{
	int status, err = cmd_count_functions(&run->functions);

	if (err)
		return no_functions(err, argv);
	err = counts_init(&run->counts, &run->functions, run->options.globs,
			  run->options.globs_len);
	if (err)
		return warn_failed(strerror(-err));
	status = check_globs(run);
	if (status == EX_OK)
		count_run_canaries(run);
	return status;
}

static int show(struct count_run *run)
{
	struct count_verdict verdict;
	struct utsname kernel;
	struct count_view view = {
		.out = output_stream(&run->options.output),
		.colour = run->options.terminal.colour,
		.explain = run->options.explain,
		.kernel = kernel.release,
		.counts = &run->counts,
		.evidence = &run->evidence,
		.verdict = &verdict,
	};
	int err = 0;

	uname(&kernel);
	count_judge(&verdict, &run->counts, &run->evidence);
	counts_sort(&run->counts);
	if (run->options.json)
		err = view_count_json(&view);
	else
		view_count_text(&view);
	if (err)
		return warn_failed(strerror(-err));
	return verdict.conclusive ? EX_OK : EXIT_INCONCLUSIVE;
}

/* Everything is open: from the first self-test to the output. */
static int run_and_show(void *context)
{
	struct count_run *run = context;
	int err = count_run_all(run);

	if (run->cannot_run)
		return child_cannot_run(run->options.target.command[0], err);
	if (err)
		return warn_failed(run->why[0] ? run->why : strerror(-err));
	child_settle(&run->child);
	return show(run);
}

static int count(struct count_run *run, char **argv)
{
	int status = choose_functions(run, argv);
	int err;

	if (status == EX_OK)
		status = child_hold(&run->child, &run->options.target,
				    output_of_child(&run->options.output,
						    run->options.json));
	if (status != EX_OK)
		return status;
	err = count_run_open(run);
	if (err == -EOPNOTSUPP && run->options.backend) {
		warn_line("%s; without --backend the other one is used",
			  run->why);
		return EXIT_CANNOT_TRACE;
	}
	if (err == -EPERM || err == -EACCES || err == -EOPNOTSUPP ||
	    err == -ENOENT)
		return preflight_cannot_trace(run->why, NULL, argv);
	if (err)
		return warn_failed(run->why[0] ? run->why : strerror(-err));
	return output_run(&run->options.output, run_and_show, run);
}

static int cmd_count(int argc, char **argv)
{
	struct count_run run = COUNT_RUN;
	char *name = argv[0];
	int status;

	count_options_parse(&run.options, argc, argv);
	if (run.options.json)
		ascii_json();
	argv[0] = name;
	status = running_begin(&run.options.target);
	if (status)
		return status;
	status = preflight_check(FOR_COUNT, argv);
	if (status)
		return status;
	status = count(&run, argv);
	count_run_close(&run);
	return status;
}

const struct command command_count = {
	.name = "count",
	.place = 40,
	.line = "how often each kernel function was called",
	.run = cmd_count,
};
