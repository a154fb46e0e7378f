/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The calls of a run, and beneath each the tree of what ran in it.
 *
 *   in:  struct tree_log, sorted
 *   out: a list of calls; the nodes of each in the order in which they began,
 *        so that the descendants of a node are those behind it that are deeper
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
 * Makes @tree of @log, which must outlive it. @roots, NULL behind the last, are
 * the functions that a tree may begin with: the first is the call's; the second,
 * where it is what the task does next after the call's return (the release of a
 * closed socket, kernels before 6.6), is part of that call. 0 or -ENOMEM; to be
 * ended with calltree_fini() anyhow.
 */
int calltree_build(struct calltree *tree, const struct tree_log *log,
		   const char *const *roots);
void calltree_fini(struct calltree *tree);

#endif
