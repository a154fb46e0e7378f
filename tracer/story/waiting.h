/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * TCP connects of which no SYN was seen yet. If something refuses one of them,
 * its answer is all that is known of the SYN.
 */
#ifndef DIALTONE_WAITING_H
#define DIALTONE_WAITING_H

#include "evidence.h"

struct waiting_at;

/* Zeroed is empty. */
struct waiting_connects {
	struct waiting_at
		*table; /* by the two ends, as far as they are known */
};

/* The connect's own address is known, and identifies its packets. */
bool endpoint_is_resolved(const struct endpoint *local);

/* The peer of the connect's packets, if it is known. */
const struct endpoint *connect_peer(const struct connect *connect);

/* @connect waits, at its ends as they are now. 0 or -ENOMEM. */
int waiting_add(struct waiting_connects *waiting, struct connect *connect);

/* Its ends may have changed. 0 or -ENOMEM; not waiting: nothing happens. */
int waiting_move(struct waiting_connects *waiting, struct connect *connect);

/* It waits no longer, or did not. */
void waiting_remove(struct waiting_connects *waiting, struct connect *connect);

/*
 * A packet from @local to @peer was refused: the connects whose SYN it may have
 * been have their refusal, and wait no longer.
 */
void waiting_refuse(struct waiting_connects *waiting,
		    const struct endpoint *local, const struct endpoint *peer,
		    const struct refusal *refusal);

void waiting_fini(struct waiting_connects *waiting);

#endif
