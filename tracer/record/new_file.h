/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A file that the tracer makes because a user has named it. */
#ifndef DIALTONE_NEW_FILE_H
#define DIALTONE_NEW_FILE_H

#include <stdio.h>

/*
 * Makes the file @path, mode 0644, and opens it for writing. A file that
 * exists, or a symbolic link, is not written to (-EEXIST). 0 or -errno.
 */
int new_file_open(FILE **file, const char *path);

#endif
