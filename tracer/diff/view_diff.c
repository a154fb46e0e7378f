// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A comparison as text, in two columns: the differences alone, or all steps.
 *
 *     errno   calls     read(3, 1024 bytes) = 5      | read(3, 1024 bytes) = -1 …
 *
 *   in:  a comparison
 *   out: lines
 */
#include <string.h>

#include "diff_view.h"
#include "view/line.h"

#define KIND_COLUMNS    8
#define LANE_COLUMNS    10
#define MARK_COLUMNS    3 /* " | " */
#define CELL_LEAST      20
#define CELL_SIZE       512
#define COLUMNS_DEFAULT 100

struct columns {
	const struct view_options *options;
	int lead, cell; /* the columns before A, and of A and of B */
};

static struct columns columns_of(const struct view_options *options, int lead)
{
	int all = options->columns ? (int)options->columns : COLUMNS_DEFAULT;
	int cell = (all - lead - MARK_COLUMNS) / 2;

	return (struct columns){options, lead,
				cell < CELL_LEAST ? CELL_LEAST : cell};
}

/* Between the cells, as in diff -y. */
static char mark_of(enum diff_kind kind)
{
	switch (kind) {
	case DIFF_SAME:
		return ' ';
	case DIFF_ONLY_A:
		return '<';
	case DIFF_ONLY_B:
		return '>';
	case DIFF_ORDER:
		return '~';
	default:
		return '|';
	}
}

static void write_padded(FILE *out, const char *string, int columns)
{
	int pad = columns - (int)text_columns(string);

	fprintf(out, "%s%*s", string, pad > 0 ? pad : 0, "");
}

/* A cell that is too wide goes on below itself. */
static void write_cells(const struct columns *columns, const char *lead,
			const char *a, char mark, const char *b)
{
	char left[CELL_SIZE], right[CELL_SIZE];
	struct text l = {.buf = left, .size = sizeof(left)};
	struct text r = {.buf = right, .size = sizeof(right)};
	FILE *out = columns->options->out;
	bool more_a = wrap_next(&a, &l, (size_t)columns->cell);
	bool more_b = wrap_next(&b, &r, (size_t)columns->cell);

	do {
		write_padded(out, lead, columns->lead);
		if (more_b || mark != ' ') {
			write_padded(out, more_a ? left : "", columns->cell);
			fprintf(out, " %c%s%s", mark, more_b ? " " : "",
				more_b ? right : "");
		} else {
			fputs(more_a ? left : "", out);
		}
		putc('\n', out);
		lead = "";
		mark = ' ';
		more_a = more_a && wrap_next(&a, &l, (size_t)columns->cell);
		more_b = more_b && wrap_next(&b, &r, (size_t)columns->cell);
	} while (more_a || more_b);
}

static void write_row(const struct columns *columns, const char *lead,
		      const struct diff_row *row)
{
	char a[CELL_SIZE] = "", b[CELL_SIZE] = "";
	struct text text;

	text_init(&text, a, sizeof(a));
	diff_text_step(&text, row->a);
	text_init(&text, b, sizeof(b));
	diff_text_step(&text, row->b);
	write_cells(columns, lead, a, mark_of(row->kind), b);
}

static void write_title(const struct view_options *options,
			const struct diff_pair *pair)
{
	char words[CELL_SIZE];
	struct text text;

	text_init(&text, words, sizeof(words));
	diff_text_pair(&text, pair);
	putc('\n', options->out);
	line_styled(options->out, options->colour, STYLE_BOLD, words);
	putc('\n', options->out);
}

static void write_head(const struct view_options *options,
		       const struct diff *diff)
{
	char words[CELL_SIZE];
	struct text text;

	text_init(&text, words, sizeof(words));
	text_add(&text, "A  ");
	diff_text_side(&text, &diff->a);
	text_add(&text, "\nB  ");
	diff_text_side(&text, &diff->b);
	fprintf(options->out, "%s\n", words);
	for (unsigned int i = 0;; i++) {
		text_init(&text, words, sizeof(words));
		if (!diff_text_note(&text, diff, i))
			break;
		fprintf(options->out, "   %s\n", words);
	}
}

static void write_functions(const struct view_options *options,
			    const struct diff *diff)
{
	const struct columns columns =
		columns_of(options, KIND_COLUMNS + LANE_COLUMNS);
	FILE *out = options->out;

	if (!diff->functions_len)
		return;
	putc('\n', out);
	line_styled(out, options->colour, STYLE_BOLD,
		    "functions of the kernel");
	putc('\n', out);
	for (unsigned int i = 0; i < diff->functions_len; i++) {
		const struct diff_function *function = &diff->functions[i];

		write_cells(&columns, function->step, function->a, '|',
			    function->b);
	}
}

static void write_sum(const struct view_options *options,
		      const struct diff *diff)
{
	char words[CELL_SIZE];
	struct text text;

	text_init(&text, words, sizeof(words));
	diff_text_sum(&text, diff);
	fprintf(options->out, "\n%s\n", words);
}

void diff_write_table(const struct view_options *options,
		      const struct diff *diff)
{
	const struct columns columns =
		columns_of(options, KIND_COLUMNS + LANE_COLUMNS);

	write_head(options, diff);
	for (unsigned int i = 0; i < diff->len; i++) {
		const struct diff_pair *pair = &diff->pairs[i];

		if (pair->a && pair->b && !pair->differences && !pair->moved)
			continue;
		write_title(options, pair);
		for (unsigned int j = 0; j < pair->len; j++) {
			const struct diff_row *row = &pair->rows[j];
			char lead[64];

			if (row->kind == DIFF_SAME)
				continue;
			snprintf(lead, sizeof(lead), "%-*s%s", KIND_COLUMNS,
				 diff_kind_name(row->kind),
				 diff_lane_name(row->lane));
			write_row(&columns, lead, row);
		}
	}
	write_functions(options, diff);
	write_sum(options, diff);
}

void diff_write_diagram(const struct view_options *options,
			const struct diff *diff)
{
	const struct columns columns = columns_of(options, LANE_COLUMNS);

	write_head(options, diff);
	for (unsigned int i = 0; i < diff->len; i++) {
		const struct diff_pair *pair = &diff->pairs[i];

		write_title(options, pair);
		for (unsigned int j = 0; j < pair->len; j++) {
			const struct diff_row *row = &pair->rows[j];
			bool first = !j || row->lane != row[-1].lane;

			write_row(&columns,
				  first ? diff_lane_name(row->lane) : "", row);
		}
	}
	write_functions(options, diff);
	write_sum(options, diff);
}
