/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reads the lines of a file that anyone may have made: a line has a limit, and
 * so has the memory for it.
 */
#ifndef DIALTONE_LINE_READER_H
#define DIALTONE_LINE_READER_H

#include <stdio.h>

#define LINE_BYTES_MAX (1 << 20) /* with its newline */
#define LINE_TOO_LONG  "the line is longer than 1 MiB"

/* Zeroed but for @file, which stays the caller's. */
struct line_reader {
	FILE *file;
	char *line; /* the latest, ended by a zero byte behind its newline */
	size_t size;
	unsigned long number; /* of the latest line, from 1 */
};

/*
 * Reads the next line: its length, which counts its newline; 0 at the end;
 * -EFBIG if it is longer than LINE_BYTES_MAX; -ENOMEM; -errno of reading.
 */
int line_reader_next(struct line_reader *reader);

void line_reader_fini(struct line_reader *reader);

#endif
