// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Parses the command line of `tracer count` with argp(3). */
#include "count_options.h"

#include <argp.h>
#include <string.h>
#include <sysexits.h>

#include "backend.h"
#include "process/arguments.h"

#define BUFFER_KIB 4096

enum long_only {
	OPT_JSON = 256,
	OPT_EXPLAIN,
	OPT_BACKEND,
	OPT_BUFFER,
	OPT_MANY,
};

static const char doc[] =
	"Count how often the followed processes called each kernel function "
	"that a GLOB matches. Calls in a softirq or an interrupt that ran on "
	"top of them are counted separately.\n"
	"\n"
	"With a COMMAND it follows that command and its children, runs it as "
	"the user who called sudo, and stops when it ends; otherwise it runs "
	"until Ctrl-C or -d. Without a filter it follows the echo pair.\v"
	"Examples:\n"
	"  sudo ./tracer count 'udp_*' 'tcp_*' -- dig example.org\n"
	"  sudo ./tracer count 'tcp_*' -p 4242 -d 10 --explain\n"
	"  sudo ./tracer count 'sock_*' --json -- true | jq .function\n"
	"\n"
	"JSON Lines, by \"type\": meta (command, kernel, way, globs), count "
	"(function, globs, calls, softirq, hardirq, control), glob (glob, "
	"matched, called, calls, softirq, hardirq), lost (cause, count), "
	"control (witness, sent, seen), verdict (claim, result, summary, "
	"reasons). A function without a line was not called.\n"
	"\n"
	"Exit status: 0 counted, 2 INCONCLUSIVE: the zeros are not proved, 64 "
	"usage, or no function matches, 73 FILE of -o exists or cannot be created, 74 output could not be written, 77 "
	"cannot count here, 126 and 127 the command cannot be run.\n";

static const struct argp_option table[] = {
	{"duration", 'd', "SECONDS", 0, "stop after SECONDS", 2},
	{"explain", OPT_EXPLAIN, NULL, 0,
	 "explain each known function in one sentence", 3},
	{"json", OPT_JSON, NULL, 0, "JSON Lines instead of text", 3},
	{"backend", OPT_BACKEND, "NAME", 0,
	 "kprobe.multi (default where the kernel has it) or ftrace", 4},
	{"buffer", OPT_BUFFER, "KIB", 0,
	 "ftrace: size of each CPU's ring (default: 4096)", 4},
	{"many", OPT_MANY, NULL, 0,
	 "allow more than 4000 functions: this may slow the machine down", 4},
	{0},
};

/*
 * Accepts what fnmatch(3) and the kernel's glob_match() read alike, and nothing
 * that set_ftrace_filter takes for a command (":") or a removal (leading "!").
 */
static void add_glob(struct argp_state *state, struct count_options *options,
		     const char *glob)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_.*?[]-";

	if (*glob == '\0' || glob[strspn(glob, fine)] != '\0')
		argp_error(state,
			   "a GLOB is a function's name with * ? [a-z] in it, "
			   "not '%s'",
			   glob);
	if (options->globs_len == COUNT_GLOBS)
		argp_error(state, "at most %d globs", COUNT_GLOBS);
	options->globs[options->globs_len++] = glob;
}

static void count_options_settle(struct argp_state *state,
				 struct count_options *options)
{
	if (options->output.path)
		options->terminal.colour = false;
	if (!options->globs_len)
		argp_error(state, "GLOB is missing, for example 'udp_*'");
}

static error_t count_options_parse_one(int key, char *arg,
				       struct argp_state *state)
{
	struct count_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->target;
		state->child_inputs[1] = &options->terminal;
		state->child_inputs[2] = &options->output;
		break;
	case 'd':
		options->seconds = argument_seconds(state, "-d", arg);
		break;
	case OPT_EXPLAIN:
		options->explain = true;
		break;
	case OPT_JSON:
		options->json = true;
		break;
	case OPT_BACKEND:
		if (strcmp(arg, count_multi.name) != 0 &&
		    strcmp(arg, count_ftrace.name) != 0)
			argp_error(state, "--backend takes %s or %s, not '%s'",
				   count_multi.name, count_ftrace.name, arg);
		options->backend = arg;
		break;
	case OPT_BUFFER:
		options->buffer_kib =
			argument_number(state, "--buffer", arg, 4, 1u << 20);
		break;
	case OPT_MANY:
		options->many = true;
		break;
	case ARGP_KEY_ARG:
		if (target_is_command(state))
			target_take_command(&options->target, state);
		else
			add_glob(state, options, arg);
		break;
	case ARGP_KEY_END:
		count_options_settle(state, options);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

void count_options_parse(struct count_options *options, int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&target_task_argp, 0, NULL, 0},
		{&terminal_argp, 0, NULL, 0},
		{&output_argp, 0, NULL, 0},
		{0},
	};
	static const struct argp argp = {table,
					 count_options_parse_one,
					 "GLOB... [-- COMMAND [ARG...]]",
					 doc,
					 children,
					 NULL,
					 NULL};

	*options = (struct count_options){.buffer_kib = BUFFER_KIB};
	terminal_look(&options->terminal);
	arguments_parse(&argp, argc, argv, ARGP_IN_ORDER, options);
}
