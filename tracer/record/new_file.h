/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A file that the tracer makes because a user has named it. */
#ifndef DIALTONE_NEW_FILE_H
#define DIALTONE_NEW_FILE_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Makes the file @path, mode 0644, and opens it for writing; "-" is standard
 * output, in a descriptor of its own. A symbolic link is not followed. A file
 * that exists is -EEXIST. With @overwrite it is emptied, if it is an ordinary
 * file of one name; else that is -EINVAL. Standard output that is closed is
 * -EBADF. 0 or -errno.
 */
int new_file_open(FILE **file, const char *path, bool overwrite);

/* Why new_file_open() returned @err. */
const char *new_file_why(int err);

/* Is it "-"? @path may be NULL. */
bool new_file_is_stdout(const char *path);

#endif
