// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * `tracer tree --replay` alone: the pure stages of tracer tree, under the
 * sanitizers, linked with nothing that could ask a kernel.
 */
#include "tree/tree_files.h"
#include "tree/tree_show.h"

#include <sysexits.h>

int main(int argc, char **argv)
{
	struct tree_options options;
	struct tree_files files = {0};
	struct tree_log log = {0};
	int status;

	tree_options_parse(&options, argc, argv);
	if (!options.replay)
		return EX_UNAVAILABLE;
	status = tree_replay(&options, &log);
	if (!status)
		status = tree_files_open(&files, &options);
	if (!status) {
		status = tree_show(&options, &log, &files);
		if (tree_files_close(&files, true))
			status = EX_IOERR;
	}
	tree_log_fini(&log);
	return status;
}
