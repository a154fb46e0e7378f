/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * connect(2) from its entry to its exit: which packets were its own, and
 * whether it began a handshake or only asked about an earlier one.
 *
 * A long run has many connects, and most have passed: so each is judged as soon
 * as nothing can change it, and only a few are kept. A UDP connect(2) is over
 * when it returns, unless packets were counted in it that the wire has not seen
 * yet. A TCP connect(2) is over when it has returned and both witnesses have
 * seen the end of its handshake, or something else has ended it. Where the wire
 * may be late, SETTLED_LATE_NS pass first.
 */
#ifndef DIALTONE_CONNECTS_H
#define DIALTONE_CONNECTS_H

#include "flows.h"
#include "sockets.h"
#include "windows.h"

#define SETTLED_LATE_NS 10000000000ULL
#define SETTLED_MAX     4096 /* that wait so long; if more, the oldest stops */

/*
 * Judges connects that are over. @keep: true if the connect has to be kept until
 * the end of the run; false if it was counted, and may go.
 */
struct connect_judge {
	bool (*keep)(struct connect_judge *judge,
		     const struct connect *connect);
};

TAILQ_HEAD(connect_queue, connect);

/*
 * Two queues: of those to be judged at once, and of those that the wire may still
 * add to, the oldest first. Zeroed is empty.
 */
struct settled {
	struct connect_queue at_once, later;
	unsigned int later_len;
	bool begun;
	uint64_t now_ns; /* of the latest record */
};

/* Zeroed is empty. */
struct connects {
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
int connects_begin(struct connects *connects, struct evidence *evidence,
		   struct socket_entry *socket, const struct record *enter,
		   struct connect **connect);

/*
 * An open connect learns its local address, and the peer that the kernel
 * stored; a port of 0 means that this one is not known. 0 or -ENOMEM.
 */
int connects_ends(struct connects *connects, struct connect *connect,
		  const struct endpoint *local, const struct endpoint *peer);

/*
 * Of the connects that are open on @socket, the kernel has let this TCP connect
 * go first: the socket is in SYN-SENT because of it, and the others wait.
 */
void connects_began(struct connects *connects, struct socket_entry *socket,
		    struct connect *connect);

/* The call has returned: its packets are counted. 0 or -ENOMEM. */
int connects_end(struct connects *connects, struct socket_entry *socket,
		 struct connect *connect, const struct record *exit);

/* Its thread makes another call, or the run is over: the exit was missed. */
void connects_abandon(struct connects *connects, struct connect *connect);

/* @socket sent the packet, before connects_packet(). 0 or -ENOMEM. */
int connects_sent(struct connects *connects, struct socket_entry *socket,
		  const struct record *packet);

/*
 * A packet of any socket; @again: the kernel reports one on its way in over lo
 * that it has already reported on its way out. *@connect is the call whose
 * handshake it belongs to, *@sender the number of the socket that sent it; 0:
 * not known. 0 or -ENOMEM.
 */
int connects_packet(struct connects *connects, const struct record *packet,
		    bool again, struct connect **connect, uint32_t *sender);

/* An ICMP error: it may have refused a connect. */
void connects_icmp(struct connects *connects, const struct record *icmp);

/*
 * The TCP socket, whose SYN was not answered, is closed: @by_task, or because
 * the kernel has given up.
 */
void connects_closed(struct connects *connects, struct socket_entry *socket,
		     bool by_task);

/*
 * The socket was closed or is a new one: it no longer points to a connect.
 * @closing: close(2) was called; before Linux 6.6 the kernel closes the socket
 * only now.
 */
void connects_let_go(struct connects *connects, struct socket_entry *socket,
		     bool closing);

/* Frees @connect, which is over and to which nothing points. */
void connects_forget(struct connects *connects, struct evidence *evidence,
		     struct connect *connect);

/* Closes the holes in the list of connects. */
void evidence_close_holes(struct evidence *evidence);

/* At the end: moves the connects that the filter left out after the others. */
void evidence_part(struct evidence *evidence);

/* The next connect that is to be judged now; NULL: none. */
struct connect *settled_next(struct settled *settled);

/* Lets *@pointer point to @to (or NULL) instead of what it points to. */
void settled_point(struct settled *settled, struct connect **pointer,
		   struct connect *to);

void connects_fini(struct connects *connects);

/* Has the kernel stored another peer than the one that the call gave? */
bool connect_is_redirected(const struct connect *connect);

/* The open or unfinished TCP connect between the two ends; NULL: none. */
struct connect *connects_between(const struct connects *connects,
				 const struct endpoint *a,
				 const struct endpoint *b);

/* Returned without an end: EINPROGRESS, or interrupted by a signal. */
bool connect_is_pending(const struct connect *connect);

/*
 * Had the call returned at @ts_ns? A record may be shown later than it came
 * (selection.h), and the call may have gone on.
 */
bool connect_had_returned(const struct connect *connect, uint64_t ts_ns);

/* Is it a connect(AF_UNSPEC), which dissolves the association (connect(2))? */
bool connect_dissolves(const struct connect *connect);

/* May @connect still change, so that it is not over? */
bool connect_goes_on(const struct connect *connect);

/* A view refers to @connect until the run ends: so it is kept. */
void connect_pin(struct connect *connect);

#endif
