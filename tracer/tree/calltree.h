/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The calls of a run, and beneath each the tree of what ran in it.
 *
 *   in:  struct tree_log, sorted
 *   out: a list of calls; the nodes of each in the order in which they began,
 *        so that the descendants of a node are the deeper ones that follow it
 *
 * A tree is of one task: what an interrupt or a softirq ran in the task's time
 * is in it and is marked, what another task did on its behalf is not.
 */
#ifndef DIALTONE_CALLTREE_H
#define DIALTONE_CALLTREE_H

#include "tree_log.h"

enum node_kind {
	NODE_FUNCTION,
	NODE_PACKET, /* name: the device */
	NODE_OFF,    /* the task had no CPU, for duration_ns */
};

struct tree_node {
	const char *name; /* of the log */
	uint64_t start_ns, duration_ns;
	uint32_t bytes;          /* of a packet, link header included */
	unsigned int depth : 14; /* 0: the function that the call begins with */
	bool ended : 1;          /* its exit was seen */
	enum node_kind kind : 8;
	enum tree_context context : 8;
};

struct tree_call {
	pid_t tid;
	const char *comm; /* of the log; "" if unknown */
	bool called;      /* its beginning was seen at the boundary */
	bool returned;    /* its end was, too */
	int64_t fd, ret;
	uint64_t call_ns, return_ns;
	struct tree_node *nodes;
	size_t len, room;
};

struct calltree {
	struct tree_call *calls;
	size_t len, room;
	uint64_t strays;           /* exits within a tree that had no entry */
	unsigned int self_packets; /* of the tracer, wherever it sent them */
};

/*
 * Makes @tree of @log, which must outlive it. @roots, which ends with NULL, are
 * the functions that a tree may begin with. The first is the call's. The second
 * is part of that call if the task runs it next after the call's return (the
 * release of a closed socket, in kernels before 6.6). 0 or -ENOMEM; end it with
 * calltree_fini() in either case.
 */
int calltree_build(struct calltree *tree, const struct tree_log *log,
		   const char *const *roots);
void calltree_fini(struct calltree *tree);

/* The totals of a tree, and what its functions reveal about the socket. */

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

/*
 * Which nodes of a tree are shown: a connect(2) over TCP has hundreds.
 *
 *   in:  a call, how many levels to show
 *   out: rows, each a node or a summary of nodes that are not shown
 */

struct tree_row {
	size_t node;   /* the first of them, if it is a fold */
	size_t behind; /* index after the last */
	bool fold;
};

struct tree_rows {
	struct tree_row *rows;
	size_t len;
};

/*
 * Nodes less than @depth deep (0: all) become rows of their own; the others are
 * folded, neighbours of one context into one row. @to_packets is for the
 * comparison of two trees: then every node of the task's own on the way to a
 * packet of its own is a row; what an interrupt did without a packet, and time
 * without a CPU, gets no row. 0 or -ENOMEM; the caller frees @rows->rows.
 */
int tree_fold(const struct tree_call *call, unsigned int depth, bool to_packets,
	      struct tree_rows *rows);

/*
 * How many rows two folded trees begin with in common: the same function at the
 * same depth, or a fold at the same place.
 */
size_t tree_common(const struct tree_call *a, const struct tree_rows *a_rows,
		   const struct tree_call *b, const struct tree_rows *b_rows);

#endif
