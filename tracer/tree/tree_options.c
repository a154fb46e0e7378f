// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Parses the command line of `tracer tree` with argp(3). */
#include "tree_options.h"

#include <argp.h>
#include <string.h>
#include <sysexits.h>

#include "process/arguments.h"
#include "process/target.h"
#include "record/new_file.h"

/* For --both: this depth fits on one page; ways to a packet are added. */
#define DEPTH_BOTH  5
#define BUFFER_KIB  2048
#define BUFFER_MOST (1 << 20)

enum long_only {
	OPT_BOTH = 256,
	OPT_DEPTH,
	OPT_BUFFER,
	OPT_JSON,
	OPT_EXPLAIN,
	OPT_UNTIL,
	OPT_HTML,
};

static const char doc[] =
	"Show the whole tree of kernel functions beneath each connect(2), "
	"sendto(2), recvfrom(2), accept(2) or close(2) of a command and its "
	"children, with times. The tree has the networking functions, from "
	"ftrace's function-graph tracer. The command runs as the user who "
	"called sudo.\n"
	"\n"
	"With --both, UDP and TCP are shown side by side. Without a command "
	"the tracer then connects to itself over 127.0.0.1.\v"
	"Examples:\n"
	"  sudo ./tracer tree --both\n"
	"  sudo ./tracer tree -- ../echo/echo-client udp 127.0.0.1:9007\n"
	"  sudo ./tracer tree close --depth 6 -- dig example.org\n"
	"  sudo ./tracer tree --both --html tree.html\n"
	"\n"
	"Kernels 5.10 and 6.1 have one function-graph tracer for the whole "
	"machine. It is not used while another program has changed anything in "
	"ftrace, and it is restored however the run ends.\n"
	"\n"
	"Exit status: 0 the trees are complete, 2 INCONCLUSIVE, 64 usage, 65 "
	"FILE of -r is damaged or not a recording, 66 it cannot be opened, 73 "
	"a file exists or could not be created, 74 output could not be "
	"written, 77 cannot trace here, or another "
	"program uses ftrace, 126 and 127 the command could not be run.\n";

static const struct argp_option options_table[] = {
	{"both", OPT_BOTH, NULL, 0,
	 "the first call of UDP and of TCP side by side", 0},
	{"depth", OPT_DEPTH, "N", 0,
	 "show N levels and fold the rest (default: all; with --both 5, and "
	 "the way to each packet)",
	 0},
	{"until", OPT_UNTIL, "packet", 0,
	 "with --both: no further than the first packet", 0},
	{"json", OPT_JSON, NULL, 0, "JSON Lines, every level", 0},
	{"html", OPT_HTML, "FILE", 0,
	 "make a page of the trees in FILE, to look at in a browser", 0},
	{"explain", OPT_EXPLAIN, NULL, 0,
	 "explain each known function in one sentence", 0},
	{"buffer", OPT_BUFFER, "KIB", 0,
	 "size of ftrace's ring for each CPU (default: 2048)", 0},
	{"record", 'w', "FILE", 0,
	 "keep the events in FILE; - is standard output, and the text goes to "
	 "standard error",
	 0},
	{"read", 'r', "FILE", 0,
	 "show a recording, - is standard input; needs no root and no kernel",
	 0},
	{"replay", 0, NULL, OPTION_ALIAS, NULL, 0},
	{0},
};

static void take_argument(struct argp_state *state,
			  struct tree_options *options, const char *arg)
{
	const struct tree_scope *scope = tree_scope_find(arg);

	if (options->scope)
		argp_error(state, "one system call at a time; put the command "
				  "after --");
	if (!scope)
		argp_error(state,
			   "tree knows connect, sendto, recvfrom, accept and "
			   "close, not '%s'; put a command after --",
			   arg);
	options->scope = scope;
}

static void tree_options_settle(struct argp_state *state,
				struct tree_options *options)
{
	if (options->replay && (options->target.command || options->record))
		argp_error(state, "--replay cannot be combined with a command "
				  "or --record");
	if (options->output.path)
		options->terminal.colour = false;
	if ((options->json && !options->output.path) +
		    new_file_is_stdout(options->output.path) +
		    new_file_is_stdout(options->record) +
		    new_file_is_stdout(options->html) >
	    1)
		argp_error(state, "two outputs would be mixed on standard "
				  "output: give one of them a FILE");
	if (!options->target.command && !options->replay && !options->both)
		argp_error(state, "tree needs a command: -- COMMAND, or "
				  "--both, in which the tracer connects to "
				  "itself");
	if (options->until_packet && !options->both)
		argp_error(state, "--until=packet belongs to --both");
	if (options->both && options->explain)
		argp_error(state, "--explain cannot be combined with --both");
	if (!options->scope)
		options->scope = tree_scope_find("connect");
	if (options->both && strcmp(options->scope->name, "accept") == 0)
		argp_error(state, "only TCP has accept(2): it cannot be "
				  "combined with --both");
	if (options->both && !options->depth_given)
		options->depth = DEPTH_BOTH;
	if (!options->buffer_kib)
		options->buffer_kib = BUFFER_KIB;
}

static error_t tree_options_parse_one(int key, char *arg,
				      struct argp_state *state)
{
	struct tree_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->terminal;
		state->child_inputs[1] = &options->output;
		break;
	case OPT_BOTH:
		options->both = true;
		break;
	case OPT_DEPTH:
		options->depth = argument_number(state, "--depth", arg, 1, 256);
		options->depth_given = true;
		break;
	case OPT_UNTIL:
		if (strcmp(arg, "packet") != 0)
			argp_error(state, "--until takes packet, not '%s'",
				   arg);
		options->until_packet = true;
		break;
	case OPT_BUFFER:
		options->buffer_kib =
			argument_number(state, "--buffer", arg, 1, BUFFER_MOST);
		break;
	case OPT_JSON:
		options->json = true;
		break;
	case OPT_HTML:
		options->html = argument_file(state, "--html", arg);
		break;
	case OPT_EXPLAIN:
		options->explain = true;
		break;
	case 'w':
		options->record = argument_file(state, "-w", arg);
		break;
	case 'r':
		options->replay = argument_file(state, "-r", arg);
		break;
	case ARGP_KEY_ARG:
		if (target_is_command(state))
			target_take_command(&options->target, state);
		else
			take_argument(state, options, arg);
		break;
	case ARGP_KEY_END:
		tree_options_settle(state, options);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

bool tree_writes_data(const struct tree_options *options)
{
	return (options->json && !options->output.path) ||
	       new_file_is_stdout(options->record) ||
	       new_file_is_stdout(options->html);
}

void tree_options_parse(struct tree_options *options, int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&terminal_argp, 0, NULL, 0},
		{&output_argp, 0, NULL, 0},
		{0},
	};
	static const struct argp argp = {
		.options = options_table,
		.parser = tree_options_parse_one,
		.args_doc = "[CALL] -- COMMAND [ARGUMENT...]\n--both",
		.children = children,
		.doc = doc,
	};

	*options = (struct tree_options){0};
	terminal_look(&options->terminal);
	arguments_parse(&argp, argc, argv, ARGP_IN_ORDER, options);
}
