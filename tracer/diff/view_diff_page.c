// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A comparison as a page: one file of HTML, without a script and without a
 * network. Strings that were observed are written by write_escaped() alone.
 *
 *   in:  a comparison
 *   out: HTML
 */
#include "diff_view.h"
#include "view/static_page.h"
#include "view/svg.h"

#define WORDS_SIZE 512

static const char page_head[] = STATIC_PAGE_BEGIN
	"<title>Two runs, compared</title>\n"
	"<style>\n"
	"  :root { color-scheme: light dark; font: 16px/1.4 sans-serif }\n"
	"  body { max-width: 72rem; margin: 1rem auto; padding: 0 1rem }\n"
	"  table { border-collapse: collapse; width: 100%; "
	"table-layout: fixed }\n"
	"  th { text-align: left; width: 7rem; font-weight: normal }\n"
	"  td { font-family: monospace; white-space: pre-wrap; "
	"overflow-wrap: anywhere; padding: 0 .4rem; vertical-align: top }\n"
	"  td.kind { width: 5rem; font-family: sans-serif }\n"
	"  tr.differs { background: light-dark(#fdeccf, #4a3510) }\n"
	"  h2 { font-size: 1.1rem; margin: 1.2rem 0 .3rem }\n"
	"</style>\n"
	"<h1>Two runs, compared</h1>\n";

static void write_escaped(FILE *out, const char *string)
{
	svg_escape(out, string); /* it is safe for a terminal already */
}

static void write_cell(FILE *out, const struct diff_step *step)
{
	char words[WORDS_SIZE];
	struct text text;

	text_init(&text, words, sizeof(words));
	diff_text_step(&text, step);
	page_element(out, "td", NULL, words);
}

static void write_row(FILE *out, const struct diff_row *row, bool first)
{
	bool differs = row->kind != DIFF_SAME;

	fprintf(out, "<tr%s><th scope=\"row\">%s</th>",
		differs ? " class=\"differs\"" : "",
		first ? diff_lane_name(row->lane) : "");
	write_cell(out, row->a);
	fprintf(out, "<td class=\"kind\">%s</td>",
		differs ? diff_kind_name(row->kind) : "");
	write_cell(out, row->b);
	fputs("</tr>\n", out);
}

static const char table_head[] =
	"<table>\n<tr><th></th><th scope=\"col\">A"
	"</th><th></th><th scope=\"col\">B</th></tr>\n";

static void write_pair(FILE *out, const struct diff_pair *pair)
{
	char words[WORDS_SIZE];
	struct text text;

	text_init(&text, words, sizeof(words));
	diff_text_pair(&text, pair);
	page_element(out, "h2", NULL, words);
	putc('\n', out);
	fputs(table_head, out);
	for (unsigned int i = 0; i < pair->len; i++)
		write_row(out, &pair->rows[i],
			  !i || pair->rows[i].lane != pair->rows[i - 1].lane);
	fputs("</table>\n", out);
}

static void write_functions(FILE *out, const struct diff *diff)
{
	if (!diff->functions_len)
		return;
	fputs("<h2>functions of the kernel</h2>\n", out);
	fputs(table_head, out);
	for (unsigned int i = 0; i < diff->functions_len; i++) {
		const struct diff_function *function = &diff->functions[i];

		fprintf(out, "<tr class=\"differs\"><th scope=\"row\">%s</th>",
			function->step);
		page_element(out, "td", NULL, function->a);
		fputs("<td class=\"kind\"></td>", out);
		page_element(out, "td", NULL, function->b);
		fputs("</tr>\n", out);
	}
	fputs("</table>\n", out);
}

static void write_paragraph(FILE *out, const char *before, const char *words)
{
	fprintf(out, "<p>%s", before);
	write_escaped(out, words);
	fputs("</p>\n", out);
}

void diff_write_page(FILE *out, const struct diff *diff)
{
	char words[WORDS_SIZE];
	struct text text;

	fputs(page_head, out);
	text_init(&text, words, sizeof(words));
	diff_text_side(&text, &diff->a);
	write_paragraph(out, "<b>A</b> ", words);
	text_init(&text, words, sizeof(words));
	diff_text_side(&text, &diff->b);
	write_paragraph(out, "<b>B</b> ", words);
	for (unsigned int i = 0;; i++) {
		text_init(&text, words, sizeof(words));
		if (!diff_text_note(&text, diff, i))
			break;
		write_paragraph(out, "", words);
	}
	text_init(&text, words, sizeof(words));
	diff_text_sum(&text, diff);
	write_paragraph(out, "", words);
	for (unsigned int i = 0; i < diff->len; i++)
		write_pair(out, &diff->pairs[i]);
	write_functions(out, diff);
	fputs("</html>\n", out);
}
