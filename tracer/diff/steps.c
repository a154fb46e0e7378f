// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Takes a history apart into sockets and steps. See steps.h.
 *
 *   in:  a history
 *   out: its sockets, in the order in which they came
 */
#include "steps.h"

#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/steps.h"
#include "record/constants.h"
#include "record/icmp.h"
#include "record/syscalls.h"
#include "record/text.h"

#define CHOSEN_PORT_LEAST 32768 /* net.ipv4.ip_local_port_range, default */
#define PORT_DIGITS       5

#define FLAG_SYN 0x02 /* RFC 9293 3.1 */
#define FLAG_ACK 0x10

/* ---- words ---------------------------------------------------------------- */

/* ":41234" becomes ":*": a port that the kernel has chosen. */
static void hide_ports(char *words)
{
	char *from = words, *to = words;

	while (*from) {
		char *end;
		unsigned long port;

		*to++ = *from++;
		if (to[-1] != ':' || !isdigit((unsigned char)*from))
			continue;
		port = strtoul(from, &end, 10);
		if (end - from != PORT_DIGITS || port < CHOSEN_PORT_LEAST)
			continue;
		*to++ = '*';
		from = end;
	}
	*to = '\0';
}

static void call_words(const struct history_entry *enter,
		       const struct history_entry *exit, struct diff_step *step)
{
	struct text text;

	snprintf(step->name, sizeof(step->name), "%s",
		 syscall_info(exit->record.syscall.id)->name);
	text_init(&text, step->words, sizeof(step->words));
	syscall_format_enter(&text, enter ? &enter->record : &exit->record);
	hide_ports(step->words);
	text_init(&text, step->result, sizeof(step->result));
	syscall_format_exit(&text, &exit->record);
	hide_ports(step->result);
}

static void packet_words(const struct record *record, struct diff_step *step)
{
	struct text text;

	text_init(&text, step->words, sizeof(step->words));
	if (record->proto == IPPROTO_TCP)
		constant_tcp_flags(&text, record->packet.tcp_flags);
	else
		text_add(&text, "UDP");
	if (record->proto != IPPROTO_TCP || record->packet.len)
		text_printf(&text, " %u byte%s", record->packet.len,
			    record->packet.len == 1 ? "" : "s");
}

static void icmp_words(const struct record *record, struct diff_step *step)
{
	const struct record_icmp *icmp = &record->icmp;
	const char *name =
		icmp_error_name(icmp->from.family, icmp->type, icmp->code);
	char from[ENDPOINT_STRLEN];

	snprintf(step->words, sizeof(step->words), "ICMP from %s: %s",
		 endpoint_format_host(&icmp->from, from),
		 name ? name : "an error without a name");
}

static void state_words(const struct record *record, struct diff_step *step)
{
	const char *old = constant_tcp_state(record->state.old_state);
	const char *now = constant_tcp_state(record->state.new_state);

	snprintf(step->words, sizeof(step->words), "%s → %s", old ? old : "?",
		 now ? now : "?");
}

/* ---- sockets -------------------------------------------------------------- */

/* The latest with that life; NULL. */
static struct diff_socket *socket_find(const struct diff_run *run,
				       uint32_t life)
{
	for (unsigned int i = run->len; life && i-- > 0;)
		if (run->sockets[i].life == life)
			return &run->sockets[i];
	return NULL;
}

static struct diff_socket *socket_add(struct diff_run *run, uint32_t life,
				      const struct record *record)
{
	unsigned int room = run->room ? 2 * run->room : 16;
	struct diff_socket *sockets = run->sockets, *socket;

	if (run->len == run->room) {
		sockets = reallocarray(sockets, room, sizeof(*sockets));
		if (!sockets)
			return NULL;
		run->sockets = sockets;
		run->room = room;
	}
	socket = &sockets[run->len++];
	*socket = (struct diff_socket){.life = life, .proto = record->proto};
	memcpy(socket->comm, record->comm, sizeof(socket->comm));
	return socket;
}

/* What a record of a UDP socket has as its peer may be only a sender's address. */
static void learn_ends(struct diff_socket *socket, const struct record *record)
{
	bool connects = record->type == RECORD_EXIT &&
			record->syscall.id == CALL_CONNECT;

	if (record->local.port)
		socket->local = record->local;
	if (record->peer.port && (socket->proto == IPPROTO_TCP || connects))
		socket->peer = record->peer;
}

