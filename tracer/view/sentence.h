/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A sentence that may come from a recording, on a terminal: escaped, and within
 * the terminal's edge (view_options.edge).
 */
#ifndef DIALTONE_SENTENCE_H
#define DIALTONE_SENTENCE_H

#include "view.h"

/*
 * Both write @sentence behind the first @columns of a line, which are taken.
 * sentence_wrap() breaks it; the next lines begin below its first word.
 * sentence_cut() ends it with "…" at the edge, which is beyond @columns.
 */
void sentence_wrap(const struct view_options *options, const char *sentence,
		   unsigned int columns);
void sentence_cut(const struct view_options *options, const char *sentence,
		  unsigned int columns);

#endif
