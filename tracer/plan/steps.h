/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The steps that happen inside the calls: what each does, and what shows it. */
#ifndef DIALTONE_STEPS_H
#define DIALTONE_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/event.h"

#define PLAN_CANDIDATES 3

/*
 * Does a verdict on connect(2) need a live probe of the step? An IPv6 socket with
 * an IPv4-mapped peer connects by the functions of IPv6 and transmits by those of
 * IPv4.
 */
enum step_need {
	NOT_NEEDED,
	BY_SOCKETS, /* of the step's family */
	BY_PACKETS,
};

/* In the order of the table, whatever the padding. NOLINTNEXTLINE */
struct plan_step {
	const char *name;
	uint8_t proto; /* IPPROTO_UDP, IPPROTO_TCP */
	const char *candidates[PLAN_CANDIDATES + 1]; /* best first, NULL last */
	const char *why;  /* what the function does, in a few words */
	bool ipv6;        /* IPv4 does not pass here: it has the step before */
	const char *gone; /* the Linux that removed it; no longer needed */
	bool has_len;     /* its length counts bytes of payload */
	/*
	 * It is given a packet before its socket is known: the record's local and
	 * peer are the packet's source and destination.
	 */
	bool given_packet;
	bool connects;   /* it is the first of connect(2) */
	bool builds_syn; /* the socket has both its ends, the peer as stored */
	enum step_need needed;
};

/* Indexed by enum step. */
extern const struct plan_step plan_steps[STEP_MAX];

/* The row of that name; for one that is not known, an empty row. */
const struct plan_step *step_named(const char *name);

/* Is there another step for IPv6? Then it is the next one. */
bool step_has_twin(enum step step);

#endif