/* The socket from @local to @peer; or, without a peer of its own, at @local. */
static struct diff_socket *socket_between(const struct diff_run *run,
					  uint8_t proto,
					  const struct endpoint *local,
					  const struct endpoint *peer)
{
	struct diff_socket *open = NULL;

	for (unsigned int i = run->len; i-- > 0;) {
		struct diff_socket *socket = &run->sockets[i];

		if (socket->proto != proto ||
		    !endpoint_covers(&socket->local, local))
			continue;
		if (endpoint_equal(&socket->peer, peer))
			return socket;
		if (!open && !socket->peer.port)
			open = socket;
	}
	return open;
}

/* ---- steps ---------------------------------------------------------------- */

static bool same_step(const struct diff_step *a, const struct diff_step *b)
{
	return strcmp(a->words, b->words) == 0 &&
	       strcmp(a->result, b->result) == 0;
}

/* Adds @step, or counts it to the same one before it. 0 or -ENOMEM. */
static int lane_add(struct diff_lane *lane, struct diff_step *step)
{
	unsigned int room = lane->room ? 2 * lane->room : 16;
	struct diff_step *steps = lane->steps;

	if (!*step->name)
		snprintf(step->name, sizeof(step->name), "%s", step->words);
	step->times = 1;
	if (lane->len && same_step(&steps[lane->len - 1], step)) {
		steps[lane->len - 1].times++;
		return 0;
	}
	if (lane->len == lane->room) {
		steps = reallocarray(steps, room, sizeof(*steps));
		if (!steps)
			return -ENOMEM;
		lane->steps = steps;
		lane->room = room;
	}
	steps[lane->len++] = *step;
	return 0;
}

/* An acknowledgement without data, which does not end a handshake. */
static bool is_bare_ack(struct diff_socket *socket, const struct record *record)
{
	uint8_t flags = record->packet.tcp_flags;
	bool ends_handshake = socket->handshake;

	if (record->proto != IPPROTO_TCP)
		return false;
	socket->handshake = flags == (FLAG_SYN | FLAG_ACK);
	return flags == FLAG_ACK && !record->packet.len && !ends_handshake;
}

/* Is the place after the part of the socket that is compared? */
static bool is_over(const struct diff_socket *socket, uint32_t place,
		    bool received)
{
	return place > (received ? socket->last : socket->last_exit);
}

static int take_packet(struct diff_run *run, const struct record *record,
		       uint32_t place)
{
	struct diff_socket *from = socket_between(
		run, record->proto, &record->local, &record->peer);
	struct diff_socket *to = socket_between(run, record->proto,
						&record->peer, &record->local);
	struct diff_step step = {.line = record->line};
	int err = 0;

	packet_words(record, &step);
	if (from && !is_bare_ack(from, record) && !is_over(from, place, false))
		err = lane_add(&from->lanes[LANE_SENT], &step);
	if (!err && to && !is_bare_ack(to, record) && !is_over(to, place, true))
		err = lane_add(&to->lanes[LANE_RECEIVED], &step);
	return err;
}

static int take_icmp(struct diff_run *run, const struct record *record,
		     uint32_t place)
{
	struct diff_socket *socket = socket_between(
		run, record->proto, &record->local, &record->peer);
	struct diff_step step = {.line = record->line};

	if (!socket || is_over(socket, place, true))
		return 0;
	icmp_words(record, &step);
	return lane_add(&socket->lanes[LANE_RECEIVED], &step);
}

static int take_state(struct diff_run *run, const struct history_entry *entry,
		      uint32_t place)
{
	struct diff_socket *socket = socket_find(run, entry->life);
	bool softirq = entry->record.state.context == CONTEXT_SOFTIRQ;
	struct diff_step step = {.line = entry->record.line};

	if (!socket)
		return 0;
	learn_ends(socket, &entry->record);
	if (is_over(socket, place, softirq))
		return 0;
	state_words(&entry->record, &step);
	return lane_add(&socket->lanes[LANE_STATES], &step);
}

bool diff_step_is_packets(const char *step)
{
	static const char *const names[] = {
		"udp_rcv",  "udp6_rcv",      "tcp_rcv",
		"tcp6_rcv", "tcp_rcv_state", "tcp_transmit",
	};

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], step) == 0)
			return true;
	return false;
}

