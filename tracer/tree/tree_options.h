/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The command line of `tracer tree`. */
#ifndef DIALTONE_TREE_OPTIONS_H
#define DIALTONE_TREE_OPTIONS_H

#include <stdbool.h>

#include "process/output.h"
#include "process/target.h"
#include "process/terminal.h"
#include "tree_scope.h"

struct tree_options {
	const struct tree_scope *scope;
	struct target target; /* nothing but the command */
	struct terminal terminal;
	bool both;
	unsigned int depth; /* levels shown; 0: all */
	bool depth_given;
	unsigned int buffer_kib; /* of ftrace's ring, a CPU */
	bool until_packet;       /* --both: no rows after the first packet */
	bool json, explain;
	struct output output;
	const char *record, *replay, *html; /* file names; NULL */
};

/* Parses, and ends the process where the line is wrong (EX_USAGE). */
void tree_options_parse(struct tree_options *options, int argc, char **argv);

/* Is standard output for data? Then the command's output goes elsewhere. */
bool tree_writes_data(const struct tree_options *options);

#endif
