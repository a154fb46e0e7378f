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
#include <stdbool.h>

#include "commands.h"
#include "process/ascii.h"
#include "process/privileges.h"
#include "process/warn.h"
#include "tree/tree_files.h"
#include "tree/tree_options.h"
#include "tree/tree_recording.h"
#include "tree/tree_run.h"
#include "tree/tree_show.h"

/* A recording may come from another user: it is never read as root. */
static int replay(struct tree_options *options, struct tree_log *log,
		  struct tree_files *files)
{
	char why[PRIVILEGES_WHY];
	int status;

	if (privileges_drop(PRIVILEGES_KEEP_FILES, why))
		return warn_failed(why);
	status = tree_replay(options, log);
	return status ? status : tree_files_open(files, options);
}

static int cmd_tree(int argc, char **argv)
{
	struct tree_options options;
	struct tree_files files = {0};
	struct tree_log log = {0};
	int status, unwritten;
	bool good;

	tree_options_parse(&options, argc, argv);
	if (options.json)
		ascii_json();
	status = options.replay ? replay(&options, &log, &files) :
				  tree_run(&options, argv, &log, &files);
	good = !status;
	if (good && files.recording.file)
		tree_recording_write(files.recording.file, &log);
	if (good)
		status = tree_show(&options, &log, &files);
	unwritten = tree_files_close(&files, good);
	tree_log_fini(&log);
	return unwritten ? unwritten : status;
}

const struct command command_tree = {
	.name = "tree",
	.place = 60,
	.line = "all kernel functions that run inside one call",
	.run = cmd_tree,
};
