/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Connects that are over. A long run has many of them, and most have passed: so
 * each is judged as soon as nothing can change it, and only a few are kept.
 *
 * A UDP connect(2) is over when it returns, unless it was counted packets that
 * the wire has not seen yet; a TCP connect(2) when it has returned and both
 * witnesses have seen the end of its handshake, or something else has ended it.
 * Where the wire may be late, SETTLED_LATE_NS pass first.
 */
#ifndef DIALTONE_SETTLED_H
#define DIALTONE_SETTLED_H

#include "evidence.h"

#define SETTLED_LATE_NS 10000000000ULL
#define SETTLED_MAX     4096 /* that wait so long; more: the oldest does not */

/*
 * Judges connects that are over. @keep: true if the connect has to be kept until
 * the end of the run; false if it was counted, and may go.
 */
struct connect_judge {
	bool (*keep)(struct connect_judge *judge,
		     const struct connect *connect);
};

TAILQ_HEAD(connect_queue, connect);

/* Zeroed is empty. */
struct settled {
	struct connect_queue at_once, later;
	unsigned int later_len;
	bool begun;
	uint64_t now_ns; /* of the latest record */
};

/* May @connect still change, so that it is not over? */
bool settled_goes_on(const struct connect *connect);

/* If @connect is over, it is put among those that are to be judged. */
void settled_note(struct settled *settled, struct connect *connect);

/* The next one that is to be judged now; NULL: none. */
struct connect *settled_next(struct settled *settled);

/* @connect leaves: it is freed next. */
void settled_remove(struct settled *settled, struct connect *connect);

/* Lets *@pointer point to @to (or NULL) instead of what it points to. */
void settled_point(struct settled *settled, struct connect **pointer,
		   struct connect *to);

/*
 * A view refers to @connect until the run ends: so it is kept. It may be called
 * with what a note has, although that is const.
 */
void connect_pin(const struct connect *connect);

#endif
