/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Walks through a BPF program without a packet, along all paths that are
 * possible with the known fields of a packet.
 *
 *   in:  a program, and a packet of which some fields are known
 *   out: can it pass, can it be rejected, and which instruction reads something
 *        else than the fields of a connection
 */
#ifndef DIALTONE_FILTER_WALK_H
#define DIALTONE_FILTER_WALK_H

#include "flow_filter.h"

/* One end of a packet. */
struct walk_end {
	bool has_addr, has_port; /* they are known */
	uint8_t addr[16];        /* four bytes with IPv4 */
	uint16_t port;
};

/* A packet. */
struct walk_packet {
	int version;   /* 4 or 6 */
	uint8_t proto; /* IPPROTO_UDP or IPPROTO_TCP */
	struct walk_end src, dst;
};

struct walk_result {
	bool passes, fails;        /* some path ends so */
	char why[FLOW_FILTER_WHY]; /* "": it reads fields of a connection only */
};

struct walk_state;

/* Room for walks of programs of @len instructions; to be freed. NULL: no memory. */
struct walk_state *walk_room(unsigned int len);

/* A program that is wrong, or reads other fields, has @result->why set. */
void filter_walk(const struct flow_insn *insns, unsigned int len,
		 struct walk_state *room, const struct walk_packet *packet,
		 struct walk_result *result);

#endif
