// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer tree: what runs in the kernel during one system call. Its stages are
 * connected here:
 *
 *   graph (ftrace) ──┐
 *   a recording ─────┴─► tree_log ─► calltree ─► tree_judge ─► view_tree*
 *
 * Everything right of tree_log is pure (tree_show.c). Nothing is printed before
 * ftrace is restored, so a slow reader does not keep it from other users.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands.h"
#include "process/ascii.h"
#include "process/warn.h"
#include "process/privileges.h"
#include "record/new_file.h"
#include "tree/tree_options.h"
#include "tree/tree_recording.h"
#include "tree/tree_run.h"
#include "tree/tree_show.h"

/* Into @out, which is closed. */
static int record(FILE *out, const char *path, const struct tree_log *log)
{
	int err = 0;

	tree_recording_write(out, log);
	if (ferror(out))
		err = -EIO;
	if (fclose(out))
		err = -errno;
	return err ? warn_unwritten(path, err) : EX_OK;
}

static int cmd_tree_run(const struct tree_options *options, char **argv,
			struct tree_log *log)
{
	FILE *recording = NULL;
	int status = tree_run(options, argv, log, &recording);

	if (recording && status) {
		/* empty, and in the way of the next run's */
		fclose(recording);
		if (!new_file_is_stdout(options->record))
			unlink(options->record);
	} else if (recording) {
		status = record(recording, options->record, log);
	}
	return status;
}

/* A recording may come from another user: it is never read as root. */
static int replay(struct tree_options *options, struct tree_log *log)
{
	char why[PRIVILEGES_WHY];

	if (privileges_drop(PRIVILEGES_KEEP_FILES, why))
		return warn_failed(why);
	return tree_replay(options, log);
}

int cmd_tree(int argc, char **argv)
{
	struct tree_options options;
	struct tree_log log = {0};
	int status;

	tree_options_parse(&options, argc, argv);
	if (options.json)
		ascii_json();
	status = options.replay ? replay(&options, &log) :
				  cmd_tree_run(&options, argv, &log);
	if (!status)
		status = tree_show(&options, &log);
	tree_log_fini(&log);
	return status;
}
