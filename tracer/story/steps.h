/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The steps that happen inside the calls: what each of them does. */
#ifndef DIALTONE_STEPS_H
#define DIALTONE_STEPS_H

#include <stdbool.h>
#include <stdint.h>

/* A few words for the plan's step @name; "" for one that is not known. */
const char *step_remark(const char *name);

/* Does the step's length count bytes of payload? */
bool step_has_len(const char *name);

/*
 * Is the function given a packet before its socket is known? Then the record's
 * local and peer are the packet's source and destination.
 */
bool step_is_given_packet(const char *name);

/* Is it the first of connect(2)? */
bool step_connects(const char *name);

/* Has the socket both its ends by then, with the peer as stored? */
bool step_builds_syn(const char *name);

/* A step that a verdict needs a live probe for, by the two families. */
struct step_need {
	const char *ipv4;
	const char *ipv6; /* NULL: the same */
	bool of_packets;  /* by the packets, not by the socket's family */
};

/*
 * The steps that a verdict on connect(2) of @proto needs, ended by NULL: those
 * of connecting and of transmitting. An IPv6 socket with an IPv4-mapped peer
 * connects by the functions of IPv6 and transmits by those of IPv4.
 */
const struct step_need *step_needed(uint8_t proto);

#endif