static void note_ran(struct diff_run *run, const char *name)
{
	for (int step = 0; step < STEP_MAX; step++)
		if (strcmp(plan_steps[step].name, name) == 0)
			run->ran[step] = true;
}

/* By the name of the step: a kernel may have another function for it. */
static int take_function(struct diff_run *run,
			 const struct history_entry *entry)
{
	const struct record_call *call = &entry->record.call;
	struct diff_socket *socket = socket_find(run, entry->life);
	struct diff_step step = {.line = entry->record.line};

	if (!run->functions)
		return 0;
	if (call->context == CONTEXT_SOFTIRQ ||
	    diff_step_is_packets(call->step)) {
		note_ran(run, call->step);
		return 0;
	}
	if (!socket)
		return 0;
	learn_ends(socket, &entry->record);
	snprintf(step.words, sizeof(step.words), "┊ %s", call->step);
	return lane_add(&socket->lanes[LANE_CALLS], &step);
}

/* accept(2) returns with the ends of the new socket. */
static void learn_result(struct diff_run *run, const struct history_entry *exit)
{
	struct diff_socket *socket =
		socket_find(run, exit->made ? exit->made : exit->life);

	if (socket)
		learn_ends(socket, &exit->record);
}

/* In its place by its entry, so that what runs in it comes after it. */
static int take_call(struct diff_run *run, const struct history_entry *enter,
		     const struct history_entry *exit)
{
	struct diff_socket *socket =
		socket_find(run, exit->life ? exit->life : exit->made);
	struct diff_step step = {.line = exit->record.line};

	if (!socket)
		return 0;
	call_words(enter, exit, &step);
	return lane_add(&socket->lanes[LANE_CALLS], &step);
}

/*
 * The kernel's packets show the port of a socket before any call does; but only
 * the wire's are steps, where there is one.
 */
static int take_entry(struct diff_run *run, const struct history *history,
		      uint32_t place)
{
	const struct history_entry *entry = &history->entries[place];
	const struct history_entry *other;
	const struct record *record = &entry->record;
	struct diff_socket *socket;

	switch (record->type) {
	case RECORD_ENTER:
		other = history_other(history, entry);
		return other ? take_call(run, entry, other) : 0;
	case RECORD_EXIT:
		learn_result(run, entry);
		other = history_other(history, entry);
		return other ? 0 : take_call(run, NULL, entry);
	case RECORD_CALL:
		return take_function(run, entry);
	case RECORD_STATE:
		return take_state(run, entry, place);
	case RECORD_PACKET:
		socket = socket_find(run, entry->life);
		if (socket && !record->packet.own_local.family)
			learn_ends(socket, record);
		return record->packet.witness == WITNESS_WIRE && !entry->again ?
			       take_packet(run, record, place) :
			       0;
	case RECORD_ICMP:
		return record->icmp.witness == WITNESS_WIRE && !entry->again ?
			       take_icmp(run, record, place) :
			       0;
	default:
		return 0;
	}
}

/* ---- the whole run -------------------------------------------------------- */

/* Notes the last call of each socket that returned; makes the socket. */
static int note_calls(struct diff_run *run, const struct history *history)
{
	for (uint32_t i = 0; i < history->len; i++) {
		const struct history_entry *exit = &history->entries[i];
		uint32_t life = exit->life ? exit->life : exit->made;
		struct diff_socket *socket;

		if (exit->record.type != RECORD_EXIT || !life)
			continue;
		socket = socket_find(run, life);
		if (!socket)
			socket = socket_add(run, life, &exit->record);
		if (!socket)
			return -ENOMEM;
		socket->last_exit = socket->last = i;
		if (exit->record.syscall.id == CALL_CLOSE &&
		    exit->other != HISTORY_NONE)
			socket->last = exit->other;
	}
	return 0;
}

int diff_run_take(struct diff_run *run, const struct history *history)
{
	int err = note_calls(run, history);

	for (uint32_t i = 0; i < history->len && !err; i++)
		err = take_entry(run, history, i);
	return err;
}

void diff_run_fini(struct diff_run *run)
{
	for (unsigned int i = 0; i < run->len; i++)
		for (int lane = 0; lane < LANES; lane++)
			free(run->sockets[i].lanes[lane].steps);
	free(run->sockets);
	*run = (struct diff_run){0};
}
