/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The self-test: traffic that the tracer sends to itself. If it is seen,
 * "nothing was seen" does not mean that the witness was blind.
 *
 * It uses every step of the plan: connect, send, splice, receive, disconnect,
 * close for UDP; listen, connect, accept, send, splice, receive, close for TCP;
 * over 127.0.0.1 and then over ::1, where no other process can answer.
 *
 * A capture on an interface other than lo sees none of that. There it uses
 * multicast: one IPv4 and one IPv6 datagram to groups that are reserved for
 * documentation (RFC 6676), which do not leave the link.
 */
#ifndef DIALTONE_SELFTEST_H
#define DIALTONE_SELFTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/record.h"

#define SELFTEST_ENDS 64

/*
 * A local end that a walk used, and when: afterwards another program may use
 * the port.
 */
struct selftest_end {
	struct endpoint end;
	uint64_t from_ns, until_ns; /* CLOCK_MONOTONIC */
};

/* The addresses that a walk uses. */
enum selftest_family {
	FAMILY_NONE,
	FAMILY_IPV4,   /* 127.0.0.1 */
	FAMILY_IPV6,   /* ::1 */
	FAMILY_MAPPED, /* ::ffff:127.0.0.1: an IPv6 socket, IPv4 packets */
};

struct selftest {
	bool udp, tcp;
	enum selftest_family second; /* besides FAMILY_IPV4 */
	char no_ipv6[80];      /* why @second is not FAMILY_IPV6; "" if it is */
	int multicast_ifindex; /* a captured interface: multicast there too */
	char no_multicast6[80]; /* why not over IPv6 as well; "" if it is */
	uint32_t sent;          /* complete walks */
	struct selftest_end ends[SELFTEST_ENDS]; /* the latest */
	unsigned int ends_len;
};

/*
 * Finds out, by walking, whether there is IPv6 here. If it is disabled (no
 * ::1), IPv6 sockets still use IPv4, and the walk uses the mapped address.
 */
void selftest_init(struct selftest *selftest, bool udp, bool tcp);

/*
 * Makes each walk send multicast on @iface as well. Finds out, by sending,
 * whether it can use IPv6 there: the interface needs an IPv6 address of its
 * own, not a tentative one.
 */
void selftest_multicast_on(struct selftest *selftest, const char *iface);

/*
 * Why the self-test sends no IPv6 packets that the capture could see; "" if it
 * does.
 */
const char *selftest_no_ipv6(const struct selftest *selftest);

/*
 * Walks once, about two milliseconds. -ETIMEDOUT if an answer is missing for
 * two seconds (is lo up?), or the error of a socket call.
 */
int selftest_walk(struct selftest *selftest);

/*
 * Explains the -errno of a failed walk: "Operation not permitted: does a
 * firewall rule of this machine drop what goes over lo?"
 */
void selftest_why(const struct selftest *selftest, int err, char *why,
		  size_t size);

/* Does a captured packet belong to a self-test? */
bool selftest_owns(const struct selftest *selftest,
		   const struct record *packet);

#endif
