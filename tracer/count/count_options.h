/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The command line of `tracer count`. */
#ifndef DIALTONE_COUNT_OPTIONS_H
#define DIALTONE_COUNT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "counts.h"
#include "process/output.h"
#include "process/target.h"
#include "process/terminal.h"

struct count_options {
	struct target target;
	struct terminal terminal;
	struct output output;
	const char *globs[COUNT_GLOBS];
	size_t globs_len;
	double seconds;      /* 0: no limit */
	const char *backend; /* NULL: the first that this kernel has */
	uint32_t buffer_kib;
	bool json, explain, many;
};

/* Parses the command line; on an error it prints it and exits (EX_USAGE). */
void count_options_parse(struct count_options *options, int argc, char **argv);

#endif
