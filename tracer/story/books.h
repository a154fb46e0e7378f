/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The books that the story keeps: sockets and calls, connects, what is
 * followed, and the evidence.
 */
#ifndef DIALTONE_BOOKS_H
#define DIALTONE_BOOKS_H

#include "connecting.h"
#include "evidence.h"
#include "follow.h"
#include "sockets.h"

/* Zeroed is empty. */
struct books {
	struct evidence evidence;
	struct sockets sockets;
	struct connecting connecting;
	struct follow follow;
};

/* What @record tells about the socket that it is about. 0 or -ENOMEM. */
int books_learn(struct books *books, struct socket_entry *socket,
		const struct record *record);

/* The socket is bound to @local; no port: nothing is learned. 0 or -ENOMEM. */
int books_learn_local(struct books *books, struct socket_entry *socket,
		      uint8_t proto, const struct endpoint *local);

/* @socket is the one that sent the packet. 0 or -ENOMEM. */
int books_sent(struct books *books, struct socket_entry *socket,
	       const struct record *packet);

/* The socket is no longer followed by its peer's address. */
void books_unwatch(struct books *books, struct socket_entry *socket,
		   uint8_t proto);

void books_fini(struct books *books);

#endif
