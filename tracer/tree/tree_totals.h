/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The totals of a tree, and what its functions reveal about the socket. */
#ifndef DIALTONE_TREE_TOTALS_H
#define DIALTONE_TREE_TOTALS_H

#include "calltree.h"

struct tree_totals {
	size_t functions, irq_functions; /* all; those of softirq and hardirq */
	unsigned int depth;              /* 1: the root alone; 0: no tree */
	size_t packets, irq_packets;
	size_t unended;  /* functions whose exit was not seen */
	uint64_t off_ns; /* without a CPU */
};

/* Of the nodes from @from to before @to. */
struct tree_totals tree_totals_between(const struct tree_call *call,
				       size_t from, size_t to);
struct tree_totals tree_totals(const struct tree_call *call);

/* The index behind the last descendant of @node. */
size_t tree_behind(const struct tree_call *call, size_t node);

/*
 * "UDP", "TCP" or "UNIX" by the first function of the task's own that only
 * that protocol has; NULL if none is there. What a softirq ran does not count:
 * on loopback it may be the peer's.
 */
const char *tree_protocol(const struct tree_call *call);

/* Has the tree a function of this name? */
bool tree_has(const struct tree_call *call, const char *name);

/* Is it a socket at all? A descriptor given to close(2) may be anything. */
bool tree_is_socket(const struct tree_call *call);

#endif
