/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The sentinel: traffic that the tracer sends to itself, so that "nothing was
 * seen" can be told from "nobody was looking".
 *
 * It walks every step of the plan: connect, send, receive, disconnect, close
 * for UDP; listen, connect, accept, send, receive, close for TCP; over
 * 127.0.0.1, and nothing but itself can answer.
 */
#ifndef DIALTONE_SENTINEL_H
#define DIALTONE_SENTINEL_H

#include <stdbool.h>
#include <stdint.h>

#include "record.h"

#define SENTINEL_ENDS 64

/*
 * A local end that a walk used, and while it held it: afterwards the port may
 * be anybody's.
 */
struct sentinel_end {
	struct endpoint end;
	uint64_t from_ns, until_ns; /* CLOCK_MONOTONIC */
};

struct sentinel {
	bool udp, tcp;
	int knock_ifindex; /* capture of one interface: knock there as well */
	uint32_t sent;     /* complete walks */
	struct sentinel_end ends[SENTINEL_ENDS]; /* the latest */
	unsigned int ends_len;
};

/*
 * Walks once, about a millisecond. -ETIMEDOUT if an answer stays away for two
 * seconds (is lo up?), or what the socket calls say.
 */
int sentinel_walk(struct sentinel *sentinel);

/* Does a captured packet belong to a sentinel? */
bool sentinel_owns(const struct sentinel *sentinel,
		   const struct record *packet);

#endif
