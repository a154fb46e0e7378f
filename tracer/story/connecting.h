/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * connect(2) from its entry to its exit: which packets were its own, and
 * whether it began a handshake or only asked about an earlier one.
 */
#ifndef DIALTONE_CONNECTING_H
#define DIALTONE_CONNECTING_H

#include "flows.h"
#include "settled.h"
#include "sockets.h"
#include "waiting.h"
#include "windows.h"

/* Zeroed is empty. */
struct connecting {
	struct windows windows;
	struct flows flows;
	unsigned int calling; /* TCP connects that are open */
	struct waiting_connects waiting;
	struct settled settled;
};

/*
 * The call has begun: *@connect is added to @evidence, which owns it.
 * 0 or -ENOMEM.
 */
int connecting_begin(struct connecting *connecting, struct evidence *evidence,
		     struct socket_entry *socket, const struct record *enter,
		     struct connect **connect);

/*
 * An open connect learns its local address, and the peer that the kernel
 * stored; a port of 0 means that this one is not known. 0 or -ENOMEM.
 */
int connecting_ends(struct connecting *connecting, struct connect *connect,
		    const struct endpoint *local, const struct endpoint *peer);

/* The call has returned: its packets are counted. 0 or -ENOMEM. */
int connecting_end(struct connecting *connecting, struct socket_entry *socket,
		   struct connect *connect, const struct record *exit);

/* Its thread makes another call, or the run is over: the exit was missed. */
void connecting_abandon(struct connecting *connecting, struct connect *connect);

/* @socket sent the packet, before connecting_packet(). 0 or -ENOMEM. */
int connecting_sent(struct connecting *connecting, struct socket_entry *socket,
		    const struct record *packet);

/*
 * A packet of any socket; @again: the kernel reports one on its way in over lo
 * that it has already reported on its way out. *@connect is the call whose
 * handshake it belongs to, *@sender the number of the socket that sent it; 0:
 * not known. 0 or -ENOMEM.
 */
int connecting_packet(struct connecting *connecting,
		      const struct record *packet, bool again,
		      struct connect **connect, uint32_t *sender);

/* An ICMP error: it may have refused a connect. */
void connecting_icmp(struct connecting *connecting, const struct record *icmp);

/*
 * The TCP socket, whose SYN was not answered, is closed: @by_task, or because
 * the kernel has given up.
 */
void connecting_closed(struct connecting *connecting,
		       struct socket_entry *socket, bool by_task);

/*
 * The socket was closed or is a new one: it points to no connect any more.
 * @closing: but before Linux 6.6, the kernel closes it only now.
 */
void connecting_let_go(struct connecting *connecting,
		       struct socket_entry *socket, bool closing);

/* Frees @connect, which is over and to which nothing points. */
void connecting_forget(struct connecting *connecting, struct evidence *evidence,
		       struct connect *connect);

/* The list of connects has no holes any more. */
void evidence_close_holes(struct evidence *evidence);

/* A window for packets is what it has: UDP, or connect(AF_UNSPEC). */
bool connect_has_window(const struct connect *connect);

/* Does the kernel have another peer stored than the call gave? */
bool connect_is_redirected(const struct connect *connect);

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
