// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Call trees as a page: one file of HTML, without a script and without a
 * network. What lies beneath a function is folded with <details>: the first
 * levels and the way to each packet are open. See view_tree.h.
 *
 * What was observed is made safe for a terminal by view_tree_*(), and for HTML by
 * svg_escape().
 */
#include "view_tree.h"

#include <errno.h>
#include <stdlib.h>

#include "view/static_page.h"
#include "view/svg.h"

#define OPEN_DEPTH 5 /* levels; as many as --both shows */

static const char page_head[] = STATIC_PAGE_BEGIN
	"<style>\n"
	"  :root { color-scheme: light dark; font: 16px/1.5 sans-serif; "
	"background: light-dark(#fff, #121212); color: light-dark(#1a1a1a, "
	"#eee) }\n"
	"  body { margin: 1rem auto; padding: 0 1rem; max-width: 110rem }\n"
	"  main { display: flex; flex-wrap: wrap; gap: 1rem 2rem }\n"
	"  section { flex: 1 1 28rem; min-width: 0; overflow-x: auto }\n"
	"  h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin: 0 }\n"
	"  p { margin: .3rem 0 }\n"
	"  details > :not(summary) { margin-left: 1.1rem; border-left: 1px "
	"solid light-dark(#ccc, #555); padding-left: .4rem }\n"
	"  div.row { padding-left: 1rem } summary { cursor: pointer }\n"
	"  code { font-family: monospace }\n"
	"  .time, .why { color: light-dark(#595959, #aaa); font-size: "
	".85rem }\n"
	"  .why { display: block; max-width: 40rem }\n"
	"  .packet { color: light-dark(#0b57d0, #8ab4f8); font-weight: bold }\n"
	"  .irq { background: light-dark(#eee, #333); font-size: .8rem; "
	"padding: 0 .3rem }\n"
	"  .common > code, .common > summary > code { background: "
	"light-dark(#e0f2e0, #1f3f1f) }\n"
	"</style>\n";

/* One column, while it is written. */
struct page_column {
	const struct tree_view *view;
	const struct tree_call *call;
	const struct tree_rows *rows;
	size_t common;       /* rows that both columns begin with */
	unsigned int *depth; /* of the <details> that are open */
	size_t open;
};

static const struct tree_node *node_at(const struct page_column *column,
				       size_t at)
{
	return &column->call->nodes[column->rows->rows[at].node];
}

/* Is there a packet among the rows beneath row @at? */
static bool leads_to_packet(const struct page_column *column, size_t at)
{
	unsigned int depth = node_at(column, at)->depth;

	while (++at < column->rows->len && node_at(column, at)->depth > depth)
		if (node_at(column, at)->kind == NODE_PACKET)
			return true;
	return false;
}

static void page_write_row(const struct page_column *column, size_t at,
			   struct tree_explained **explained)
{
	const struct tree_node *node = node_at(column, at);
	FILE *out = column->view->out;
	char words[320];
	const char *why;

	view_tree_row(column->call, &column->rows->rows[at], words,
		      sizeof(words));
	page_element(out, "code", node->kind == NODE_PACKET ? "packet" : NULL,
		     words);
	if (node->kind != NODE_PACKET && node->ended) {
		snprintf(words, sizeof(words), "%.3f ms",
			 node->duration_ns / 1e6);
		fputc(' ', out);
		page_element(out, "span", "time", words);
	}
	if (node->context != TREE_TASK) {
		fputc(' ', out);
		page_element(out, "span", "irq", tree_contexts[node->context]);
	}
	why = node->kind == NODE_FUNCTION ?
		      tree_explanation(explained, node->name) :
		      NULL;
	if (why)
		page_element(out, "span", "why", why);
}

/* Ends what is open at @depth and deeper. */
static void close_details(struct page_column *column, unsigned int depth)
{
	while (column->open && column->depth[column->open - 1] >= depth) {
		column->open--;
		fputs("</details>\n", column->view->out);
	}
}

static void page_write_rows(struct page_column *column,
			    struct tree_explained **explained)
{
	FILE *out = column->view->out;

	for (size_t at = 0; at < column->rows->len; at++) {
		unsigned int depth = node_at(column, at)->depth;
		bool parent = at + 1 < column->rows->len &&
			      node_at(column, at + 1)->depth > depth;
		bool open =
			depth + 1 < OPEN_DEPTH || leads_to_packet(column, at);

		close_details(column, depth);
		fprintf(out,
			parent ? "<details class=\"%s\"%s><summary>" :
				 "<div class=\"row %s\">%s",
			at < column->common ? "common" : "apart",
			parent && open ? " open" : "");
		page_write_row(column, at, explained);
		fputs(parent ? "</summary>\n" : "</div>\n", out);
		if (parent)
			column->depth[column->open++] = depth;
	}
	close_details(column, 0);
}

