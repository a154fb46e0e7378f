// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Call trees as text. See view_tree.h.
 *
 *     connect(3) = 0  echo-client 148, UDP
 *        1.074 ms           __sys_connect
 *        0.002 ms             move_addr_to_kernel
 *        0.980 ms             __sys_connect_file
 *                             … 27 functions
 *       29 functions; 9 deep; packets: 0
 *
 * A time is from the entry of the function to its exit and includes the
 * functions that it called. A context (softirq or hardirq) is shown if it is
 * not the task's.
 */
#include "view_tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "calltree.h"
#include "explain/explanations.h"
#include "record/constants.h"
#include "record/hash.h"
#include "record/text.h"
#include "view/line.h"

#define BODY     24 /* the column where a tree begins */
#define SENTENCE 78

const char *const tree_contexts[] = {
	[TREE_TASK] = "",
	[TREE_SOFTIRQ] = "softirq",
	[TREE_HARDIRQ] = "hardirq",
};

const char *const tree_softirq_is[] = {
	"softirq: this CPU's network work, done in the task's time but not by "
	"the call itself",
	"on loopback it includes the peer's side",
};

static const char *tree_plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* "… 14 functions, 9 in softirq, 1 packet" */
static void write_fold(struct text *text, const struct tree_call *call,
		       const struct tree_row *row)
{
	struct tree_totals totals =
		tree_totals_between(call, row->node, row->behind);
	size_t irq = totals.irq_functions;

	if (call->nodes[row->node].context != TREE_TASK)
		irq = 0; /* the row itself says so */
	text_add(text, "…");
	if (totals.functions > irq)
		text_printf(text, " %zu function%s", totals.functions - irq,
			    tree_plural(totals.functions - irq));
	if (irq)
		text_printf(text, "%s %zu in softirq",
			    totals.functions > irq ? "," : "", irq);
	if (totals.packets)
		text_printf(text, ", %zu packet%s", totals.packets,
			    tree_plural(totals.packets));
}

void view_tree_row(const struct tree_call *call, const struct tree_row *row,
		   char *buf, size_t size)
{
	const struct tree_node *node = &call->nodes[row->node];
	struct text text;

	text_init(&text, buf, size);
	if (row->fold) {
		write_fold(&text, call, row);
		return;
	}
	if (node->kind == NODE_OFF) {
		text_add(&text, "⋯ the task has no CPU");
		return;
	}
	if (node->kind == NODE_PACKET)
		text_printf(&text, "▶ packet, %u bytes, to ", node->bytes);
	text_escape(&text, node->name, strlen(node->name), true);
	if (node->kind == NODE_FUNCTION && !node->ended)
		text_add(&text, "  (its exit was not seen)");
}

void view_tree_packets(const struct tree_call *call, char *buf, size_t size)
{
	struct tree_totals totals = tree_totals(call);
	struct text text;

	text_init(&text, buf, size);
	text_printf(&text, "%zu", totals.packets);
	if (totals.irq_packets)
		text_printf(&text, ", %zu of them in softirq",
			    totals.irq_packets);
}

struct tree_explained {
	const char *name;
	UT_hash_handle hh;
};

const char *tree_explanation(struct tree_explained **explained,
			     const char *name)
{
	const struct explanation *known = explanation_find(name);
	struct tree_explained *found = NULL;

	if (known)
		hash_find(*explained, &name, found);
	if (!known || found)
		return NULL;
	hash_new(*explained, name, &name, found);
	return known->sentence;
}

void tree_explained_free(struct tree_explained *explained)
{
	hash_empty(explained, free);
}

/* Below a function, the sentence on it, the first time in this output. */
static void tree_explain(const struct tree_view *view, const char *name,
			 int column, struct tree_explained **explained)
{
	const char *rest = tree_explanation(explained, name);
	char buf[SENTENCE * 4 + 1];
	struct text line;
	int width = SENTENCE - column;

	if (!rest)
		return;
	text_init(&line, buf, sizeof(buf));
	while (wrap_next(&rest, &line, width > 40 ? width : 40)) {
		fprintf(view->out, "%*s", column, "");
		line_styled(view->out, view->colour, STYLE_DIM, buf);
		fputc('\n', view->out);
	}
}

static void tree_write_row(const struct tree_view *view,
			   const struct tree_call *call,
			   const struct tree_row *row,
			   struct tree_explained **explained)
{
	const struct tree_node *node = &call->nodes[row->node];
	int column = BODY + 2 * node->depth;
	bool timed = !row->fold && node->kind != NODE_PACKET && node->ended;
	char buf[320];

	if (timed)
		fprintf(view->out, "%9.3f ms", node->duration_ns / 1e6);
	else
		fprintf(view->out, "%12s", "");
	fprintf(view->out, "  %-8s%*s", tree_contexts[node->context],
		column - BODY + 2, "");
	view_tree_row(call, row, buf, sizeof(buf));
	line_styled(view->out, view->colour,
		    row->fold                 ? STYLE_DIM :
		    node->kind == NODE_PACKET ? STYLE_BOLD :
						STYLE_PLAIN,
		    buf);
	fputc('\n', view->out);
	if (view->explain && !row->fold && node->kind == NODE_FUNCTION)
		tree_explain(view, node->name, column + 2, explained);
}

