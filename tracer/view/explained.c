// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Finds the explanations of what a record shows, and writes those of --explain:
 *
 *     0.034 ms                       ┊ ip_send_skb   hands the datagram to IP
 *                                      ╰ It hands a finished datagram to …
 *
 *   in:  a record whose line was written last, or a row
 *   out: one or two lines below it, to column 100; or entries of the tables
 */
#include "explained.h"

#include <netinet/in.h>
#include <string.h>

#include "line.h"
#include "record/constants.h"
#include "record/syscalls.h"

#define SENTENCE_COLUMNS 62 /* from column 38 to the 100th */

struct explained {
	const struct explanation **found;
	unsigned int len;
};

static bool explained_add(struct explained *e, const char *name)
{
	const struct explanation *found = name ? explanation_find(name) : NULL;

	if (found && e->len < ROW_EXPLAINED_MAX)
		e->found[e->len++] = found;
	return found != NULL;
}

static void explained_function(struct explained *e, const struct record *call)
{
	char name[sizeof(call->call.function) + 1] = "";

	memcpy(name, call->call.function, sizeof(call->call.function));
	if (!explained_add(e, name))
		explained_add(e, call->call.step);
}

/* A combination that has no entry is explained flag by flag. */
static void explained_packet(struct explained *e, const struct record *packet)
{
	uint8_t flags = packet->packet.tcp_flags;
	char name[64];
	struct text text;

	if (packet->proto != IPPROTO_TCP) {
		explained_add(e, "UDP");
		return;
	}
	text_init(&text, name, sizeof(name));
	constant_tcp_flags(&text, flags);
	if (explained_add(e, name))
		return;
	for (unsigned int bit = 0; bit < 8; bit++)
		if (flags & (1u << bit))
			explained_add(e, constant_tcp_flag(bit));
}

static void explained_call(struct explained *e, const struct record *record)
{
	explained_add(e, syscall_info(record->syscall.id)->name);
}

/* All but the call itself. */
static void explained_record(struct explained *e, const struct record *record)
{
	switch (record->type) {
	case RECORD_EXIT:
		if (record->syscall.ret < 0)
			explained_add(e, constant_errno(-record->syscall.ret));
		break;
	case RECORD_CALL:
		explained_function(e, record);
		break;
	case RECORD_PACKET:
		explained_packet(e, record);
		break;
	case RECORD_ICMP:
		explained_add(e, "ICMP");
		break;
	case RECORD_STATE:
		explained_add(e, constant_tcp_state(record->state.new_state));
		break;
	default:
		break;
	}
}

static void explained_write(const struct explained *e,
			    const struct view_options *options)
{
	char line[256] = "";
	struct text text = {.buf = line, .size = sizeof(line)};

	for (unsigned int i = 0; i < e->len; i++) {
		const char *lead = "╰ ", *rest = e->found[i]->sentence;

		while (wrap_next(&rest, &text, SENTENCE_COLUMNS)) {
			line_indent(options->out, 2);
			line_styled(options->out, options->colour, STYLE_DIM,
				    lead);
			line_styled(options->out, options->colour, STYLE_DIM,
				    line);
			putc('\n', options->out);
			lead = "  ";
		}
	}
}

void explain_call(const struct view_options *options,
		  const struct record *record)
{
	const struct explanation *found[ROW_EXPLAINED_MAX];
	struct explained e = {.found = found};

	if (!options->explain)
		return;
	explained_call(&e, record);
	explained_write(&e, options);
}

void explain_record(const struct view_options *options,
		    const struct record *record)
{
	const struct explanation *found[ROW_EXPLAINED_MAX];
	struct explained e = {.found = found};

	if (!options->explain)
		return;
	explained_record(&e, record);
	explained_write(&e, options);
}

/* The entry and the exit of a call may share a row: it is explained once. */
static void row_explained_call(struct explained *e, const struct record *record)
{
	if (!e->len)
		explained_call(e, record);
	explained_record(e, record);
}

unsigned int row_explained(const struct picture_row *row,
			   const struct explanation *found[ROW_EXPLAINED_MAX])
{
	const struct record *record = &row->record;
	struct explained e = {.found = found};

	if (record->type != RECORD_ENTER && record->type != RECORD_EXIT) {
		explained_record(&e, record);
		return e.len;
	}
	row_explained_call(&e, record);
	for (unsigned int i = 0; i < row->also_len; i++)
		row_explained_call(&e, &row->also[i]);
	return e.len;
}
