/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The command line of `tracer stack`. */
#ifndef DIALTONE_STACK_OPTIONS_H
#define DIALTONE_STACK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "process/output.h"
#include "process/target.h"
#include "stack_plan.h"

struct stack_options {
	struct target target;
	struct output output;
	struct stack_plan plan; /* with the functions named */
	uint32_t ring_bytes;
	double seconds;  /* 0: no limit */
	uint64_t events; /* calls; 0: no limit */
	bool folded, json, user, explain;
};

/*
 * Parses; argv[0] is the subcommand's name. Prints its own error and exits
 * with 64 (EX_USAGE) on a bad line, with 0 after --help.
 */
void stack_options_parse(struct stack_options *options, int argc, char **argv);

#endif
