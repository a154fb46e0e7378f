// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer replay FILE: shows and judges a recording as the live run did.
 *
 *   in:  a recording, from any source
 *   out: what the live run printed, to the byte; its exit status, and 65 (a
 *        damaged recording, or not a recording), 66 (cannot be opened), 74 (no
 *        output)
 */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "choose_views.h"
#include "commands.h"
#include "filter_option.h"
#include "pipeline.h"
#include "process/arguments.h"
#include "process/ascii.h"
#include "process/terminal.h"
#include "process/warn.h"
#include "record/new_file.h"
#include "record/recording.h"
#include "steps_shown.h"
#include "verdict/claims.h"

struct replay {
	struct pipeline_options options;
	struct terminal terminal;
	struct steps steps;
	const char *path;
	char refused[ROTATION_PATH]; /* a file that could not be made */
	/* -F: for the run's own; its verdicts were about other connects */
	struct flow_filter *filter;
	bool refilter;
	bool claims;   /* the run was one that ends with a verdict */
	bool verdicts; /* and there was one */
};

enum {
	KEY_JSON = 256,
	KEY_STACK,
	KEY_EXPLAIN,
	KEY_SVG,
	KEY_MERMAID,
	KEY_HTML,
	KEY_PERFETTO,
	KEY_STEP,
	KEY_ASK,
	KEY_PACE,
};

static const struct argp_option replay_options[] = {
	{"json", KEY_JSON, NULL, 0, "JSON Lines on standard output", 0},
	{"mermaid", KEY_MERMAID, NULL, 0, "a sequence diagram for Mermaid", 0},
	{"stack", KEY_STACK, NULL, 0, "kernel stacks, if they were recorded",
	 0},
	{"explain", KEY_EXPLAIN, NULL, 0, "a sentence below each line", 0},
	{"quiet", 'q', NULL, 0, "the verdict only", 0},
	{"verbose", 'v', NULL, 0,
	 "the kernel's packets, sequence numbers, the plan", 0},
	{"filter", 'F', "FILTER", 0,
	 "show and judge only connections with a packet that passes this pcap "
	 "filter; it replaces the -F of the run; '' selects all",
	 0},
	{"read", 'r', "FILE", 0, "the recording: FILE alone does the same", 0},
	{"record", 'w', "FILE", 0,
	 "make another recording; - is standard output", 0},
	{"html", KEY_HTML, "FILE", 0,
	 "make a page of the run, to look at in a browser", 0},
	{"svg", KEY_SVG, "FILE", 0, "draw the run, for a document", 0},
	{"perfetto", KEY_PERFETTO, "FILE", 0,
	 "make a trace of the run, for ui.perfetto.dev", 0},
	{"step", KEY_STEP, NULL, 0,
	 "one row for each key: space, arrows, PageDown, PageUp; q ends", 0},
	{"ask", KEY_ASK, NULL, 0,
	 "step, and ask at each connect(2) what it will send", 0},
	{"pace", KEY_PACE, "SECONDS|real", 0,
	 "one row every SECONDS, or at the speed of the run", 0},
	{0},
};

