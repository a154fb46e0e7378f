// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The files that `tracer tree` makes. See tree_files.h. */
#include "tree_files.h"

#include <sysexits.h>

int tree_files_open(struct tree_files *files,
		    const struct tree_options *options)
{
	bool overwrite = options->output.overwrite;
	int status;

	files->output = options->output;
	files->recording = (struct output){options->record, overwrite, NULL};
	files->page = (struct output){options->html, overwrite, NULL};
	status = output_open(&files->output);
	if (!status)
		status = output_open(&files->recording);
	if (!status)
		status = output_open(&files->page);
	if (status)
		tree_files_close(files, false);
	return status;
}

/* What has no file would be standard output, which is flushed once. */
static int close_file(struct output *output, bool good)
{
	return output->file ? output_close(output, good) : EX_OK;
}

int tree_files_close(struct tree_files *files, bool good)
{
	int recording = close_file(&files->recording, good);
	int page = close_file(&files->page, good);
	int output = output_close(&files->output, good);

	return recording ? recording : page ? page : output;
}
