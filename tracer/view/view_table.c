// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The last part of `both`: the first connect(2) of each protocol, side by side:
 * how it returned, which functions ran in it, what it sent.
 *
 *   in:  the records that the story shows, with the connect that they belong to
 *   out: a table, at the close; nothing for any other command
 *
 * libsmartcols is not used: it would be one more library for `make show`, in the
 * place of table_split() and table_write_row() alone.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "record/constants.h"
#include "record/container_of.h"
#include "story/connects.h"
#include "story/flows.h"
#include "verdict/claims.h"
#include "view.h"

#define LABEL_COLUMNS  20 /* with the indent */
#define COLUMN_COLUMNS 38 /* of the first column, if there is room */
#define COLUMNS_MIN    40 /* narrower terminals are not supported */
#define GAP_COLUMNS    2
#define FUNCTIONS_MAX  32
#define CELL_SIZE      256
#define ROWS_MAX       (2 * FUNCTIONS_MAX + 8)

struct ran {
	char function[sizeof(((struct record_call *)0)->function)];
	enum event_context context;
	unsigned int times; /* in a row */
};

struct column {
	bool used;
	bool filtered;          /* calls may have been left out (-F) */
	struct connect connect; /* its latest state */
	const struct connect *first;
	struct ran ran[FUNCTIONS_MAX];
	unsigned int ran_len;
	enum verdict_result result;
};

struct table_row {
	const char *label;
	char udp[CELL_SIZE], tcp[CELL_SIZE];
};

struct table_view {
	struct view view;
	struct view_options options;
	bool wanted;
	bool functions; /* the tier watches them */
	struct column udp, tcp;
	struct table_row rows[ROWS_MAX];
	unsigned int rows_len;
};

static struct column *column_of(struct table_view *v, uint8_t proto)
{
	return proto == IPPROTO_TCP ? &v->tcp : &v->udp;
}

static void table_add_call(struct column *column,
			   const struct record_call *call)
{
	struct ran *last =
		column->ran_len ? &column->ran[column->ran_len - 1] : NULL;

	if (last && last->context == call->context &&
	    strcmp(last->function, call->function) == 0) {
		last->times++;
		return;
	}
	if (column->ran_len == FUNCTIONS_MAX)
		return;
	last = &column->ran[column->ran_len++];
	memcpy(last->function, call->function, sizeof(last->function));
	last->context = call->context;
	last->times = 1;
}

static void table_take(struct table_view *v, const struct record *record,
		       struct connect *connect)
{
	struct column *column = column_of(v, connect->proto);

	if (!column->first) {
		column->first = connect;
		connect_pin(connect);
	}
	if (column->first == connect && record->type == RECORD_CALL)
		table_add_call(column, &record->call);
}

static int table_show(struct view *view, const struct record *record,
		      const struct note *note)
{
	struct table_view *v = container_of(view, struct table_view, view);
	const struct verdict *verdict;

	if (record->type == RECORD_META) {
		v->wanted = v->options.asked ||
			    (record->meta->command &&
			     strcmp(record->meta->command, "both") == 0);
		v->functions = record->meta->tier == TIER_KPROBE;
		v->udp.filtered = v->tcp.filtered =
			record->meta->filter != NULL;
	}
	if (!v->wanted)
		return 0;
	if (note->connect)
		table_take(v, record, note->connect);
	if (record->type == RECORD_VERDICT) {
		verdict = record->verdict;
		if (strcmp(verdict->claim, "udp-connect-silent") == 0)
			v->udp.result = verdict->result;
		else
			v->tcp.result = verdict->result;
	}
	return 0;
}

