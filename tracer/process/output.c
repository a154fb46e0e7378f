// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Standard output, or the FILE of -o. See output.h. */
#include "output.h"

#include <errno.h>
#include <sysexits.h>
#include <unistd.h>

#include "arguments.h"
#include "privileges.h"
#include "record/new_file.h"
#include "warn.h"

static const struct argp_option table[] = {
	{"output", 'o', "FILE", 0,
	 "print into FILE, except the command's own output", 3},
	{"force", 'f', NULL, 0, "overwrite files that exist", 3},
	{0},
};

static error_t parse_output(int key, char *arg, struct argp_state *state)
{
	struct output *output = state->input;

	switch (key) {
	case 'o':
		output->path = argument_file(state, "-o", arg);
		return 0;
	case 'f':
		output->overwrite = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp output_argp = {.options = table, .parser = parse_output};

int output_open(struct output *output)
{
	int err = output->path ? new_file_open(&output->file, output->path,
					       output->overwrite) :
				 0;

	if (!err)
		return EX_OK;
	privileges_cannot_make(output->path, err);
	return EX_CANTCREAT;
}

FILE *output_stream(const struct output *output)
{
	return output->file ? output->file : stdout;
}

int output_close(struct output *output, bool good)
{
	int err = 0;

	if (!output->file)
		return warn_flush();
	if (ferror(output->file))
		err = -EIO;
	if (fclose(output->file))
		err = -errno;
	output->file = NULL;
	if (!good && !new_file_is_stdout(output->path))
		unlink(output->path);
	return good && err ? warn_unwritten_file(output->path, err) : EX_OK;
}

int output_run(struct output *output, int (*run)(void *context), void *context)
{
	char why[PRIVILEGES_WHY];
	int status, unwritten;

	if (privileges_drop(PRIVILEGES_KEEP_FILES, why))
		return warn_failed(why);
	status = output_open(output);
	if (status)
		return status;
	if (privileges_drop(PRIVILEGES_KEEP_NONE, why))
		return warn_failed(why);
	status = run(context);
	unwritten = output_close(output, status == EX_OK ||
						 status == EXIT_INCONCLUSIVE);
	return unwritten ? unwritten : status;
}

enum child_output output_of_child(const struct output *output, bool data)
{
	if (output->path && !new_file_is_stdout(output->path))
		return CHILD_STDOUT;
	return data ? CHILD_STDERR : CHILD_MARKED;
}
