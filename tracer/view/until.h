/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * --until=connect: what is shown ends, for each protocol, where its first
 * connect(2) has done its work. The verdict and all lines about the whole run
 * stay.
 */
#ifndef DIALTONE_UNTIL_H
#define DIALTONE_UNTIL_H

#include "story/story.h"

/* Zeroed is the beginning of a run. */
struct until {
	struct until_end {
		bool wanted, over;
		const struct connect *first;
	} ends[2]; /* UDP, TCP */
};

/* Is @record, the next one of the story, shown? */
bool until_connect(struct until *until, const struct record *record,
		   const struct note *note);

#endif
