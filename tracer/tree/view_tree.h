/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Prints the trees of a run: as text, as UDP and TCP side by side, as JSON, as a
 * page.
 * Each view writes to a stream; errors stay in ferror().
 *
 *   in:  struct tree_log, struct calltree, struct tree_judgement
 *   out: view_tree.c, view_tree_both.c, view_tree_json.c, view_tree_page.c
 */
#ifndef DIALTONE_VIEW_TREE_H
#define DIALTONE_VIEW_TREE_H

#include <stdio.h>

#include "calltree.h"
#include "tree_judge.h"

struct tree_view {
	FILE *out;
	const struct tree_log *log;
	const struct calltree *tree;
	const struct tree_scope *scope;
	const struct tree_judgement *judgement;
	unsigned int depth; /* levels; 0: all */
	bool explain;
	bool until_packet; /* of two: no rows after the first packet */
	bool colour;
};

/* Each tree in the order of the calls. 0 or -ENOMEM. */
int view_tree_text(const struct tree_view *view);

/*
 * The first tree of @udp and of @tcp side by side; the levels that lead to one of
 * the task's own packets are shown in any case. Either may be NULL: its column
 * says so.
 */
int view_tree_both(const struct tree_view *view, const struct tree_call *udp,
		   const struct tree_call *tcp);

/* A line of JSON for each of @calls, NULL: for all that are to be shown. */
int view_tree_json(const struct tree_view *view,
		   const struct tree_call *const *calls, size_t len);

/*
 * A page of HTML for each of @calls (NULL: an empty column), or for all that are
 * to be shown if @calls is NULL; of two, the common beginning is marked.
 * 0 or -ENOMEM.
 */
int view_tree_page(const struct tree_view *view,
		   const struct tree_call *const *calls, size_t len);

/* The last line: complete, or INCONCLUSIVE and why. */
void view_tree_verdict(const struct tree_view *view);

/* The text of a row: a function, a packet, a fold. */
void view_tree_row(const struct tree_call *call, const struct tree_row *row,
		   char *buf, size_t size);

/* "connect(3) = 0", "echo-client 148, UDP", "29 functions; 9 deep; ..." */
void view_tree_result(const struct tree_view *view,
		      const struct tree_call *call, char *buf, size_t size);
void view_tree_task(const struct tree_call *call, char *buf, size_t size);
void view_tree_sum(const struct tree_call *call, char *buf, size_t size);

/* "complete" or "INCONCLUSIVE", and the sentence after it. */
const char *view_tree_word(const struct tree_view *view);
void view_tree_evidence(const struct tree_view *view, char *buf, size_t size);

/* By enum tree_context; and what softirq is, in two clauses. */
extern const char *const tree_contexts[];
extern const char *const tree_softirq_is[];

/* The functions that were explained in this output; NULL: none was. */
struct tree_explained;

/*
 * The sentence on a function, the first time; later, or if it is not known, NULL.
 * @name is the log's, which has each name once. Without memory it comes again.
 */
const char *tree_explanation(struct tree_explained **explained,
			     const char *name);
void tree_explained_free(struct tree_explained *explained);

/* How many packets: "3, 2 of them in softirq". */
void view_tree_packets(const struct tree_call *call, char *buf, size_t size);

#endif
