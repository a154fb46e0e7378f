/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where a command prints what it found: standard output, or the FILE of -o. Then
 * standard output is the followed command's alone.
 */
#ifndef DIALTONE_OUTPUT_H
#define DIALTONE_OUTPUT_H

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

#include "child.h"

/* Zeroed: standard output. */
struct output {
	const char *path; /* NULL: no -o */
	bool overwrite;   /* -f */
	FILE *file;       /* open; NULL: standard output */
};

/* The options -o and -f, as a child of a command's parser. Its input is @output. */
extern const struct argp output_argp;

/*
 * Makes the file that the user named, while the process has the privileges for
 * files (PRIVILEGES_KEEP_FILES). EX_OK, or EX_CANTCREAT after a message.
 */
int output_open(struct output *output);

FILE *output_stream(const struct output *output);

/*
 * Flushes and closes it. EX_OK, or EX_IOERR after a message. Removes a file
 * unless what was written is @good, so that the next run can make it.
 */
int output_close(struct output *output, bool good);

/*
 * Everything is open that needs a privilege, except the file: opens it, drops
 * all privileges, calls @run with @context, and closes the file. The exit
 * status of @run, or of what failed, after a message.
 */
int output_run(struct output *output, int (*run)(void *context), void *context);

/*
 * Where the followed command's own output goes; @data: the tracer's output is
 * not text.
 */
enum child_output output_of_child(const struct output *output, bool data);

#endif
