// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer why RECORDING [LINE]: from results back to their causes.
 *
 *   in:  a recording, from any source
 *   out: the results that failed or waited, and the records that explain them
 */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "commands.h"
#include "process/arguments.h"
#include "process/terminal.h"
#include "process/warn.h"
#include "story/past_run.h"
#include "why/why.h"

struct why_options {
	struct terminal terminal;
	const char *path;
	uint64_t line; /* 0: all results */
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct why_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->terminal;
		break;
	case ARGP_KEY_ARG:
		if (state->arg_num == 0)
			options->path = argument_file(state, "RECORDING", arg);
		else if (state->arg_num == 1)
			options->line = argument_number(state, "LINE", arg, 1,
							UINT64_MAX);
		else
			argp_error(state, "one recording, and one LINE of it");
		break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "RECORDING is missing");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child why_children[] = {
	{&terminal_argp, 0, NULL, 0},
	{0},
};

static const struct argp why_argp = {
	.parser = parse_option,
	.children = why_children,
	.args_doc = "RECORDING [LINE]",
	.doc = "Explain each result that failed or waited by the records before "
	       "it: each sentence names the line of the recording that it rests "
	       "on. With LINE, explain that result, or show what sent that packet. "
	       "\"-\" is standard input.\v"
	       "Examples:\n"
	       "  tracer udp --record run.jsonl -- ./program\n"
	       "  tracer why run.jsonl\n"
	       "  tracer why run.jsonl 22\n"
	       "\n"
	       "Exit status: 0 each result is explained, 2 the records do not "
	       "explain one, 64 usage, or no record at LINE, 65 RECORDING is "
	       "damaged or not a recording, 66 it cannot be opened, 71 no memory, 74 output could "
	       "not be written.\n",
};

/* The exit status for the explanation of @line, or of all results. */
static int explain(const struct why_options *options,
		   const struct past_run *run)
{
	const struct view_options view = {
		.out = stdout,
		.colour = options->terminal.colour,
		.edge = options->terminal.edge,
		.program = arguments_program(),
	};
	int unexplained;

	if (options->line)
		unexplained =
			why_write_line(&run->history, &view, options->line);
	else
		unexplained = why_write_all(&run->history, &view) > 0;
	if (unexplained < 0) {
		warn_line("%s:%llu: no record of the story is on that line",
			  options->path, (unsigned long long)options->line);
		return EX_USAGE;
	}
	if (!run->whole)
		puts("\nThe recording ends before its run did.");
	return unexplained ? EXIT_INCONCLUSIVE : EX_OK;
}

static int cmd_why_run(const struct why_options *options, struct past_run *run)
{
	char why[PAST_RUN_WHY];
	int status, err = past_run_read(run, options->path, why);

	if (err) {
		warn_line("%s", why);
		return err == -EBADMSG || err == -EISDIR ? EX_DATAERR :
		       err == -ENOMEM                    ? EX_OSERR :
							   EX_NOINPUT;
	}
	status = explain(options, run);
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	warn_line("standard output: %s", strerror(errno ? errno : EIO));
	return EX_IOERR;
}

static int cmd_why(int argc, char **argv)
{
	struct why_options options = {0};
	struct past_run run = {0};
	int status;

	terminal_look(&options.terminal);
	arguments_parse(&why_argp, argc, argv, 0, &options);
	/* a closed pipe is a write error and does not kill us */
	signal(SIGPIPE, SIG_IGN);
	status = cmd_why_run(&options, &run);
	past_run_fini(&run);
	return status;
}

const struct command command_why = {
	.name = "why",
	.place = 90,
	.line = "walk back from a result in a recording to its cause",
	.run = cmd_why,
	.asks_no_kernel = true,
};
