/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The events of `tracer tree` in a file (--record, --replay): text, one line
 * per event, a letter and its fields. See tree_recording.c for the letters.
 */
#ifndef DIALTONE_TREE_RECORDING_H
#define DIALTONE_TREE_RECORDING_H

#include <stdio.h>

#include "tree_log.h"

/* Errors stay in ferror(@out). */
void tree_recording_write(FILE *out, const struct tree_log *log);

/*
 * Reads into @log, which is empty. 0, -ENOMEM, or -EINVAL: line *@line does not
 * belong in a recording, -EFBIG: it is too long (recording.h), -E2BIG:
 * there are TREE_EVENTS_MAX before it; the lines before it are in @log.
 */
int tree_recording_read(FILE *in, struct tree_log *log, unsigned long *line);

#endif
