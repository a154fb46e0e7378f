/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Breaks our own texts into lines at their spaces. */
#ifndef DIALTONE_WRAP_H
#define DIALTONE_WRAP_H

#include <stdbool.h>
#include <stddef.h>

#include "record/text.h"

/*
 * Puts the next line of *@rest, at most @columns wide, into @line, which it
 * empties first, and moves *@rest behind it. A longer word is alone on its
 * line. Returns false, and no line, at the end.
 */
bool wrap_next(const char **rest, struct text *line, size_t columns);

#endif
