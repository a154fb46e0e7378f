// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The last part of `both`: the first connect(2) of each protocol, side by side:
 * how it returned, which functions ran in it, what it sent.
 *
 *   in:  the records that the story shows, with the connect that they belong to
 *   out: a table, at the close; nothing for any other command
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "record/constants.h"
#include "record/container_of.h"
#include "story/flows.h"
#include "story/settled.h"
#include "verdict/claims.h"
#include "view.h"

#define LABEL_COLUMNS  18
#define COLUMN_COLUMNS 38
#define FUNCTIONS_MAX  32
#define CELL_SIZE      256

struct ran {
	char function[sizeof(((struct record_call *)0)->function)];
	enum event_context context;
	unsigned int times; /* in a row */
};

struct column {
	bool used;
	struct connect connect; /* its latest state */
	const struct connect *first;
	struct ran ran[FUNCTIONS_MAX];
	unsigned int ran_len;
	enum verdict_result result;
};

struct table_view {
	struct view view;
	struct view_options options;
	bool wanted;
	bool functions; /* the tier watches them */
	struct column udp, tcp;
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
		       const struct connect *connect)
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

static void table_write_row(const struct table_view *v, const char *label,
			    const char *udp, const char *tcp)
{
	FILE *out = v->options.out;
	size_t columns = text_columns(udp);

	fprintf(out, "  %-*s%s", LABEL_COLUMNS, label, udp);
	if (*tcp)
		fprintf(out, "%*s%s",
			columns < COLUMN_COLUMNS ?
				(int)(COLUMN_COLUMNS - columns) :
				2,
			"", tcp);
	putc('\n', out);
}

static void format_peer(const struct column *column, struct text *text)
{
	char peer[ENDPOINT_STRLEN];

	if (column->first)
		text_add(text, endpoint_format(&column->first->peer, peer));
	else
		text_add(text, "no connect(2) was seen");
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
static void table_write_rows(const struct table_view *v, const char *label,
			     void (*format)(const struct column *, unsigned int,
					    struct text *))
{
	for (unsigned int row = 0; row < FUNCTIONS_MAX; row++) {
		char udp[CELL_SIZE], tcp[CELL_SIZE];
		struct text left, right;

		text_init(&left, udp, sizeof(udp));
		text_init(&right, tcp, sizeof(tcp));
		format(&v->udp, row, &left);
		format(&v->tcp, row, &right);
		if (row && !*udp && !*tcp)
			break;
		table_write_row(v, row ? "" : label, udp, tcp);
	}
}

static void write_single(const struct table_view *v, const char *label,
			 void (*format)(const struct column *, struct text *))
{
	char udp[CELL_SIZE], tcp[CELL_SIZE];
	struct text left, right;

	text_init(&left, udp, sizeof(udp));
	text_init(&right, tcp, sizeof(tcp));
	format(&v->udp, &left);
	format(&v->tcp, &right);
	table_write_row(v, label, udp, tcp);
}

static int table_close(struct view *view)
{
	struct table_view *v = container_of(view, struct table_view, view);
	char udp[CELL_SIZE], tcp[CELL_SIZE];
	struct text left, right;

	if (v->wanted) {
		if (!v->options.asked)
			putc('\n', v->options.out);
		table_write_row(v, "connect(2)", "UDP", "TCP");
		write_single(v, "to", format_peer);
		write_single(v, "returned", format_result);
		if (v->functions)
			table_write_rows(v, "kernel functions",
					 format_function);
		else
			table_write_row(v, "kernel functions", "(not watched)",
					"(not watched)");
		table_write_rows(v, "packets", table_format_packet);
		text_init(&left, udp, sizeof(udp));
		text_init(&right, tcp, sizeof(tcp));
		format_sentence(&v->udp, false, &left);
		format_sentence(&v->tcp, true, &right);
		table_write_row(v, "so", udp, tcp);
	}
	free(v);
	return 0;
}

const struct view_ops view_table = {
	.name = "table",
	.open = table_open,
	.show = table_show,
	.close = table_close,
};
