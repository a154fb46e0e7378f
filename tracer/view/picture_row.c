// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Describes a row of a picture in a few words.
 *
 *   in:  rows
 *   out: text, escaped as describe.c does it
 */
#include "picture.h"

#include <netinet/in.h>
#include <string.h>

#include "describe.h"
#include "record/constants.h"
#include "record/icmp.h"
#include "record/syscalls.h"

uint64_t panel_begin_ns(const struct panel *panel)
{
	const struct connect *first = panel->first;

	if (first && first->entered)
		return first->enter_ns;
	if (first && first->returned)
		return first->exit_ns;
	return panel->len ? panel->rows[0].record.ts_ns : 0;
}

const char *panel_name(const struct panel *panel)
{
	return panel->proto == IPPROTO_TCP ? "TCP" : "UDP";
}

bool row_is_drawn(const struct picture_row *row)
{
	return row->phase == PHASE_BEFORE || row->phase == PHASE_INSIDE ||
	       row->phase == PHASE_NEXT;
}

void panel_headline(struct text *text, const struct panel *panel)
{
	uint32_t packets;

	if (!panel->first) {
		text_add(text, "no connect(2)");
		return;
	}
	if (panel->first->other_netns) {
		text_add(text, "packets not captured");
		return;
	}
	packets = panel->first->inside[WITNESS_WIRE];
	text_printf(text, "%u packet%s%s", packets, packets == 1 ? "" : "s",
		    panel->doubtful ? " seen" : "");
}

const char *panel_verdict(const struct panel *panel)
{
	static const char *const words[] = {
		[VERDICT_PASS] = "PASS",
		[VERDICT_FAIL] = "FAIL",
		[VERDICT_INCONCLUSIVE] = "INCONCLUSIVE",
		[VERDICT_NOT_JUDGED] = "NOT JUDGED",
	};

	return panel->judged ? words[panel->result] : "no verdict";
}

bool row_is_entry(const struct panel *panel, const struct picture_row *row)
{
	return panel->first && row->connect == panel->first->number &&
	       row->record.type == RECORD_ENTER &&
	       row->record.ts_ns == panel->first->enter_ns;
}

bool row_is_return(const struct panel *panel, const struct picture_row *row)
{
	return panel->first && row->connect == panel->first->number &&
	       row->record.type == RECORD_EXIT &&
	       row->record.ts_ns == panel->first->exit_ns;
}

bool row_goes_right(const struct picture_row *row)
{
	return row->lane == LANE_CLIENT_KERNEL;
}

bool row_is_unwired(const struct picture_row *row)
{
	if (record_witness(&row->record) == WITNESS_WIRE)
		return false;
	for (unsigned int i = 0; i < row->also_len; i++)
		if (record_witness(&row->also[i]) == WITNESS_WIRE)
			return false;
	return true;
}

static void what_packet(struct text *text, const struct record *record)
{
	const struct record_packet *packet = &record->packet;

	if (record->proto == IPPROTO_TCP)
		constant_tcp_flags(text, packet->tcp_flags);
	else
		text_add(text, "UDP");
	if (record->proto != IPPROTO_TCP || packet->len)
		text_printf(text, " %u B", packet->len);
	if (packet->fragment == FRAGMENT_FIRST)
		text_add(text, ", in fragments");
	else if (packet->fragment == FRAGMENT_LATER)
		text_add(text, ", a later fragment");
}

static void what_icmp(struct text *text, const struct record_icmp *icmp)
{
	const char *name =
		icmp_error_name(icmp->from.family, icmp->type, icmp->code);

	if (name)
		text_printf(text, "ICMP %s", name);
	else
		text_printf(text, "ICMP type %u, code %u", icmp->type,
			    icmp->code);
}

/* "connect returns 0": the result, without its "= ". */
static void what_return(struct text *text, const struct record *exit)
{
	char result[256];
	struct text rest;

	text_init(&rest, result, sizeof(result));
	syscall_format_exit(&rest, exit);
	text_printf(text, "%s returns %s", syscall_info(exit->syscall.id)->name,
		    strncmp(result, "= ", 2) == 0 ? result + 2 : result);
}

static void what_call(struct text *text, const struct picture_row *row)
{
	syscall_format_enter(text, &row->record);
	if (row->also_len) {
		text_add(text, " ");
		syscall_format_exit(text, &row->also[0]);
	}
}

void row_what(struct text *text, const struct picture_row *row)
{
	const struct record *record = &row->record;

	switch (record->type) {
	case RECORD_ENTER:
		what_call(text, row);
		break;
	case RECORD_EXIT:
		what_return(text, record);
		break;
	case RECORD_CALL:
		text_escape(text, record->call.function,
			    strnlen(record->call.function,
				    sizeof(record->call.function)),
			    false);
		break;
	case RECORD_PACKET:
		what_packet(text, record);
		break;
	case RECORD_ICMP:
		what_icmp(text, &record->icmp);
		break;
	case RECORD_STATE:
		describe_state(text, record->state.old_state);
		text_add(text, " → ");
		describe_state(text, record->state.new_state);
		break;
	default:
		break;
	}
}

void row_remark(struct text *text, const struct picture_row *row)
{
	const struct record *record = &row->record;
	char buf[ENDPOINT_STRLEN];

	switch (record->type) {
	case RECORD_ENTER:
	case RECORD_EXIT:
		if (row->came_to)
			text_add(text, row->came_to);
		break;
	case RECORD_CALL:
		describe_call(text, record);
		break;
	case RECORD_PACKET:
	case RECORD_ICMP:
		if (record->type == RECORD_ICMP)
			describe_icmp(text, record);
		else
			describe_packet(text, record, row->received);
		break;
	case RECORD_STATE:
		if (record->local.port)
			text_printf(text, "of %s",
				    endpoint_format(&record->local, buf));
		break;
	default:
		break;
	}
}

static void who_saw(struct text *text, const struct picture_row *row)
{
	bool wire = !row_is_unwired(row);
	bool kernel = record_witness(&row->record) == WITNESS_KERNEL;

	for (unsigned int i = 0; i < row->also_len; i++)
		kernel |= record_witness(&row->also[i]) == WITNESS_KERNEL;
	text_add(text, "seen by the ");
	text_add(text, kernel && wire ? "kernel and on the wire" :
		       kernel         ? "kernel only" :
					"capture only");
}

void row_who(struct text *text, const struct picture_row *row)
{
	const struct record *record = &row->record;

	switch (record->type) {
	case RECORD_CALL:
		if (record->call.context == CONTEXT_SOFTIRQ) {
			text_add(text, "softirq");
			break;
		}
		/* fallthrough */
	case RECORD_ENTER:
	case RECORD_EXIT:
		describe_task(text, record);
		break;
	case RECORD_PACKET:
	case RECORD_ICMP:
		who_saw(text, row);
		break;
	default:
		break;
	}
}
