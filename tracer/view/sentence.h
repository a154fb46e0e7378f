/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sentences that may come from a recording: they are escaped. */
#ifndef DIALTONE_SENTENCE_H
#define DIALTONE_SENTENCE_H

#include "view.h"

void sentence_write(const struct view_options *options, const char *sentence);

/*
 * Broken at words where options.edge says that the terminal would break it. The
 * first @columns of the line are taken, and the next lines begin below.
 */
void sentence_wrap(const struct view_options *options, const char *sentence,
		   unsigned int columns);

/* Only what fits behind @columns of the line, which options.edge is beyond. */
void sentence_cut(const struct view_options *options, const char *sentence,
		  unsigned int columns);

#endif
