// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Parses the command line of `tracer stack` with argp(3). */
#include "stack_options.h"

#include <argp.h>
#include <errno.h>
#include <sysexits.h>

#include "process/arguments.h"

enum long_only {
	OPT_FOLDED = 256,
	OPT_USER,
	OPT_JSON,
	OPT_EXPLAIN,
	OPT_RING,
};

static const char doc[] =
	"Show how the kernel reaches a function: the kernel stack at each "
	"call of FUNCTION. Equal stacks are shown once, with a count. A "
	"FUNCTION is any function that a kprobe can be attached to; up to 16 "
	"at once. If this kernel has another name for it, the tracer says so "
	"and uses that name.\n"
	"\n"
	"Without a filter it follows the echo pair (echo-client, echo-server). "
	"With a COMMAND it follows that command and its children, runs it as "
	"the user who called sudo, and stops when it ends; otherwise it runs "
	"until Ctrl-C, -d or -n.\v"
	"Examples:\n"
	"  sudo ./tracer stack tcp_transmit_skb -- curl http://127.0.0.1/\n"
	"  sudo ./tracer stack udp_sendmsg -a -d 9 --folded | flamegraph.pl\n"
	"\n"
	"Exit status: 0, 2 INCONCLUSIVE (calls were lost, or nothing proves "
	"that a probe works), 64 usage or no such function, 73 FILE of "
	"-o exists or cannot be created, 74 output could not be written, 77 "
	"cannot trace here, 126 and 127 the command cannot be run.\n";

_Static_assert(STACK_FUNCTIONS == 16, "as the help says");

static const struct argp_option table[] = {
	{"duration", 'd', "SECONDS", 0, "stop after SECONDS", 2},
	{"events", 'n', "EVENTS", 0, "stop after this many calls", 2},
	{"user", OPT_USER, NULL, 0,
	 "also show the program's own frames, found by frame pointers", 3},
	{"folded", OPT_FOLDED, NULL, 0,
	 "one line for each stack, for flamegraph.pl", 3},
	{"json", OPT_JSON, NULL, 0, "JSON Lines instead of text", 3},
	{"explain", OPT_EXPLAIN, NULL, 0,
	 "explain each known function in one sentence", 3},
	{"ring", OPT_RING, "BYTES", 0,
	 "size of the ring buffer (default: 4194304)", 4},
	{0},
};

static void add_function(struct argp_state *state,
			 struct stack_options *options, const char *name)
{
	switch (stack_plan_add(&options->plan, name)) {
	case -EINVAL:
		argp_error(state, "'%s' is not the name of a function", name);
		break;
	case -EEXIST:
		argp_error(state, "%s is given twice", name);
		break;
	case -ENOSPC:
		argp_error(state, "at most %d functions", STACK_FUNCTIONS);
		break;
	}
}

/* Checks which options can be combined. */
static void stack_options_settle(struct argp_state *state,
				 struct stack_options *options)
{
	if (!options->plan.len)
		argp_error(state,
			   "FUNCTION is missing; %s explain --list names some",
			   arguments_program());
	if (options->folded && options->json)
		argp_error(state, "--folded and --json cannot be combined");
	if (options->explain && (options->folded || options->json))
		argp_error(state, "--explain is for the text output only");
	if (options->target.port)
		argp_error(state, "a function has no port: --port is for udp, "
				  "tcp and both");
}

static error_t stack_options_parse_one(int key, char *arg,
				       struct argp_state *state)
{
	struct stack_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->target;
		state->child_inputs[1] = &options->output;
		break;
	case 'd':
		options->seconds = argument_seconds(state, "-d", arg);
		break;
	case 'n':
		options->events =
			argument_number(state, "-n", arg, 1, UINT64_MAX);
		break;
	case OPT_FOLDED:
		options->folded = true;
		break;
	case OPT_USER:
		options->user = true;
		break;
	case OPT_JSON:
		options->json = true;
		break;
	case OPT_EXPLAIN:
		options->explain = true;
		break;
	case OPT_RING:
		options->ring_bytes = argument_ring(state, arg);
		break;
	case ARGP_KEY_ARG:
		if (target_is_command(state))
			target_take_command(&options->target, state);
		else
			add_function(state, options, arg);
		break;
	case ARGP_KEY_END:
		stack_options_settle(state, options);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

void stack_options_parse(struct stack_options *options, int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&target_argp, 0, NULL, 0},
		{&output_argp, 0, NULL, 0},
		{0},
	};
	static const struct argp argp = {table,
					 stack_options_parse_one,
					 "FUNCTION... [-- COMMAND [ARG...]]",
					 doc,
					 children,
					 NULL,
					 NULL};

	*options = (struct stack_options){.ring_bytes = 4u << 20};
	arguments_parse(&argp, argc, argv, ARGP_IN_ORDER, options);
}
