/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A recording that is read as a whole, into a history. */
#ifndef DIALTONE_PAST_RUN_H
#define DIALTONE_PAST_RUN_H

#include "history.h"
#include "story.h"

#define PAST_RUN_WHY 512

/* Zeroed is empty. */
struct past_run {
	struct story_sink sink;
	struct story *story;
	struct history history;
	const struct evidence *evidence; /* with its meta record */
	bool whole; /* the recording does not end before its run */
};

/*
 * Reads the recording @path; "-" is standard input. 0; -EBADMSG: it is damaged
 * or not a recording; -ENOMEM; other -errno: it cannot be opened. @why is a
 * line with the reason. After an error, too, past_run_fini() frees what there
 * is.
 */
int past_run_read(struct past_run *run, const char *path,
		  char why[PAST_RUN_WHY]);

void past_run_fini(struct past_run *run);

#endif
