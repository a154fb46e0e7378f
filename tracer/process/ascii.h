/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Output where the locale has no UTF-8 (LANG=C): standard output and standard
 * error have no byte above 127 then. Files that the tracer makes stay UTF-8.
 */
#ifndef DIALTONE_ASCII_H
#define DIALTONE_ASCII_H

#include <stdbool.h>

/*
 * Asks the locale, and if it has no UTF-8, sends both streams through a filter.
 * An arrow or a line of a frame becomes an ASCII character of the same width;
 * any other character becomes "?". Call it before the first output.
 */
void ascii_output(void);

/* Has ascii_output() found that the locale has no UTF-8? */
bool ascii_is_wanted(void);

/* Standard output is JSON: a character becomes \uXXXX, so that no data is lost. */
void ascii_json(void);

#endif
