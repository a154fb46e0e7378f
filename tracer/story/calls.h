/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Assigns system calls, and the functions that run in them, to sockets. */
#ifndef DIALTONE_CALLS_H
#define DIALTONE_CALLS_H

#include "tracker.h"
#include "story.h"

/* An enter, exit or call record; each fills @note. 0 or -ENOMEM. */
int calls_enter(struct tracker *tracker, const struct record *enter,
		struct note *note);
int calls_exit(struct tracker *tracker, const struct record *exit,
	       struct note *note);
int calls_function(struct tracker *tracker, const struct record *record,
		   struct note *note);

/* The call that the thread was in is over, whether its exit was seen or not. */
void calls_leave(struct tracker *tracker, struct open_call *call);

/* A change of state: was a socket connected in no call that is watched? */
void calls_state(struct tracker *tracker, const struct record *record);

#endif