static int write_section(struct page_column *column,
			 struct tree_explained **explained)
{
	const char *protocol = tree_protocol(column->call);
	FILE *out = column->view->out;
	char words[256];

	column->depth = calloc(column->rows->len + 1, sizeof(unsigned int));
	if (!column->depth)
		return -ENOMEM;
	fputs("<section>\n", out);
	view_tree_result(column->view, column->call, words, sizeof(words));
	fprintf(out, "<h2>%s%s", protocol ? protocol : "", protocol ? " " : "");
	svg_escape(out, words);
	fputs("</h2>\n", out);
	view_tree_task(column->call, words, sizeof(words));
	page_element(out, "p", NULL, words);
	view_tree_sum(column->call, words, sizeof(words));
	page_element(out, "p", NULL, words);
	page_write_rows(column, explained);
	fputs("</section>\n", out);
	free(column->depth);
	return 0;
}

static int write_calls(const struct tree_view *view,
		       const struct tree_call *const *calls,
		       const struct tree_rows *rows, size_t len, size_t common)
{
	struct tree_explained *explained = NULL;
	int err = 0;

	for (size_t i = 0; !err && i < len; i++) {
		struct page_column column = {
			.view = view,
			.call = calls[i],
			.rows = &rows[i],
			.common = common,
		};

		if (calls[i])
			err = write_section(&column, &explained);
		else
			page_element(view->out, "section", NULL,
				     i ? "TCP: no call was seen" :
					 "UDP: no call was seen");
	}
	tree_explained_free(explained);
	return err;
}

static void page_write_verdict(const struct tree_view *view, size_t common,
			       bool softirq)
{
	FILE *out = view->out;
	char words[256];

	fputs("<p><b>", out);
	svg_escape(out, view_tree_word(view));
	fputs("</b>  ", out);
	view_tree_evidence(view, words, sizeof(words));
	svg_escape(out, words);
	fputs("</p>\n", out);
	for (unsigned int i = 0; i < view->judgement->reasons_len; i++)
		page_element(out, "p", NULL, view->judgement->reasons[i]);
	if (common)
		page_element(out, "p", NULL,
			     "Shaded: what both calls begin with.");
	if (softirq)
		fprintf(out, "<p>%s; %s.</p>\n", tree_softirq_is[0],
			tree_softirq_is[1]);
}

static void page_write_head(const struct tree_view *view)
{
	FILE *out = view->out;

	fputs(page_head, out);
	fprintf(out,
		"<title>%s(2) in the kernel</title>\n<h1>%s(2) in the "
		"kernel, Linux ",
		view->scope->name, view->scope->name);
	svg_escape(out, view->log->kernel ? view->log->kernel : "?");
	fputs("</h1>\n", out);
}

static int page_of(const struct tree_view *view,
		   const struct tree_call *const *calls, size_t len, bool pair)
{
	struct tree_rows *rows = calloc(len + 1, sizeof(*rows));
	bool softirq = false;
	size_t common = 0;
	int err = rows ? 0 : -ENOMEM;

	for (size_t i = 0; !err && i < len; i++) {
		if (!calls[i])
			continue;
		err = tree_fold(calls[i], 0, pair, &rows[i]);
		softirq |= tree_totals(calls[i]).irq_functions > 0;
	}
	if (!err && pair && calls[0] && calls[1])
		common = tree_common(calls[0], &rows[0], calls[1], &rows[1]);
	if (!err) {
		page_write_head(view);
		page_write_verdict(view, common, softirq);
		fputs("<main>\n", view->out);
		err = write_calls(view, calls, rows, len, common);
		fputs("</main>\n</html>\n", view->out);
	}
	for (size_t i = 0; rows && i < len; i++)
		free(rows[i].rows);
	free(rows);
	return err;
}

int view_tree_page(const struct tree_view *view,
		   const struct tree_call *const *calls, size_t len)
{
	const struct tree_call **shown;
	int err;

	if (calls)
		return page_of(view, calls, len, true);
	shown = calloc(view->tree->len + 1, sizeof(const struct tree_call *));
	if (!shown)
		return -ENOMEM;
	len = 0;
	for (size_t i = 0; i < view->tree->len; i++)
		if (tree_is_shown(view->log, &view->tree->calls[i],
				  view->scope))
			shown[len++] = &view->tree->calls[i];
	err = page_of(view, shown, len, false);
	free(shown);
	return err;
}
