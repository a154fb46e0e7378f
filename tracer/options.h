/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The command line of `tracer udp`, `tcp` and `both`. */
#ifndef DIALTONE_OPTIONS_H
#define DIALTONE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/live.h"
#include "pipeline.h"
#include "process/terminal.h"
#include "record/flow_filter.h"

#define MAX_FORCED STEP_MAX

struct trace_options {
	const char *name; /* "udp", "tcp", "both" */
	struct live_options live;
	struct terminal terminal;
	struct pipeline_options show;   /* how, and which files are made */
	const char *iface;              /* "any" by default */
	struct flow_filter *filter;     /* -F; NULL: none */
	const char *forced[MAX_FORCED]; /* --probe, as given */
	unsigned int forced_len;
	double seconds;     /* 0: no limit */
	uint64_t events;    /* 0: no limit */
	bool tier_is_given; /* --tier: do not use another one */
};

/*
 * Parses; argv[0] is the subcommand's name. Prints its own error and exits
 * with 64 (EX_USAGE) on a bad line, with 0 after --help.
 */
void options_parse(struct trace_options *options, int argc, char **argv);

#endif
