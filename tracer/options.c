// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Parses the command line of `tracer udp`, `tcp` and `both` with argp(3).
 */
#include "options.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum long_only {
	OPT_PORT = 256,
	OPT_STACK,
	OPT_JSON,
	OPT_RECORD,
	OPT_TIER,
	OPT_PROBE,
	OPT_RING,
	OPT_EXPLAIN,
};

static const char doc[] =
	"Watch the path of a protocol through the kernel: system calls, kernel "
	"functions and packets on one clock, and a verdict at the end.\n"
	"\n"
	"Without a filter it follows the echo pair (echo-client, echo-server). "
	"With a COMMAND it follows that command and its children (and whom -c "
	"names), runs it as the user who called sudo, and stops when it ends; "
	"otherwise it runs until Ctrl-C or -d.\v"
	"Examples:\n"
	"  sudo ./tracer udp\n"
	"  sudo ./tracer both -- python3 -c 'import socket; ...'\n"
	"  sudo ./tracer tcp -p 4242 --stack\n"
	"  sudo ./tracer udp --record run.jsonl -- dig example.org\n"
	"\n"
	"Exit status: 0 PASS, 1 FAIL, 2 INCONCLUSIVE, 64 usage, 73 the "
	"recording exists or cannot be made, 74 output could not be written, "
	"77 cannot trace here, 126 and 127 the command cannot be run.\n";

static const struct argp_option table[] = {
	{NULL, 'p', "PID", 0, "follow this process", 1},
	{NULL, 'c', "COMM", 0, "follow processes of this name (up to 4 times)",
	 1},
	{"port", OPT_PORT, "N", 0, "follow sockets with this port, either end",
	 1},
	{NULL, 'a', NULL, 0, "follow everything", 1},
	{NULL, 'i', "IFACE", 0, "capture on this interface (default: any)", 1},
	{NULL, 'd', "SECONDS", 0, "stop after so many seconds", 2},
	{NULL, 'n', "EVENTS", 0, "stop after so many events", 2},
	{"stack", OPT_STACK, NULL, 0, "the kernel stack below each function",
	 3},
	{"explain", OPT_EXPLAIN, NULL, 0, "a sentence below each line", 3},
	{"json", OPT_JSON, NULL, 0, "JSON Lines instead of text", 3},
	{"record", OPT_RECORD, "FILE", 0,
	 "keep everything in FILE, for tracer replay", 3},
	{NULL, 'q', NULL, 0, "the verdict only", 3},
	{NULL, 'v', NULL, 0, "more: the kernel's own packets, seq and ack", 3},
	{"tier", OPT_TIER, "TIER", 0,
	 "kprobe (default), or tracepoint: no functions, same verdicts", 4},
	{"probe", OPT_PROBE, "STEP=FUNCTION", 0,
	 "watch FUNCTION for a step of the plan (tracer doctor)", 4},
	{"ring", OPT_RING, "OCTETS", 0,
	 "size of the ring buffer (default: 4194304)", 4},
	{0},
};

static uint64_t number(struct argp_state *state, const char *what,
		       const char *text, uint64_t least, uint64_t most)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || value < least ||
	    value > most)
		argp_error(state,
			   "%s takes a whole number from %llu to %llu, not "
			   "'%s'",
			   what, (unsigned long long)least,
			   (unsigned long long)most, text);
	return value;
}

static double seconds(struct argp_state *state, const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !isfinite(value) || value <= 0 ||
	    value > 1e6)
		argp_error(state, "-d takes seconds above 0, not '%s'", text);
	return value;
}

static uint32_t ring_octets(struct argp_state *state, const char *text)
{
	uint64_t page = sysconf(_SC_PAGESIZE);
	uint64_t octets = number(state, "--ring", text, page, 1u << 30);

	if (octets & (octets - 1))
		argp_error(state, "--ring takes a power of two, not '%s'",
			   text);
	return octets;
}

static void follow_comm(struct argp_state *state, struct live_options *live,
			const char *comm)
{
	if (live->comms_len == FILTER_COMMS)
		argp_error(state, "-c may be given %d times", FILTER_COMMS);
	if (*comm == '\0')
		argp_error(state, "-c takes a name");
	/* the kernel keeps 15 octets of a name (TASK_COMM_LEN) */
	snprintf(live->comms[live->comms_len++], COMM_OCTETS, "%s", comm);
}

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
			   "no step of that name: '%s' (tracer doctor "
			   "lists them)",
			   arg);
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

/* What belongs together and what does not, once all options are known. */
static void settle(struct argp_state *state, struct trace_options *options)
{
	struct live_options *live = &options->live;
	bool filtered = live->pid || live->comms_len || live->port;

	if (live->everybody && (filtered || options->command))
		argp_error(state, "-a follows everything: it goes with no "
				  "other filter and no command");
	if (options->command && live->pid)
		argp_error(state, "-p follows a process that runs already: it "
				  "goes with no command");
	if (options->json && options->quiet)
		argp_error(state, "--json and -q do not go together");
	if (live->port && !live->pid && !live->comms_len && !options->command)
		live->everybody = true; /* whoever uses that port */
	if (!filtered && !live->everybody && !options->command) {
		follow_comm(state, live, "echo-client");
		follow_comm(state, live, "echo-server");
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct trace_options *options = state->input;
	struct live_options *live = &options->live;

	switch (key) {
	case 'p':
		live->pid = number(state, "-p", arg, 1, 1 << 22);
		break;
	case 'c':
		follow_comm(state, live, arg);
		break;
	case OPT_PORT:
		live->port = number(state, "--port", arg, 1, 65535);
		break;
	case 'a':
		live->everybody = true;
		break;
	case 'i':
		options->iface = arg;
		break;
	case 'd':
		options->seconds = seconds(state, arg);
		break;
	case 'n':
		options->events = number(state, "-n", arg, 1, UINT64_MAX);
		break;
	case OPT_STACK:
		live->want_stack = true;
		break;
	case OPT_EXPLAIN:
		options->explain = true;
		break;
	case OPT_JSON:
		options->json = true;
		break;
	case OPT_RECORD:
		options->record = arg;
		break;
	case 'q':
		options->quiet = true;
		break;
	case 'v':
		options->verbose = true;
		break;
	case OPT_TIER:
		live->tier = tier(state, arg);
		break;
	case OPT_PROBE:
		force_probe(state, options, arg);
		break;
	case OPT_RING:
		live->ring_octets = ring_octets(state, arg);
		break;
	case ARGP_KEY_ARG: /* the rest is the command's */
		options->command = &state->argv[state->next - 1];
		state->next = state->argc;
		break;
	case ARGP_KEY_END:
		settle(state, options);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

void options_parse(struct trace_options *options, int argc, char **argv)
{
	static const struct argp argp = {
		table, parse, "[-- COMMAND [ARG...]]", doc, NULL, NULL, NULL};
	char name[32];

	*options = (struct trace_options){
		.name = argv[0],
		.iface = "any",
		.live.tier = TIER_KPROBE,
		.live.udp = strcmp(argv[0], "tcp") != 0,
		.live.tcp = strcmp(argv[0], "udp") != 0,
	};
	snprintf(name, sizeof(name), "tracer %s", argv[0]);
	argv[0] = name;
	argp_err_exit_status = EX_USAGE;
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, options);
	argv[0] = (char *)options->name;
}
