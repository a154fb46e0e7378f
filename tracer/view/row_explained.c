// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Finds the explanations of what a row shows. See row_explained.h.
 *
 *   in:  a row
 *   out: entries of the tables of explanations
 */
#include "row_explained.h"

#include <netinet/in.h>
#include <string.h>

#include "record/constants.h"
#include "record/syscalls.h"

struct explained {
	const struct explanation **found;
	unsigned int len;
};

static bool explained_add(struct explained *e, const char *name)
{
	const struct explanation *found = name ? explanation_find(name) : NULL;

	if (!found || e->len == ROW_EXPLAINED_MAX)
		return found != NULL;
	e->found[e->len++] = found;
	return true;
}

static void explained_call(struct explained *e, const struct record *record)
{
	if (!e->len)
		explained_add(e, syscall_info(record->syscall.id)->name);
	if (record->type == RECORD_EXIT && record->syscall.ret < 0)
		explained_add(e, constant_errno(-record->syscall.ret));
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

unsigned int row_explained(const struct picture_row *row,
			   const struct explanation *found[ROW_EXPLAINED_MAX])
{
	const struct record *record = &row->record;
	struct explained e = {.found = found};

	switch (record->type) {
	case RECORD_ENTER:
	case RECORD_EXIT:
		explained_call(&e, record);
		for (unsigned int i = 0; i < row->also_len; i++)
			explained_call(&e, &row->also[i]);
		break;
	case RECORD_CALL:
		explained_function(&e, record);
		break;
	case RECORD_PACKET:
		explained_packet(&e, record);
		break;
	case RECORD_ICMP:
		explained_add(&e, "ICMP");
		break;
	case RECORD_STATE:
		explained_add(&e, constant_tcp_state(record->state.new_state));
		break;
	default:
		break;
	}
	return e.len;
}
