/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A pcap filter that selects connections, not packets. It is a program for the
 * machine of BPF (bpf(4), tcpdump -d) over raw IP packets. A connection is selected
 * if a packet of it, in either direction, would pass. The program may read no
 * more of a packet than a connection has: protocol, addresses and ports.
 *
 *   in:  a program (wire/filter_compile.h, or a recording); two ends
 *   out: is the connection selected, or is that not known yet, because one of
 *        its ends is not known?
 */
#ifndef DIALTONE_FLOW_FILTER_H
#define DIALTONE_FLOW_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "endpoint.h"

#define FLOW_FILTER_MAX 4096 /* instructions, as in the kernel: BPF_MAXINSNS */
#define FLOW_FILTER_WHY 192

/* As struct bpf_insn of libpcap, and struct sock_filter of Linux. */
struct flow_insn {
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
};

enum choice {
	CHOICE_OPEN, /* what is known of the connection does not decide it */
	CHOICE_SELECTED,
	CHOICE_LEFT_OUT,
};

/* What is known of a connection. */
struct flow_ends {
	uint8_t proto; /* IPPROTO_UDP, IPPROTO_TCP; 0: not known */
	/* an address that is absent or 0, and a port of 0, is not known yet, */
	struct endpoint local, peer;
	bool local_is_final, peer_is_final; /* but will never be another one */
};

struct flow_filter;

/*
 * Makes a filter of the program. @text is what it was compiled from. 0, -ENOMEM,
 * or -EINVAL: then @why says what it asks that a connection does not have, or
 * what is wrong with it. *@filter is the caller's, for flow_filter_free().
 */
int flow_filter_new(struct flow_filter **filter, const char *text,
		    const struct flow_insn *insns, unsigned int len,
		    char why[static FLOW_FILTER_WHY]);

/*
 * The same from "4,48 0 0 0,84 0 0 240,...": how many instructions, and code, jt,
 * jf and k of each, as xt_bpf(8) takes them.
 */
int flow_filter_parse(struct flow_filter **filter, const char *text,
		      const char *bytecode, char why[static FLOW_FILTER_WHY]);

/* Takes NULL. */
void flow_filter_free(struct flow_filter *filter);

/* Belongs to the filter. */
const char *flow_filter_text(const struct flow_filter *filter);

/* In the form that flow_filter_parse() reads; to be freed. NULL: no memory. */
char *flow_filter_bytecode(const struct flow_filter *filter);

enum choice flow_filter_choose(struct flow_filter *filter,
			       const struct flow_ends *ends);

#endif
