// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Counts as text: a table for each glob, two of them side by side where they
 * fit.
 *
 *     udp_*: 9 of 57 functions called     tcp_*: 41 of 361 functions called
 *     FUNCTION         COUNT  SOFTIRQ     FUNCTION             COUNT  SOFTIRQ
 *     udp_poll             2              tcp_stream_memory…       4
 *     udp_rcv                       1     tcp_v4_rcv                        6
 *     total               11        1     total                   57       31
 *
 *   in:  counts, sorted, and the verdict over them
 *   out: text, 100 columns at most where names allow
 */
#include "view_count.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain/explanations.h"
#include "process/warn.h"
#include "view/line.h"

#define COLUMNS 100
#define GAP     5
#define NUMBER  9 /* columns of a number, with the blank before it */

/* One glob's table. Its lines: title, header, functions, total. */
struct table {
	const struct count_view *view;
	size_t glob;
	const struct count **rows; /* that were called */
	size_t rows_len;
	struct count_total total;
	int name_columns;
	bool contexts[COUNT_CONTEXTS]; /* the columns that have a number */
};

static const char *const headings[COUNT_CONTEXTS] = {
	[COUNT_TASK] = "COUNT",
	[COUNT_SOFTIRQ] = "SOFTIRQ",
	[COUNT_HARDIRQ] = "HARDIRQ",
};

static bool table_init(struct table *table, const struct count_view *view,
		       size_t glob)
{
	const struct counts *counts = view->counts;

	*table = (struct table){.view = view, .glob = glob, .name_columns = 8};
	table->rows = calloc(counts->len + 1, sizeof(const struct count *));
	if (!table->rows)
		return false;
	table->total = counts_total(counts, glob);
	for (size_t i = 0; i < counts->len; i++) {
		const struct count *count = &counts->counts[i];
		int columns = (int)strlen(count->name);

		if (!(count->globs & 1u << glob) || count_calls(count) == 0)
			continue;
		table->rows[table->rows_len++] = count;
		if (columns > table->name_columns)
			table->name_columns = columns;
	}
	for (int context = 0; context < COUNT_CONTEXTS; context++)
		table->contexts[context] = context == COUNT_TASK ||
					   table->total.calls[context] > 0;
	return true;
}

static size_t table_lines(const struct table *table)
{
	return table->rows_len ? table->rows_len + 3 : 1;
}

static void add_numbers(const struct table *table, struct text *text,
			const uint64_t calls[COUNT_CONTEXTS], bool zeros)
{
	for (int context = 0; context < COUNT_CONTEXTS; context++) {
		if (!table->contexts[context])
			continue;
		if (calls[context] || zeros)
			text_printf(text, "%*" PRIu64, NUMBER, calls[context]);
		else
			text_printf(text, "%*s", NUMBER, "");
	}
}

/* Line @n of the table, without its end. */
static void table_line(const struct table *table, size_t n, struct text *text)
{
	const struct count_total *total = &table->total;
	const struct count *row;

	if (n == 0) {
		text_printf(text, "%s: %zu of %zu functions called",
			    table->view->counts->globs[table->glob],
			    total->called, total->matched);
	} else if (n >= table_lines(table)) {
		return;
	} else if (n == 1) {
		text_printf(text, "%-*s", table->name_columns, "FUNCTION");
		for (int context = 0; context < COUNT_CONTEXTS; context++)
			if (table->contexts[context])
				text_printf(text, "%*s", NUMBER,
					    headings[context]);
	} else if (n == table->rows_len + 2) {
		text_printf(text, "%-*s", table->name_columns, "total");
		add_numbers(table, text, total->calls, true);
	} else {
		row = table->rows[n - 2];
		text_printf(text, "%-*s", table->name_columns, row->name);
		add_numbers(table, text, row->calls, false);
	}
}

static enum style line_style(size_t n)
{
	return n == 0 ? STYLE_BOLD : n == 1 ? STYLE_DIM : STYLE_PLAIN;
}

