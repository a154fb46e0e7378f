/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A run of `tracer tree`: self-test, command, self-test.
 *
 *   in:  the options
 *   out: a struct tree_log, sorted
 */
#ifndef DIALTONE_TREE_RUN_H
#define DIALTONE_TREE_RUN_H

#include "tree_files.h"
#include "tree_log.h"
#include "tree_options.h"

/*
 * Runs, and fills @log. Returns an exit status; an error has been printed on
 * standard error. It restores ftrace before it returns. Once the tracing has
 * begun the process has no privileges, for good, and @files, which the
 * caller closes, are open.
 */
int tree_run(const struct tree_options *options, char **argv,
	     struct tree_log *log, struct tree_files *files);

#endif
