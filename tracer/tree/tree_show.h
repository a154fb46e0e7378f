/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The pure half of `tracer tree`: from the events to the output.
 *
 *   in:  a struct tree_log, or a recording of one
 *   out: text or JSON on standard output, a page, and the exit status
 */
#ifndef DIALTONE_TREE_SHOW_H
#define DIALTONE_TREE_SHOW_H

#include "tree_files.h"
#include "tree_log.h"
#include "tree_options.h"

/*
 * Reads the recording that the options name into @log, which is empty, and sets
 * options->syscall to that of the recording. Returns an exit status; an error
 * has been printed.
 */
int tree_replay(struct tree_options *options, struct tree_log *log);

/*
 * Prints the trees of @log, sorted, as the options say, and makes a page of them
 * in @files->page, if that is open. EX_OK: they are complete; 2: they may not
 * be, and the reason is printed; or an error, which has been printed.
 */
int tree_show(const struct tree_options *options, const struct tree_log *log,
	      const struct tree_files *files);

#endif
