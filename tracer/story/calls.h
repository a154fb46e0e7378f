/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The tracker: what the story keeps track of. It assigns system calls, and the
 * functions that run in them, to sockets.
 */
#ifndef DIALTONE_CALLS_H
#define DIALTONE_CALLS_H

#include "connects.h"
#include "evidence.h"
#include "sockets.h"
#include "story.h"

/* Zeroed is empty. */
struct tracker {
	struct evidence evidence;
	struct flow_filter *filter; /* -F, for connects in no call; or NULL */
	struct sockets sockets;
	struct connects connects;
	struct follow follow;
};

/* An enter, exit or call record; each fills @note. 0 or -ENOMEM. */
int calls_enter(struct tracker *tracker, const struct record *enter,
		struct note *note);
int calls_exit(struct tracker *tracker, const struct record *exit,
	       struct note *note);
int calls_function(struct tracker *tracker, const struct record *record,
		   struct note *note);

/* The call that the thread was in is over, whether its exit was seen or not. */
void calls_leave(struct tracker *tracker, struct open_call *call);

/*
 * A change of state: was a socket connected outside the calls that are watched?
 */
void calls_state(struct tracker *tracker, const struct record *record);

/* The packet was sent by @socket. 0 or -ENOMEM. */
int tracker_sent(struct tracker *tracker, struct socket_entry *socket,
		 const struct record *packet);

/* A record of time @ts_ns has arrived. */
void tracker_tick(struct tracker *tracker, uint64_t ts_ns);

/*
 * After a record, when no note refers to it any more: @judge (or NULL) judges
 * what is over, and what was not used for long is forgotten.
 */
void tracker_settle(struct tracker *tracker, struct connect_judge *judge);

void tracker_fini(struct tracker *tracker);

#endif
