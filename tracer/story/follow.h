/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which packets belong to a followed socket: those with an end where one is
 * bound. It also counts how many of them each witness saw.
 */
#ifndef DIALTONE_FOLLOW_H
#define DIALTONE_FOLLOW_H

#include "evidence.h"

struct follow_end;
struct follow_peer;

/*
 * More addresses than that: those not used for longest leave, if that was not a
 * moment ago; more than FOLLOW_HARD_MAX: in any case.
 */
#define FOLLOW_MAX      16384
#define FOLLOW_HARD_MAX 65536

/* Zeroed is empty. */
struct follow {
	struct follow_end *ends;
	struct follow_peer *peers;
	TAILQ_HEAD(end_queue, follow_end) by_use; /* the latest comes last */
	uint64_t now_ns;           /* of the latest record; its user's */
	struct gap gaps[GAPS_MAX]; /* of addresses that have left */
	unsigned int gaps_len;
};

/* From now on packets at @local are followed; without a port, nothing is. */
int follow_add(struct follow *follow, uint8_t proto,
	       const struct endpoint *local);

/*
 * While a socket's own address is not known, packets at its @peer are followed.
 * Each watch is ended by one unwatch. 0 or -ENOMEM.
 */
int follow_watch(struct follow *follow, uint8_t proto,
		 const struct endpoint *peer);
void follow_unwatch(struct follow *follow, uint8_t proto,
		    const struct endpoint *peer);

/*
 * Is the flow from local to peer followed? For a record about a packet, such as
 * an ICMP error.
 */
bool follow_flow(const struct follow *follow, const struct record *record);

/* Is the packet followed? If @count, its witness has seen one more. */
bool follow_packet(struct follow *follow, const struct record *packet,
		   bool count);

/* Does the packet go to an address where a followed socket is bound? */
bool follow_receives(const struct follow *follow, const struct record *packet);

/* Lets one address leave, if there are more than FOLLOW_MAX. */
void follow_forget(struct follow *follow);

/* Notes for each end the packets that one witness saw and another did not. */
void follow_gaps(struct follow *follow, struct evidence *evidence);

void follow_fini(struct follow *follow);

#endif
