/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A run of `tracer tree`: self-test, command, self-test.
 *
 *   in:  the options
 *   out: a struct tree_log, sorted
 */
#ifndef DIALTONE_TREE_RUN_H
#define DIALTONE_TREE_RUN_H

#include <stdio.h>

#include "tree_log.h"
#include "tree_options.h"

/*
 * Runs, and fills @log. Returns an exit status; what is not EX_OK has been
 * told on standard error. Ftrace is as it was before when this returns. Once
 * the tracing has begun the process is without privilege, for good, and
 * @recording, which the caller closes, is the file that options->record names,
 * or stays NULL.
 */
int tree_run(const struct tree_options *options, char **argv,
	     struct tree_log *log, FILE **recording);

#endif
