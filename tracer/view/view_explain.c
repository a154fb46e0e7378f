// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The sentences of --explain:
 *
 *     0.034 ms                       ┊ ip_send_skb   hands the datagram to IP
 *                                      ╰ It hands a finished datagram to …
 *
 *   in:  the record whose line was written last
 *   out: one or two lines below it, to column 100
 */
#include <netinet/in.h>
#include <string.h>

#include "explain/explanations.h"
#include "line.h"
#include "record/constants.h"
#include "record/syscalls.h"
#include "view_explain.h"
#include "wrap.h"

#define SENTENCE_COLUMNS 62 /* from column 38 to the 100th */

static bool explain_record(const struct view_options *options, const char *name)
{
	const struct explanation *found = explanation_find(name);
	const char *lead = "╰ ", *rest;
	char line[256] = "";
	struct text text = {.buf = line, .size = sizeof(line)};

	if (!found)
		return false;
	rest = found->sentence;
	while (wrap_next(&rest, &text, SENTENCE_COLUMNS)) {
		line_indent(options->out, 2);
		line_styled(options->out, options->colour, STYLE_DIM, lead);
		line_styled(options->out, options->colour, STYLE_DIM, line);
		putc('\n', options->out);
		lead = "  ";
	}
	return true;
}

void explain_call(const struct view_options *options,
		  const struct record *record)
{
	if (options->explain)
		explain_record(options, syscall_info(record->syscall.id)->name);
}

void explain_result(const struct view_options *options,
		    const struct record *exit)
{
	const char *name;

	if (!options->explain || exit->syscall.ret >= 0)
		return;
	name = constant_errno(-exit->syscall.ret);
	if (name)
		explain_record(options, name);
}

void explain_function(const struct view_options *options,
		      const struct record *call)
{
	char name[sizeof(call->call.function) + 1] = "";

	if (!options->explain)
		return;
	memcpy(name, call->call.function, sizeof(call->call.function));
	if (!explain_record(options, name))
		explain_record(options, call->call.step);
}

/* A combination that has no entry is explained flag by flag. */
static void explain_flags_of(const struct view_options *options, uint8_t flags)
{
	char name[64];
	struct text text;

	text_init(&text, name, sizeof(name));
	constant_tcp_flags(&text, flags);
	if (explain_record(options, name))
		return;
	for (unsigned int bit = 0; bit < 8; bit++)
		if (flags & (1u << bit))
			explain_record(options, constant_tcp_flag(bit));
}

void explain_packet(const struct view_options *options,
		    const struct record *packet)
{
	if (!options->explain || record_witness(packet) != WITNESS_WIRE)
		return;
	if (packet->type == RECORD_ICMP)
		explain_record(options, "ICMP");
	else if (packet->proto == IPPROTO_TCP)
		explain_flags_of(options, packet->packet.tcp_flags);
	else
		explain_record(options, "UDP");
}

void explain_state(const struct view_options *options,
		   const struct record *state)
{
	const char *name = constant_tcp_state(state->state.new_state);

	if (options->explain && name)
		explain_record(options, name);
}
