/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * connect(2) from its entry to its exit: which packets were its own, and
 * whether it began a handshake or only asked after one.
 */
#ifndef DIALTONE_CONNECTING_H
#define DIALTONE_CONNECTING_H

#include "flows.h"
#include "sockets.h"
#include "windows.h"

/* Zeroed is empty. */
struct connecting {
	struct windows windows;
	struct flows flows;
	unsigned int calling; /* TCP connects that are open */
};

/*
 * The call has begun: *@connect is added to @evidence, which owns it.
 * 0 or -ENOMEM.
 */
int connecting_begin(struct connecting *connecting, struct evidence *evidence,
		     struct socket_entry *socket, const struct record *enter,
		     struct connect **connect);

/* The socket of an open connect is known to be at @local. 0 or -ENOMEM. */
int connecting_local(struct connecting *connecting, struct connect *connect,
		     const struct endpoint *local);

/* The call has returned: its packets are counted. 0 or -ENOMEM. */
int connecting_end(struct connecting *connecting, struct socket_entry *socket,
		   struct connect *connect, const struct record *exit);

/* Its thread does something else, or the run is over: the exit was missed. */
void connecting_abandon(struct connecting *connecting, struct connect *connect);

/* A packet, whoever's. *@connect is the one whose handshake it is in. */
int connecting_packet(struct connecting *connecting,
		      const struct record *packet, struct connect **connect);

/* The open or unfinished TCP connect between the two ends; NULL: none. */
struct connect *connecting_between(const struct connecting *connecting,
				   const struct endpoint *a,
				   const struct endpoint *b);

/* Returned without an end: EINPROGRESS, or interrupted by a signal. */
bool connect_is_pending(const struct connect *connect);

/* connect(AF_UNSPEC): it dissolves, connect(2). */
bool connect_dissolves(const struct connect *connect);

void connecting_fini(struct connecting *connecting);

#endif