void view_tree_result(const struct tree_view *view,
		      const struct tree_call *call, char *buf, size_t size)
{
	struct text text;

	text_init(&text, buf, size);
	text_add(&text, view->scope->name);
	if (call->called)
		text_printf(&text, "(%" PRId64 ")", call->fd);
	if (call->returned && call->ret < 0 && constant_errno(-call->ret))
		text_printf(&text, " = -1 %s", constant_errno(-call->ret));
	else if (call->returned)
		text_printf(&text, " = %" PRId64, call->ret);
	else
		text_add(&text, " had not returned when the run ended");
}

void view_tree_task(const struct tree_call *call, char *buf, size_t size)
{
	const char *protocol = tree_protocol(call);
	size_t comm = strnlen(call->comm, 16);
	struct text text;

	text_init(&text, buf, size);
	text_escape(&text, comm ? call->comm : "task", comm ? comm : 4, true);
	text_printf(&text, " %d%s%s", call->tid, protocol ? ", " : "",
		    protocol ? protocol : "");
}

static void write_heading(const struct tree_view *view,
			  const struct tree_call *call)
{
	char buf[256];

	view_tree_result(view, call, buf, sizeof(buf));
	line_styled(view->out, view->colour, STYLE_BOLD, buf);
	view_tree_task(call, buf, sizeof(buf));
	fprintf(view->out, "  %s\n", buf);
}

void view_tree_sum(const struct tree_call *call, char *buf, size_t size)
{
	struct tree_totals totals = tree_totals(call);
	char packets[80];
	struct text text;

	view_tree_packets(call, packets, sizeof(packets));
	text_init(&text, buf, size);
	text_printf(&text, "%zu function%s", totals.functions,
		    tree_plural(totals.functions));
	if (totals.irq_functions)
		text_printf(&text, ", %zu of them in softirq",
			    totals.irq_functions);
	text_printf(&text, "; %u deep; packets: %s", totals.depth, packets);
	if (totals.off_ns)
		text_printf(&text, "; %.3f ms without a CPU",
			    totals.off_ns / 1e6);
}

static void tree_write_totals(const struct tree_view *view,
			      const struct tree_call *call)
{
	char sum[256];

	view_tree_sum(call, sum, sizeof(sum));
	fprintf(view->out, "  %s\n\n", sum);
}

static int write_call(const struct tree_view *view,
		      const struct tree_call *call)
{
	struct tree_explained *explained = NULL;
	struct tree_rows rows;
	int err = tree_fold(call, view->depth, false, &rows);

	if (err)
		return err;
	write_heading(view, call);
	for (size_t i = 0; i < rows.len; i++)
		tree_write_row(view, call, &rows.rows[i], &explained);
	tree_explained_free(explained);
	tree_write_totals(view, call);
	free(rows.rows);
	return 0;
}

int view_tree_text(const struct tree_view *view)
{
	bool irq = false;
	int err = 0;

	for (size_t i = 0; !err && i < view->tree->len; i++) {
		const struct tree_call *call = &view->tree->calls[i];

		if (!tree_is_shown(view->log, call, view->scope))
			continue;
		err = write_call(view, call);
		irq |= tree_totals(call).irq_functions > 0;
	}
	if (!err && irq)
		fprintf(view->out, "%s;\n%s.\n\n", tree_softirq_is[0],
			tree_softirq_is[1]);
	return err;
}

const char *view_tree_word(const struct tree_view *view)
{
	return view->judgement->reasons_len ? "INCONCLUSIVE" : "complete";
}

void view_tree_evidence(const struct tree_view *view, char *buf, size_t size)
{
	const struct tree_judgement *j = view->judgement;
	struct text text;

	text_init(&text, buf, size);
	text_printf(&text, "%zu call%s of %s(2)", j->shown,
		    tree_plural(j->shown), view->scope->name);
	if (j->others)
		text_printf(&text, " on a socket, %zu on other files not shown",
			    j->others);
	text_printf(&text,
		    "; control: %u of %u self-tests seen; %s; %u functions "
		    "watched (function_graph, %s)",
		    j->seen, j->sent,
		    view->log->lost ? "events were lost" : "nothing lost",
		    view->log->functions,
		    view->log->instance ? "in an instance" : "global");
}

void view_tree_verdict(const struct tree_view *view)
{
	const struct tree_judgement *j = view->judgement;
	char evidence[256];

	line_styled(view->out, view->colour,
		    j->reasons_len ? STYLE_YELLOW : STYLE_GREEN,
		    view_tree_word(view));
	view_tree_evidence(view, evidence, sizeof(evidence));
	fprintf(view->out, "  %s\n", evidence);
	for (unsigned int i = 0; i < j->reasons_len; i++)
		fprintf(view->out, "      - %s\n", j->reasons[i]);
}