static int table_columns(const struct table *table)
{
	char title[256];
	struct text text;
	int columns = table->name_columns;

	for (int context = 0; context < COUNT_CONTEXTS; context++)
		columns += table->contexts[context] ? NUMBER : 0;
	text_init(&text, title, sizeof(title));
	table_line(table, 0, &text);
	return columns > (int)text.len ? columns : (int)text.len;
}

/* The sentence below the line of @row, if there is one. */
static void count_explain(const struct count_view *view,
			  const struct count *row)
{
	const struct explanation *found = explanation_find(row->name);
	char line[4 * COLUMNS] = "";
	struct text text = {.buf = line, .size = sizeof(line)};
	const char *lead = "  ╰ ", *rest;

	if (!found)
		return;
	rest = found->sentence;
	while (wrap_next(&rest, &text, COLUMNS - 4)) {
		line_styled(view->out, view->colour, STYLE_DIM, lead);
		line_styled(view->out, view->colour, STYLE_DIM, line);
		putc('\n', view->out);
		lead = "    ";
	}
}

/* Removes the blanks that empty columns leave at the end. */
static void trim(struct text *text)
{
	while (text->len > 0 && text->buf[text->len - 1] == ' ')
		text->buf[--text->len] = '\0';
}

static void write_table(const struct table *table)
{
	const struct count_view *view = table->view;

	for (size_t n = 0; n < table_lines(table); n++) {
		char line[512];
		struct text text;

		text_init(&text, line, sizeof(line));
		table_line(table, n, &text);
		trim(&text);
		line_styled(view->out, view->colour, line_style(n), line);
		putc('\n', view->out);
		if (view->explain && n > 1 && n < table->rows_len + 2)
			count_explain(view, table->rows[n - 2]);
	}
	putc('\n', view->out);
}

static void write_side_by_side(const struct table *left,
			       const struct table *right)
{
	const struct count_view *view = left->view;
	size_t lines = table_lines(left), more = table_lines(right);
	size_t gap = table_columns(left) + GAP;

	for (size_t n = 0; n < lines || n < more; n++) {
		char line[1024];
		struct text text;

		text_init(&text, line, sizeof(line));
		table_line(left, n, &text);
		text_printf(&text, "%*s",
			    text.len < gap ? (int)(gap - text.len) : 0, "");
		table_line(right, n, &text);
		trim(&text);
		line_styled(view->out, view->colour, line_style(n), line);
		putc('\n', view->out);
	}
	putc('\n', view->out);
}

static void count_write_verdict(const struct count_view *view)
{
	const struct count_verdict *verdict = view->verdict;
	bool good = verdict->conclusive;

	line_styled(view->out, view->colour, good ? STYLE_GREEN : STYLE_YELLOW,
		    good ? "COUNTED" : "INCONCLUSIVE");
	fprintf(view->out, "  %s\n", verdict->summary);
	for (unsigned int i = 0; i < verdict->reasons_len; i++)
		fprintf(view->out, "      - %s\n", verdict->reasons[i]);
}

static void write_tables(const struct count_view *view,
			 const struct table *tables, size_t len)
{
	bool softirq = false;

	if (len == 2 && !view->explain &&
	    table_columns(&tables[0]) + GAP + table_columns(&tables[1]) <=
		    COLUMNS)
		write_side_by_side(&tables[0], &tables[1]);
	else
		for (size_t i = 0; i < len; i++)
			write_table(&tables[i]);
	for (size_t i = 0; i < len; i++)
		softirq |= tables[i].contexts[COUNT_SOFTIRQ];
	if (softirq)
		fputs("SOFTIRQ: ran on top of the process, for a packet or "
		      "timer of any process;\n"
		      "on loopback it is the receiver's path, which runs on "
		      "the sender.\n\n",
		      view->out);
}

void view_count_text(const struct count_view *view)
{
	struct table tables[COUNT_GLOBS] = {0};
	size_t len = 0;

	while (len < view->counts->globs_len &&
	       table_init(&tables[len], view, len))
		len++;
	if (len == view->counts->globs_len)
		write_tables(view, tables, len);
	else
		warn_line("out of memory for the table");
	count_write_verdict(view);
	for (size_t i = 0; i < len; i++)
		free(tables[i].rows);
}
