/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * TCP flows from their SYN to the end of their handshake, as each of the two
 * packet witnesses saw them; and the connects of which no SYN was seen yet.
 */
#ifndef DIALTONE_FLOWS_H
#define DIALTONE_FLOWS_H

#include <sys/queue.h>

#include "evidence.h"
#include "record/hash.h"
#include "record/text.h"

#define TRACK_FLAGS 16 /* more packets are counted, and not listed */

enum progress {
	FLOW_SYN,         /* SYNs, or nothing at all yet */
	FLOW_CROSSED,     /* a SYN from each side: RFC 9293 3.5, figure 7 */
	FLOW_SYN_ACK,     /* answered, and the answer not acknowledged */
	FLOW_ESTABLISHED, /* SYN, SYN-ACK, ACK: RFC 9293 3.5 */
	FLOW_REFUSED,     /* SYN, RST from the peer */
	FLOW_ABORTED,     /* a RST from the side that called */
};

/* What one witness saw of a handshake. */
struct track {
	uint32_t packets;
	uint8_t flags[TRACK_FLAGS]; /* of each TCP header, in order */
	enum progress progress;
	uint64_t ended_ns;
	char iface[2][IFNAME_BYTES]; /* from the caller, from the peer */
	/* the latest that went out, from the caller and from the peer */
	struct {
		uint32_t seq, ack;
		uint8_t flags; /* 0: none */
	} out[2];
	bool crossed; /* it was a simultaneous open */
};

struct flow_key {
	struct endpoint_key caller, peer;
};

struct flow_name {
	struct flow_key key;
	struct flow *flow; /* NULL: it is in no table */
	UT_hash_handle hh;
};

/*
 * It has a second pair of ends for packets that NAT has translated: over a
 * loopback the SYN has the ends that the wire sees, and the answer those of the
 * socket.
 */
struct flow {
	struct flow_name names[2];
	uint32_t seq; /* of the SYN; another one is another connection */
	bool has_syn;
	uint64_t syn_ns;
	uint32_t sender; /* of the SYN, by the kernel; 0: not known */
	struct endpoint caller;
	struct track track[WITNESSES];
	struct connect *owner; /* NULL: no connect(2) is known that made it */
	struct orphans *among; /* without an owner; else NULL */
	TAILQ_ENTRY(flow) same_peer, by_age; /* without an owner */
	LIST_ENTRY(flow) entry;              /* with one */
};

LIST_HEAD(flow_list, flow);
TAILQ_HEAD(flow_queue, flow);

#define ORPHANS_MAX 8192

/* Zeroed is empty. */
struct flows {
	struct flow_name *table;
	struct flow_list owned;
	struct orphans *orphans;  /* by their peer */
	struct flow_queue by_age; /* all of these, the oldest first */
	unsigned int orphans_len;
	uint64_t forgotten_ns;   /* the latest SYN of those given up */
	struct flow *touched[2]; /* by the latest packet; NULL */
};

/*
 * A packet of a flow that is known goes into its track. A SYN makes a new flow
 * without an owner if @new is set. *@flow is the packet's, or NULL. 0, -ENOMEM.
 */
int flows_packet(struct flows *flows, const struct record *packet, bool new,
		 struct flow **flow);

/*
 * Gives @connect, whose local address is known, its flow: one that its SYN has
 * made since its entry, or a new one that waits for the SYN; none as long as
 * the flow between the two ends is that of the connect before it on the same
 * socket. 0 or -ENOMEM.
 */
int flows_claim(struct flows *flows, struct connect *connect);

/*
 * Gives @connect the flow of the SYN that its socket was seen to send, whatever
 * its ends are. 0 or -ENOMEM.
 */
int flows_sent(struct flows *flows, struct connect *connect,
	       const struct record *syn);

/*
 * For a connect whose local address stayed unknown: claims the one flow without
 * an owner that went to its peer since its entry, if there is exactly one and
 * the kernel does not name another socket as its sender. If there were more than
 * ORPHANS_MAX, the oldest are not known any more: then it claims none.
 */
void flows_claim_by_peer(struct flows *flows, struct connect *connect);

/* The flow between the two ends, whichever called; NULL: none. */
struct flow *flows_find(const struct flows *flows, const struct endpoint *a,
			const struct endpoint *b);

/* Forgets the flows without an owner. */
void flows_drop_orphans(struct flows *flows);

/* Forgets the flow of a connect that is over. */
void flows_drop_owned(struct flows *flows, struct connect *connect);

/* Has the handshake ended, for this witness? */
bool track_ended(const struct track *track);

/* "SYN, SYN-ACK, ACK", joined by @separator; "" for none. */
void track_format(const struct track *track, struct text *text,
		  const char *separator);

void flows_fini(struct flows *flows);

/*
 * TCP connects of which no SYN was seen yet. If something refuses one of them,
 * its answer is all that is known of the SYN. Zeroed is empty.
 */
struct waiting_connects {
	/* by the two ends, as far as they are known */
	struct waiting_at *table;
};

/* The connect's own address is known, and identifies its packets. */
bool endpoint_is_resolved(const struct endpoint *local);

/* The peer of the connect's packets, if it is known. */
const struct endpoint *connect_peer(const struct connect *connect);

/* @connect waits, at its ends as they are now. 0 or -ENOMEM. */
int waiting_add(struct waiting_connects *waiting, struct connect *connect);

/* Its ends may have changed. 0 or -ENOMEM; not waiting: nothing happens. */
int waiting_move(struct waiting_connects *waiting, struct connect *connect);

/* It no longer waits. If it did not wait, nothing happens. */
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
