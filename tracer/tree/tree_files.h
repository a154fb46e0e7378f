/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The files that `tracer tree` makes. */
#ifndef DIALTONE_TREE_FILES_H
#define DIALTONE_TREE_FILES_H

#include <stdbool.h>

#include "tree_options.h"

/* Zeroed: none is open. */
struct tree_files {
	struct output output; /* of the text, or of JSON */
	struct output recording, page;
};

/* Makes the files that the options name. An exit status; an error was printed. */
int tree_files_open(struct tree_files *files,
		    const struct tree_options *options);

/*
 * Closes them. Unless what was written is @good, removes them, so that the next
 * run can make them. An exit status, as above.
 */
int tree_files_close(struct tree_files *files, bool good);

#endif
