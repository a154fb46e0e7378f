// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Two call trees side by side, their common beginning on the same lines:
 *
 *     connect(2)   UDP                          TCP
 *                  __sys_connect              = __sys_connect
 *                    move_addr_to_kernel      =   move_addr_to_kernel
 *                    inet_dgram_connect           inet_stream_connect
 *     functions    29                           312, 201 of them in softirq
 *     packets      0                            3, 2 of them in softirq
 *
 * See view_tree.h.
 */
#include "view_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record/text.h"
#include "calltree.h"
#include "view/line.h"

#define LABEL  12
#define COLUMN 28 /* at least */
#define CELL   400

/* A mark for calls that are not the task's own. */
static const char *const marks[] = {
	[TREE_TASK] = "",
	[TREE_SOFTIRQ] = "softirq: ",
	[TREE_HARDIRQ] = "hardirq: ",
};

struct column {
	const char *title;
	const struct tree_call *call; /* NULL: there is none */
	struct tree_rows rows;
	char (*cells)[CELL];
	size_t width;
};

/* The mark is printed where another context begins, not on each line. */
static void fill(struct column *column, size_t at)
{
	const struct tree_row *row = &column->rows.rows[at];
	const struct tree_node *node = &column->call->nodes[row->node];
	enum tree_context before = TREE_TASK;
	char buf[320];

	if (at)
		before = column->call->nodes[column->rows.rows[at - 1].node]
				 .context;
	view_tree_row(column->call, row, buf, sizeof(buf));
	snprintf(column->cells[at], CELL, "%*s%s%s", (int)node->depth, "",
		 node->context != before ? marks[node->context] : "", buf);
}

static int fill_column(struct column *column, unsigned int depth)
{
	int err;

	column->width = COLUMN;
	if (!column->call)
		return 0;
	err = tree_fold(column->call, depth, true, &column->rows);
	if (err)
		return err;
	column->cells = calloc(column->rows.len + 1, sizeof(*column->cells));
	if (!column->cells)
		return -ENOMEM;
	for (size_t i = 0; i < column->rows.len; i++) {
		size_t width;

		fill(column, i);
		width = text_columns(column->cells[i]);
		if (width > column->width)
			column->width = width;
	}
	return 0;
}

/* The rows up to the first packet, with it; without one, all. */
static void cut_at_packet(struct column *column)
{
	for (size_t i = 0; column->call && i < column->rows.len; i++) {
		const struct tree_row *row = &column->rows.rows[i];

		if (!row->fold &&
		    column->call->nodes[row->node].kind == NODE_PACKET)
			column->rows.len = i + 1;
	}
}

static void line(const struct tree_view *view, const char *label,
		 const struct column *udp, const char *left, char sign,
		 const char *right)
{
	size_t pad = udp->width - text_columns(left);

	fprintf(view->out, "  %-*s%s", LABEL, label, left);
	if (*right)
		fprintf(view->out, "%*s %c %s", (int)pad, "", sign, right);
	fputc('\n', view->out);
}

static void both_write_rows(const struct tree_view *view,
			    const struct column *udp, const struct column *tcp)
{
	size_t most =
		udp->rows.len > tcp->rows.len ? udp->rows.len : tcp->rows.len;
	size_t common = 0;

	if (udp->call && tcp->call)
		common = tree_common(udp->call, &udp->rows, tcp->call,
				     &tcp->rows);
	for (size_t i = 0; i < most; i++) {
		const char *label = "";

		if (i == 0 && common)
			label = "in common";
		else if (i == common)
			label = "apart";
		line(view, label, udp, i < udp->rows.len ? udp->cells[i] : "",
		     i < common ? '=' : ' ',
		     i < tcp->rows.len ? tcp->cells[i] : "");
	}
}

static void totals(const struct column *column, char functions[80],
		   char depth[80], char packets[80], char time[80])
{
	struct tree_totals sum;
	int used;

	*functions = *depth = *packets = *time = '\0';
	if (!column->call)
		return;
	sum = tree_totals(column->call);
	used = snprintf(functions, 80, "%zu", sum.functions);
	if (sum.irq_functions)
		snprintf(functions + used, 80 - used,
			 ", %zu of them in softirq", sum.irq_functions);
	snprintf(depth, 80, "%u", sum.depth);
	view_tree_packets(column->call, packets, 80);
	if (!column->call->returned)
		return;
	used = snprintf(time, 80, "%.3f ms",
			(column->call->return_ns - column->call->call_ns) /
				1e6);
	if (sum.off_ns)
		snprintf(time + used, 80 - used, ", %.3f ms without a CPU",
			 sum.off_ns / 1e6);
}

static void both_write_totals(const struct tree_view *view,
			      const struct column *udp,
			      const struct column *tcp)
{
	char left[4][80], right[4][80];
	static const char *const labels[] = {"functions", "depth", "packets",
					     "time"};

	totals(udp, left[0], left[1], left[2], left[3]);
	totals(tcp, right[0], right[1], right[2], right[3]);
	fputc('\n', view->out);
	for (int i = 0; i < 4; i++)
		line(view, labels[i], udp, left[i], ' ', right[i]);
	fputc('\n', view->out);
}

int view_tree_both(const struct tree_view *view, const struct tree_call *udp,
		   const struct tree_call *tcp)
{
	struct column left = {.title = "UDP", .call = udp};
	struct column right = {.title = "TCP", .call = tcp};
	char call[32];
	int err;

	err = fill_column(&left, view->depth);
	if (!err)
		err = fill_column(&right, view->depth);
	if (!err && view->until_packet) {
		cut_at_packet(&left);
		cut_at_packet(&right);
	}
	if (!err) {
		snprintf(call, sizeof(call), "%s(2)", view->scope->name);
		line(view, call, &left, udp ? "UDP" : "UDP: no call was seen",
		     ' ', tcp ? "TCP" : "TCP: no call was seen");
		both_write_rows(view, &left, &right);
		both_write_totals(view, &left, &right);
	}
	free(left.rows.rows);
	free(left.cells);
	free(right.rows.rows);
	free(right.cells);
	return err;
}
