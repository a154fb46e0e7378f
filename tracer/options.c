// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Parses the command line of `tracer udp`, `tcp` and `both` with argp(3).
 */
#include "options.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "choose_views.h"
#include "filter_option.h"
#include "process/arguments.h"

enum long_only {
	OPT_STACK = 256,
	OPT_JSON,
	OPT_TIER,
	OPT_PROBE,
	OPT_RING,
	OPT_EXPLAIN,
	OPT_SVG,
	OPT_HTML,
	OPT_MERMAID,
	OPT_PCAPNG,
	OPT_PERFETTO,
	OPT_MAX_SIZE,
	OPT_MAX_FILES,
};

static const char doc[] =
	"Watch the path of a protocol through the kernel: system calls, kernel "
	"functions and packets on one clock, and a verdict at the end.\n"
	"\n"
	"Unless you choose, it follows the echo pair (echo-client, echo-server). "
	"With a COMMAND it follows that command and its children (and the "
	"processes that -c names), runs it as the user who called sudo, and "
	"stops when it ends; otherwise it runs until Ctrl-C or -d.\v"
	"Examples:\n"
	"  sudo ./tracer udp\n"
	"  sudo ./tracer both -- python3 -c 'import socket; ...'\n"
	"  sudo ./tracer tcp -p 4242 --stack\n"
	"  sudo ./tracer udp -F 'host 10.0.0.2 and not port 53'\n"
	"  sudo ./tracer udp --record run.jsonl -- dig example.org\n"
	"\n"
	"Exit status: 0 PASS, 1 FAIL, 2 INCONCLUSIVE, 64 usage, 73 an "
	"output file exists or cannot be created, 74 output could not be "
	"written, 77 cannot trace here, 126 and 127 the command cannot be run.\n";

static const struct argp_option table[] = {
	{"interface", 'i', "IFACE", 0,
	 "capture on this interface (default: any)", 1},
	{"filter", 'F', "FILTER", 0,
	 "show and judge only connections with a packet, in either "
	 "direction, that passes this pcap filter: host, net, port, ip, ip6, udp, "
	 "tcp; it can be combined with -p, -c, -a and --port",
	 1},
	{"duration", 'd', "SECONDS", 0, "stop after SECONDS", 2},
	{"events", 'n', "EVENTS", 0,
	 "stop after this many events: entries and returns of system calls, "
	 "functions, states, packets; with -F, those of the connections that it "
	 "selects",
	 2},
	{"stack", OPT_STACK, NULL, 0, "the kernel stack below each function",
	 3},
	{"explain", OPT_EXPLAIN, NULL, 0, "explain each line in one sentence",
	 3},
	{"json", OPT_JSON, NULL, 0, "JSON Lines instead of text", 3},
	{"mermaid", OPT_MERMAID, NULL, 0,
	 "a sequence diagram for Mermaid instead of text", 3},
	{"record", 'w', "FILE", 0,
	 "keep everything in FILE, for tracer replay; - is standard output, and "
	 "the text goes to standard error",
	 3},
	{"max-size", OPT_MAX_SIZE, "BYTES", 0,
	 "let the file of --record grow no larger (64k, 10M, 1G): then recording "
	 "stops, and the run goes on",
	 3},
	{"max-files", OPT_MAX_FILES, "N", 0,
	 "with --max-size: continue in FILE.1, FILE.2, ..., N files in all, and "
	 "then in FILE "
	 "again",
	 3},
	{"html", OPT_HTML, "FILE", 0,
	 "make a page of the run in FILE, to look at in a browser", 3},
	{"svg", OPT_SVG, "FILE", 0, "draw the run in FILE, for a document", 3},
	{"perfetto", OPT_PERFETTO, "FILE", 0,
	 "a trace of the run in FILE, for ui.perfetto.dev", 3},
	{"pcapng", OPT_PCAPNG, "FILE", 0,
	 "the packets with their senders, and the system calls, for Wireshark",
	 3},
	{"quiet", 'q', NULL, 0, "the verdict only", 3},
	{"verbose", 'v', NULL, 0,
	 "more: the kernel's own packets, seq and ack; once a minute, how the run "
	 "stands",
	 3},
	{"tier", OPT_TIER, "TIER", 0,
	 "kprobe, or tracepoint: no functions, same verdicts (default: the "
	 "best that works here)",
	 4},
	{"probe", OPT_PROBE, "STEP=FUNCTION", 0,
	 "watch FUNCTION for a step of the plan (tracer doctor)", 4},
	{"ring", OPT_RING, "BYTES", 0,
	 "size of the ring buffer (default: 16777216)", 4},
	{0},
};

