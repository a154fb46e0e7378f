// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The files that `tracer tree` makes. See tree_files.h. */
#include "tree_files.h"

#include <errno.h>
#include <sysexits.h>
#include <unistd.h>

#include "process/privileges.h"
#include "process/warn.h"
#include "record/new_file.h"

static int make(FILE **file, const char *path, bool overwrite)
{
	int err = path ? new_file_open(file, path, overwrite) : 0;

	if (!err)
		return EX_OK;
	privileges_cannot_make(path, err);
	return EX_CANTCREAT;
}

int tree_files_open(struct tree_files *files,
		    const struct tree_options *options)
{
	bool overwrite = options->output.overwrite;
	int status;

	files->output = options->output;
	status = output_open(&files->output);
	if (!status)
		status = make(&files->recording, options->record, overwrite);
	if (!status)
		status = make(&files->page, options->html, overwrite);
	if (status)
		tree_files_close(files, options, false);
	return status;
}

static int end(FILE **file, const char *path, bool good)
{
	int err = 0;

	if (!*file)
		return EX_OK;
	if (ferror(*file))
		err = -EIO;
	if (fclose(*file))
		err = -errno;
	*file = NULL;
	if (!good && !new_file_is_stdout(path))
		unlink(path);
	return good && err ? warn_unwritten_file(path, err) : EX_OK;
}

int tree_files_close(struct tree_files *files,
		     const struct tree_options *options, bool good)
{
	int recording = end(&files->recording, options->record, good);
	int page = end(&files->page, options->html, good);
	int output = output_close(&files->output, good);

	return recording ? recording : page ? page : output;
}
