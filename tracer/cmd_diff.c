// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer diff A B: two recordings, compared by sockets and steps.
 *
 *   in:  two recordings, from any source
 *   out: what differs; the exit status of diff(1): 0, 1, and 2 for trouble
 */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "diff/diff_view.h"
#include "process/arguments.h"
#include "process/terminal.h"
#include "process/warn.h"
#include "record/new_file.h"

enum { STATUS_SAME, STATUS_DIFFERENT, STATUS_TROUBLE };

enum { KEY_VIEW = 256, KEY_HTML };

struct diff_options {
	struct terminal terminal;
	const char *a, *b;
	bool diagram;
	const char *page_path; /* NULL: none */
	bool overwrite;
};

static const struct argp_option diff_options_table[] = {
	{"view", KEY_VIEW, "VIEW", 0,
	 "table: the differences (default); diagram: all steps, side by side",
	 0},
	{"html", KEY_HTML, "FILE", 0,
	 "make a page of all steps in FILE, to look at in a browser", 0},
	{"force", 'f', NULL, 0, "overwrite files that exist", 0},
	{0},
};

static void take_recording(struct diff_options *options, char *path,
			   const struct argp_state *state)
{
	argument_file(state, "A or B", path);
	if (!options->a)
		options->a = path;
	else if (!options->b)
		options->b = path;
	else
		argp_error(state, "two recordings, not more");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct diff_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->terminal;
		argp_err_exit_status = STATUS_TROUBLE; /* as diff(1) does */
		break;
	case KEY_VIEW:
		options->diagram = strcmp(arg, "diagram") == 0;
		if (!options->diagram && strcmp(arg, "table") != 0)
			argp_error(state,
				   "--view takes table or diagram, not '%s'",
				   arg);
		break;
	case KEY_HTML:
		options->page_path = argument_file(state, "--html", arg);
		break;
	case 'f':
		options->overwrite = true;
		break;
	case ARGP_KEY_ARG:
		take_recording(options, arg, state);
		break;
	case ARGP_KEY_END:
		if (!options->b)
			argp_error(state, "two recordings are needed: A and B");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child diff_children[] = {
	{&terminal_argp, 0, NULL, 0},
	{0},
};

static const struct argp diff_argp = {
	.options = diff_options_table,
	.parser = parse_option,
	.children = diff_children,
	.args_doc = "A B",
	.doc = "Compare two recordings: what only one run did, and what differs "
	       "in order, count or result. They are aligned by socket and step, "
	       "not by time.\v"
	       "These are not differences: times, pids, sequence numbers, ports "
	       "from 32768 on, acknowledgements without data, what a socket "
	       "receives after its program began to close it, and calls that had "
	       "not returned at the end.\n"
	       "\n"
	       "Examples:\n"
	       "  tracer diff before.jsonl after.jsonl\n"
	       "  tracer diff --view=diagram udp.jsonl tcp.jsonl\n"
	       "\n"
	       "Exit status, as of diff(1): 0 no difference, 1 differences, 2 "
	       "trouble: usage, a recording that is damaged or cannot be opened, "
	       "an output file that exists or cannot be written.\n",
};

/* Reports what has failed. */
static int trouble(const char *what, int err)
{
	warn_line("%s: %s", what, strerror(-err));
	return STATUS_TROUBLE;
}

/* The first error of the stream, which is closed if @close; 0: none. */
static int stream_error(FILE *out, bool close)
{
	int err;

	errno = 0;
	err = fflush(out) || ferror(out) ? (errno ? -errno : -EIO) : 0;
	errno = 0;
	if (close && fclose(out) && !err)
		err = errno ? -errno : -EIO;
	return err;
}

static int make_page(const struct diff_options *options,
		     const struct diff *diff)
{
	FILE *out;
	int err = new_file_open(&out, options->page_path, options->overwrite);

	if (err)
		return err;
	diff_write_page(out, diff);
	return stream_error(out, true);
}

static int show(const struct diff_options *options, const struct diff *diff)
{
	const struct view_options view = {
		.out = stdout,
		.colour = options->terminal.colour,
		.columns = options->terminal.columns,
	};
	int err = options->page_path ? make_page(options, diff) : 0;

	if (err) {
		warn_line("%s: %s", options->page_path, new_file_why(err));
		return STATUS_TROUBLE;
	}
	if (options->diagram)
		diff_write_diagram(&view, diff);
	else
		diff_write_table(&view, diff);
	err = stream_error(stdout, false);
	if (err)
		return trouble("standard output", err);
	return diff->differences ? STATUS_DIFFERENT : STATUS_SAME;
}

static int compare(const struct diff_options *options, const struct past_run *a,
		   const struct past_run *b)
{
	struct diff diff = {.a = {.path = options->a, .run = a},
			    .b = {.path = options->b, .run = b}};
	int status, err = diff_compare(&diff);

	status = err ? trouble("diff", err) : show(options, &diff);
	diff_fini(&diff);
	return status;
}

static int cmd_diff_run(const struct diff_options *options, struct past_run *a,
			struct past_run *b)
{
	char why[PAST_RUN_WHY];

	if (past_run_read(a, options->a, why) ||
	    past_run_read(b, options->b, why)) {
		warn_line("%s", why);
		return STATUS_TROUBLE;
	}
	return compare(options, a, b);
}

static int cmd_diff(int argc, char **argv)
{
	struct diff_options options = {0};
	struct past_run a = {0}, b = {0};
	int status;

	terminal_look(&options.terminal);
	arguments_parse(&diff_argp, argc, argv, 0, &options);
	/* a closed pipe is a write error and does not kill us */
	signal(SIGPIPE, SIG_IGN);
	status = cmd_diff_run(&options, &a, &b);
	past_run_fini(&a);
	past_run_fini(&b);
	return status;
}

const struct command command_diff = {
	.name = "diff",
	.place = 100,
	.line = "compare two recordings, by socket and step",
	.run = cmd_diff,
	.asks_no_kernel = true,
};