static void force_probe(struct argp_state *state, struct trace_options *options,
			char *arg)
{
	static struct plan scratch;

	if (options->forced_len == MAX_FORCED)
		argp_error(state, "too many --probe");
	switch (plan_force(&scratch, arg)) {
	case -EINVAL:
		argp_error(state, "--probe takes STEP=FUNCTION, not '%s'", arg);
		break;
	case -ENOENT:
		argp_error(state,
			   "no step of that name: '%s' (%s doctor lists them)",
			   arg, arguments_program());
		break;
	}
	options->forced[options->forced_len++] = arg;
}

static enum tier tier(struct argp_state *state, const char *text)
{
	if (strcmp(text, "kprobe") == 0)
		return TIER_KPROBE;
	if (strcmp(text, "tracepoint") != 0)
		argp_error(state, "--tier takes kprobe or tracepoint, not '%s'",
			   text);
	return TIER_TRACEPOINT;
}

static void check_limits(struct argp_state *state,
			 const struct pipeline_options *show)
{
	const struct rotation_limits *limits = &show->record_limits;

	if (limits->max_bytes && !show->record_path)
		argp_error(state, "--max-size is for --record: give a FILE");
	else if (limits->files && !limits->max_bytes)
		argp_error(state, "--max-files needs --max-size");
}

static error_t options_parse_one(int key, char *arg, struct argp_state *state)
{
	struct trace_options *options = state->input;
	struct live_options *live = &options->live;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &live->target;
		state->child_inputs[1] = &options->terminal;
		state->child_inputs[2] = &options->show;
		break;
	case 'i':
		options->iface = arg;
		break;
	case 'F':
		filter_option(state, arg, &options->filter,
			      &options->live.target.filtered);
		break;
	case 'd':
		options->seconds = argument_seconds(state, "-d", arg);
		break;
	case 'n':
		options->events =
			argument_number(state, "-n", arg, 1, UINT64_MAX);
		break;
	case OPT_STACK:
		live->want_stack = options->show.stack = true;
		break;
	case OPT_EXPLAIN:
		options->show.explain = true;
		break;
	case OPT_JSON:
		options->show.json = true;
		break;
	case 'w':
		options->show.record_path = argument_file(state, "-w", arg);
		break;
	case OPT_MAX_SIZE:
		options->show.record_limits.max_bytes =
			argument_bytes(state, "--max-size", arg);
		break;
	case OPT_MAX_FILES:
		options->show.record_limits.files =
			(unsigned int)argument_number(state, "--max-files", arg,
						      2, ROTATION_FILES_MAX);
		break;
	case OPT_MERMAID:
		options->show.mermaid = true;
		break;
	case OPT_HTML:
		options->show.page_path = argument_file(state, "--html", arg);
		break;
	case OPT_PERFETTO:
		options->show.perfetto_path =
			argument_file(state, "--perfetto", arg);
		break;
	case OPT_PCAPNG:
		options->show.pcapng_path =
			argument_file(state, "--pcapng", arg);
		break;
	case OPT_SVG:
		options->show.svg_path = argument_file(state, "--svg", arg);
		break;
	case 'q':
		options->show.quiet = true;
		break;
	case 'v':
		options->show.verbose = true;
		break;
	case OPT_TIER:
		live->tier = tier(state, arg);
		options->tier_is_given = true;
		break;
	case OPT_PROBE:
		force_probe(state, options, arg);
		break;
	case OPT_RING:
		live->ring_bytes = argument_ring(state, arg);
		break;
	case ARGP_KEY_ARG: /* the rest is the command's */
		target_take_command(&live->target, state);
		break;
	case ARGP_KEY_END:
		if (options->show.json && options->show.quiet)
			argp_error(state, "--json and -q cannot be combined");
		check_limits(state, &options->show);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

void options_parse(struct trace_options *options, int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&target_argp, 0, NULL, 0},
		{&terminal_argp, 0, NULL, 0},
		{&choose_views_argp, 0, NULL, 0},
		{0},
	};
	static const struct argp argp = {
		table, options_parse_one, "[-- COMMAND [ARG...]]",
		doc,   children,          NULL,
		NULL};

	*options = (struct trace_options){
		.name = argv[0],
		.iface = "any",
		.live.tier = TIER_KPROBE,
		.live.udp = strcmp(argv[0], "tcp") != 0,
		.live.tcp = strcmp(argv[0], "udp") != 0,
	};
	terminal_look(&options->terminal);
	arguments_parse(&argp, argc, argv, ARGP_IN_ORDER, options);
}