/* Rows are revealed one by one: from the story on, unless the user chose. */
static void settle_steps(struct argp_state *state, struct replay *replay)
{
	struct pipeline_options *show = &replay->options;
	struct steps *steps = &replay->steps;

	if (!steps_wanted(steps))
		return;
	if (show->out_path)
		argp_error(state, "--step and --pace cannot be combined with "
				  "-o");
	if (steps->keys && (steps->real || steps->pace > 0))
		argp_error(state, "--step and --pace cannot be combined");
	if (show->json || show->mermaid || show->quiet)
		argp_error(state, "--%s shows rows, and %s has none",
			   steps->keys ? "step" : "pace",
			   show->json    ? "--json" :
			   show->mermaid ? "--mermaid" :
					   "-q");
	if (!show->views_len)
		views_choose(show, "story,verdict");
	if (steps->ask && !views_begin_with_story(show))
		argp_error(state, "--ask needs a --view that begins with the "
				  "story");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct replay *replay = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &replay->terminal;
		state->child_inputs[1] = &replay->options;
		break;
	case KEY_JSON:
		replay->options.json = true;
		break;
	case KEY_STACK:
		replay->options.stack = true;
		break;
	case KEY_EXPLAIN:
		replay->options.explain = true;
		break;
	case 'q':
		replay->options.quiet = true;
		break;
	case 'v':
		replay->options.verbose = true;
		break;
	case 'w':
		replay->options.record_path = argument_file(state, "-w", arg);
		break;
	case 'F':
		filter_option(state, arg, &replay->filter, &replay->refilter);
		break;
	case KEY_MERMAID:
		replay->options.mermaid = true;
		break;
	case KEY_HTML:
		replay->options.page_path = argument_file(state, "--html", arg);
		break;
	case KEY_PERFETTO:
		replay->options.perfetto_path =
			argument_file(state, "--perfetto", arg);
		break;
	case KEY_SVG:
		replay->options.svg_path = argument_file(state, "--svg", arg);
		break;
	case KEY_STEP:
		replay->steps.keys = true;
		break;
	case KEY_ASK:
		replay->steps.keys = replay->steps.ask = true;
		break;
	case KEY_PACE:
		replay->steps.real = strcmp(arg, "real") == 0;
		if (!replay->steps.real)
			replay->steps.pace =
				argument_seconds(state, "--pace", arg);
		break;
	case ARGP_KEY_END:
		if (!replay->path)
			argp_error(state, "FILE is missing");
		settle_steps(state, replay);
		break;
	case 'r':
	case ARGP_KEY_ARG:
		if (replay->path)
			argp_error(state, "one recording at a time");
		replay->path = argument_file(state, "FILE", arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child replay_children[] = {
	{&terminal_argp, 0, NULL, 0},
	{&choose_views_argp, 0, NULL, 0},
	{0},
};

static const struct argp replay_argp = {
	.options = replay_options,
	.parser = parse_option,
	.children = replay_children,
	.args_doc = "FILE",
	.doc = "Show a recording as the live run showed it; \"-\" is standard "
	       "input.\v"
	       "Examples:\n"
	       "  tracer udp --record run.jsonl -- ./program\n"
	       "  tracer replay run.jsonl --stack\n"
	       "  tracer replay run.jsonl --html run.html\n"
	       "  tracer replay run.jsonl -F 'tcp and host 10.0.0.2'\n"
	       "  tracer replay run.jsonl --step --ask\n"
	       "  ssh lab sudo tracer udp --record - -- dig | tracer replay -\n"
	       "\n"
	       "Exit status: that of the run (0 PASS, 1 FAIL, 2 INCONCLUSIVE), "
	       "64 usage, 65 FILE is damaged or not a recording, 66 it cannot "
	       "be opened, 70 no memory, 73 an output file exists or cannot be created, 74 output "
	       "could not be written.\n",
};

static void look(struct replay *replay, const struct record *record)
{
	if (record->type == RECORD_META)
		replay->claims = *claims_of(record->meta->command) != 0;
	if (record->type == RECORD_VERDICT)
		replay->verdicts = true;
}

/* Puts -F in the place of the run's own filter, once. */
static void refilter(struct replay *replay, struct record *record)
{
	if (record->type != RECORD_META || !replay->filter)
		return;
	flow_filter_free(record->meta->filter);
	record->meta->filter = replay->filter;
	record->meta->events = 0; /* they were events of other connections */
	replay->filter = NULL;
}

/* So that views and claims know that the recording is not complete. */
static int push_truncated(struct pipeline *pipeline)
{
	struct record lost = {
		.type = RECORD_LOST,
		.lost = {.witness = WITNESS_SYSCALL,
			 .cause = LOST_TRUNCATED,
			 .count = 1},
	};

	return pipeline_push(pipeline, &lost);
}

/* 0, or the exit status that the recording itself asks for. */
static int feed(struct replay *replay, struct recording *recording,
		struct pipeline *pipeline)
{
	bool begun = false;
	struct record record, seen;
	int got, err = 0;

	while (!err && (got = recording_next(recording, &record)) > 0) {
		look(replay, &record);
		begun = true;
		if (replay->refilter && record.type == RECORD_VERDICT) {
			record_fini(&record);
			continue;
		}
		refilter(replay, &record);
		seen = record; /* the pipeline takes what it owns */
		err = pipeline_push(pipeline, &record);
		if (!err && replay->steps.out)
			err = steps_note(&replay->steps, &seen);
	}
	if (err)
		return 0; /* pipeline_close() reports it */
	if (begun && (got < 0 || (replay->claims && !replay->verdicts)))
		push_truncated(pipeline);
	if (!got)
		return 0;
	fflush(stdout);
	warn_line("%s", recording_why(recording));
	return EX_DATAERR;
}

static int show_steps(struct replay *replay, int status)
{
	int err = steps_show(&replay->steps);

	if (err == -ENOTTY) {
		warn_line("--step needs a terminal; --pace SECONDS does not");
		return EX_USAGE;
	}
	if (err)
		return warn_unwritten("standard output", err);
	return status;
}

static int cmd_replay_run(struct replay *replay, struct recording *recording)
{
	struct pipeline *pipeline;
	char why[512];
	int status, damaged, err;

	replay->options.refused = replay->refused;
	if (steps_wanted(&replay->steps)) {
		if (steps_open(&replay->steps))
			return warn_failed("out of memory");
		replay->options.out = replay->steps.out;
	}
	replay->options.program = arguments_program();
	err = pipeline_open(&pipeline, &replay->options);
	if (err) {
		warn_line("%s: %s",
			  new_file_is_stdout(replay->refused) ?
				  "standard output" :
			  *replay->refused ? replay->refused :
					     "replay",
			  new_file_why(err));
		return EX_CANTCREAT;
	}
	damaged = feed(replay, recording, pipeline);
	status = pipeline_close(pipeline, why, sizeof(why));
	if (replay->steps.out)
		status = show_steps(replay, status);
	if (*why)
		warn_line("%s", why);
	return damaged && status != EX_IOERR ? damaged : status;
}

static int cmd_replay(int argc, char **argv)
{
	struct replay replay = {.options = {.in_order = true}};
	struct recording *recording;
	int status, err;

	terminal_look(&replay.terminal);
	arguments_parse(&replay_argp, argc, argv, 0, &replay);
	if (replay.options.json)
		ascii_json();
	/* a closed pipe is a write error and does not kill us */
	signal(SIGPIPE, SIG_IGN);
	replay.options.colour = replay.terminal.colour;
	replay.options.columns = replay.terminal.columns;
	replay.options.edge = replay.terminal.edge;
	err = recording_open(&recording, replay.path);
	if (err) {
		warn_line("%s: %s", replay.path, strerror(-err));
		return EX_NOINPUT;
	}
	status = cmd_replay_run(&replay, recording);
	recording_close(recording);
	steps_fini(&replay.steps);
	flow_filter_free(replay.filter); /* there was no meta record */
	return status;
}

const struct command command_replay = {
	.name = "replay",
	.place = 80,
	.line = "show a recording as the live run showed it",
	.run = cmd_replay,
	.asks_no_kernel = true,
};