static int table_open(struct view **view, const struct view_options *options)
{
	struct table_view *v = calloc(1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	v->view.ops = &view_table;
	v->options = *options;
	*view = &v->view;
	return 0;
}

/* ---- writing ------------------------------------------------------------- */

/* A row with empty cells, which the caller fills. */
static struct table_row *table_add_row(struct table_view *v, const char *label)
{
	struct table_row *row = &v->rows[v->rows_len];

	if (v->rows_len + 1 < ROWS_MAX)
		v->rows_len++;
	row->label = label;
	row->udp[0] = row->tcp[0] = '\0';
	return row;
}

/* The columns of the first column: fewer than usual on a narrow terminal. */
static size_t table_split(const struct table_view *v)
{
	size_t left = 0, right = 0, room;

	for (unsigned int i = 0; i < v->rows_len; i++) {
		size_t udp = text_columns(v->rows[i].udp) + GAP_COLUMNS;
		size_t tcp = text_columns(v->rows[i].tcp);

		left = udp > left ? udp : left;
		right = tcp > right ? tcp : right;
	}
	if (!v->options.columns || v->options.columns < COLUMNS_MIN)
		return COLUMN_COLUMNS;
	room = v->options.columns - LABEL_COLUMNS;
	if (COLUMN_COLUMNS + right <= room)
		return COLUMN_COLUMNS;
	if (left + right <= room || left <= room / 2)
		return left;
	return right <= room / 2 ? room - right : room / 2;
}

/* Writes the first @columns columns of *@rest, and moves it past them. */
static size_t table_write_part(FILE *out, const char **rest, size_t columns)
{
	size_t written = 0;

	for (; **rest; (*rest)++) {
		bool begins = ((unsigned char)**rest & 0xc0) != 0x80;

		if (begins && written == columns)
			break;
		written += begins;
		putc(**rest, out);
	}
	return written;
}

/* A cell that is too wide goes on below itself. */
static void table_write_row(const struct table_view *v,
			    const struct table_row *row, size_t split)
{
	const char *udp = row->udp, *tcp = row->tcp, *label = row->label;
	size_t most = v->options.columns < COLUMNS_MIN ?
			      CELL_SIZE :
			      v->options.columns - LABEL_COLUMNS - split;
	bool begun = false;

	for (; !begun || *udp || *tcp; begun = true) {
		size_t taken;

		fprintf(v->options.out, "  %-*s", LABEL_COLUMNS - 2,
			begun ? "" : label);
		taken = table_write_part(v->options.out, &udp,
					 most == CELL_SIZE && !*tcp ?
						 CELL_SIZE :
						 split - GAP_COLUMNS);
		if (*tcp) {
			fprintf(v->options.out, "%*s", (int)(split - taken),
				"");
			table_write_part(v->options.out, &tcp, most);
		}
		putc('\n', v->options.out);
	}
}

static void format_peer(const struct column *column, struct text *text)
{
	char peer[ENDPOINT_STRLEN];

	if (column->first)
		text_add(text, endpoint_format(&column->first->peer, peer));
	else
		text_printf(text, "no connect(2) was %s",
			    column->filtered ? "selected" : "seen");
}

static void format_result(const struct column *column, struct text *text)
{
	const struct connect *connect = column->first;
	const char *name;

	if (!connect || !connect->returned)
		return;
	name = connect->ret < 0 ? constant_errno(-connect->ret) : NULL;
	if (name)
		text_printf(text, "= -1 %s", name);
	else
		text_printf(text, "= %lld", (long long)connect->ret);
	text_printf(text, " after %.3f ms",
		    (connect->exit_ns - connect->enter_ns) / 1e6);
}

static void format_function(const struct column *column, unsigned int row,
			    struct text *text)
{
	const struct ran *ran = &column->ran[row];

	if (row >= column->ran_len)
		return;
	if (ran->context == CONTEXT_SOFTIRQ)
		text_add(text, "softirq: ");
	text_escape(text, ran->function,
		    strnlen(ran->function, sizeof(ran->function)), false);
	if (ran->times > 1)
		text_printf(text, " ×%u", ran->times);
}

/* UDP in one row; TCP one row for each packet of the handshake. */
static void table_format_packet(const struct column *column, unsigned int row,
				struct text *text)
{
	const struct connect *connect = column->first;
	const struct track *track;
	uint32_t packets;

	if (!connect)
		return;
	packets = connect->inside[WITNESS_WIRE];
	if (!connect->flow && row == 0)
		text_printf(text, "%u", packets);
	if (!connect->flow)
		return;
	track = &connect->flow->track[WITNESS_WIRE];
	if (row == 0)
		text_printf(text, "%u: ", track->packets);
	else if (row < track->packets)
		text_add(text, "   ");
	if (row < track->packets && row < TRACK_FLAGS)
		constant_tcp_flags(text, track->flags[row]);
}

/* All of it in one row. */
static void format_packets(const struct column *column, struct text *text)
{
	const struct connect *connect = column->first;
	const struct track *track;

	if (!connect)
		return;
	if (!connect->flow) {
		table_format_packet(column, 0, text);
		return;
	}
	track = &connect->flow->track[WITNESS_WIRE];
	text_printf(text, "%u%s", track->packets, track->packets ? ": " : "");
	track_format(track, text, ", ");
}

static void format_sentence(const struct column *column, bool tcp,
			    struct text *text)
{
	bool refused = column->first && column->first->returned &&
		       column->first->ret == -ECONNREFUSED;

	switch (column->result) {
	case VERDICT_PASS:
		text_add(text, !tcp    ? "PASS: it sends nothing" :
			       refused ? "PASS: it sends SYN, RST refuses" :
					 "PASS: it performs a handshake");
		break;
	case VERDICT_FAIL:
		text_add(text, tcp ? "FAIL: it performs no handshake" :
				     "FAIL: it sends packets");
		break;
	default:
		text_add(text, "INCONCLUSIVE");
	}
}

/* Rows until both columns are empty. */
static void table_add_rows(struct table_view *v, const char *label,
			   void (*format)(const struct column *, unsigned int,
					  struct text *))
{
	for (unsigned int i = 0; i < FUNCTIONS_MAX; i++) {
		struct table_row *row = table_add_row(v, i ? "" : label);
		struct text left, right;

		text_init(&left, row->udp, sizeof(row->udp));
		text_init(&right, row->tcp, sizeof(row->tcp));
		format(&v->udp, i, &left);
		format(&v->tcp, i, &right);
		if (i && !*row->udp && !*row->tcp) {
			v->rows_len--;
			break;
		}
	}
}

static void table_add_single(struct table_view *v, const char *label,
			     void (*format)(const struct column *,
					    struct text *))
{
	struct table_row *row = table_add_row(v, label);
	struct text left, right;

	text_init(&left, row->udp, sizeof(row->udp));
	text_init(&right, row->tcp, sizeof(row->tcp));
	format(&v->udp, &left);
	format(&v->tcp, &right);
}

static void table_add_words(struct table_view *v, const char *label,
			    const char *udp, const char *tcp)
{
	struct table_row *row = table_add_row(v, label);

	snprintf(row->udp, sizeof(row->udp), "%s", udp);
	snprintf(row->tcp, sizeof(row->tcp), "%s", tcp);
}

static void table_add_sentences(struct table_view *v)
{
	struct table_row *row = table_add_row(v, "so");
	struct text left, right;

	text_init(&left, row->udp, sizeof(row->udp));
	text_init(&right, row->tcp, sizeof(row->tcp));
	format_sentence(&v->udp, false, &left);
	format_sentence(&v->tcp, true, &right);
}

/* The diagram below has the functions, and the verdict above the sentence. */
static void table_fill_brief(struct table_view *v)
{
	struct table_row *row = table_add_row(v, "connect(2)");
	struct text left, right;

	text_init(&left, row->udp, sizeof(row->udp));
	text_init(&right, row->tcp, sizeof(row->tcp));
	text_add(&left, v->udp.first ? "UDP to " : "UDP: ");
	text_add(&right, v->tcp.first ? "TCP to " : "TCP: ");
	format_peer(&v->udp, &left);
	format_peer(&v->tcp, &right);
	table_add_single(v, "returned", format_result);
	table_add_single(v, "packets", format_packets);
}

static void table_fill(struct table_view *v)
{
	table_add_words(v, "connect(2)", "UDP", "TCP");
	table_add_single(v, "to", format_peer);
	table_add_single(v, "returned", format_result);
	if (v->functions)
		table_add_rows(v, "kernel functions", format_function);
	else
		table_add_words(v, "kernel functions", "(not watched)",
				"(not watched)");
	table_add_rows(v, "packets", table_format_packet);
	table_add_sentences(v);
}

static int table_close(struct view *view)
{
	struct table_view *v = container_of(view, struct table_view, view);
	size_t split;

	if (v->wanted) {
		if (!v->options.asked)
			putc('\n', v->options.out);
		if (v->options.brief)
			table_fill_brief(v);
		else
			table_fill(v);
		split = table_split(v);
		for (unsigned int i = 0; i < v->rows_len; i++)
			table_write_row(v, &v->rows[i], split);
	}
	free(v);
	return 0;
}

const struct view_ops view_table = {
	.name = "table",
	.place = 30,
	.open = table_open,
	.show = table_show,
	.close = table_close,
};
