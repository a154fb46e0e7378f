/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the story keeps track of: sockets and calls, connects, what is followed,
 * and the evidence.
 */
#ifndef DIALTONE_TRACKER_H
#define DIALTONE_TRACKER_H

#include "connecting.h"
#include "evidence.h"
#include "follow.h"
#include "sockets.h"

/* Zeroed is empty. */
struct tracker {
	struct evidence evidence;
	struct sockets sockets;
	struct connecting connecting;
	struct follow follow;
};

/* Learns what @record says about its socket. 0 or -ENOMEM. */
int tracker_learn(struct tracker *tracker, struct socket_entry *socket,
		  const struct record *record);

/* The socket is bound to @local; no port: nothing is learned. 0 or -ENOMEM. */
int tracker_learn_local(struct tracker *tracker, struct socket_entry *socket,
			uint8_t proto, const struct endpoint *local);

/* The packet was sent by @socket. 0 or -ENOMEM. */
int tracker_sent(struct tracker *tracker, struct socket_entry *socket,
		 const struct record *packet);

/* The socket is no longer followed by its peer's address. */
void tracker_unwatch(struct tracker *tracker, struct socket_entry *socket,
		     uint8_t proto);

/*
 * The socket was closed (@closed), or is a new one: what was known of it is
 * forgotten.
 */
void tracker_renew(struct tracker *tracker, struct socket_entry *socket,
		   uint8_t proto, bool closed);

/* A record of that time comes. */
void tracker_tick(struct tracker *tracker, uint64_t ts_ns);

/*
 * After a record, when no note refers to it any more: @judge (or NULL) judges
 * what is over, and what was not used for long is forgotten.
 */
void tracker_settle(struct tracker *tracker, struct connect_judge *judge);

void tracker_fini(struct tracker *tracker);

#endif
