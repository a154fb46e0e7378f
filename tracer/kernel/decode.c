// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Turns the kernel's event into a record. See decode.h. */
#include "decode.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/hash.h"

struct socket_id {
	uint64_t sock; /* address of the struct sock */
	uint32_t id;
	UT_hash_handle hh;
};

void decoder_fini(struct decoder *decoder)
{
	hash_empty(decoder->sockets, free);
}

/*
 * The number of the socket at @sock, 0 if there is none. A @fresh socket gets a
 * new number, for its memory may have been another's. 0 or -ENOMEM.
 */
static int number_socket(struct decoder *decoder, uint64_t sock, bool fresh,
			 uint32_t *number)
{
	struct socket_id *socket;

	*number = 0;
	if (!sock)
		return 0;
	hash_find(decoder->sockets, &sock, socket);
	if (!socket) {
		hash_new(decoder->sockets, sock, &sock, socket);
		if (!socket)
			return -ENOMEM;
		fresh = true;
	}
	if (fresh)
		socket->id = ++decoder->last_id;
	*number = socket->id;
	return 0;
}

static void decode_addr(struct endpoint *to, const struct event_addr *from)
{
	to->family = from->family;
	to->port = from->port;
	memcpy(to->addr, from->addr, sizeof(to->addr));
}

static int event_to_syscall(struct decoder *decoder, const struct event *event,
			    struct record *record)
{
	const struct event_syscall *from = &event->syscall;
	struct record_syscall *to = &record->syscall;

	if (from->id == CALL_NONE || from->id >= CALL_MAX)
		return -EBADMSG;
	to->id = from->id;
	to->fd = from->fd;
	to->len = from->len;
	to->flags = from->flags;
	to->ret = from->ret;
	memcpy(to->args, from->args, sizeof(to->args));
	to->skippable = event->syscall_flags & SYSCALL_SKIPPABLE;
	to->still_open = event->syscall_flags & SYSCALL_STILL_OPEN;
	to->other_netns = event->netns && event->netns != decoder->netns;
	return 0;
}

static int decode_stack(struct decoder *decoder, const struct event_stack *from,
			struct record_call *call)
{
	size_t frames = from->event.call.stack_bytes / sizeof(from->frames[0]);
	char name[128];

	if (!decoder->ksyms || frames == 0)
		return 0;
	if (frames > STACK_FRAMES)
		return -EBADMSG;
	call->stack = calloc(frames, sizeof(*call->stack));
	if (!call->stack)
		return -ENOMEM;
	for (size_t i = 0; i < frames && from->frames[i]; i++) {
		call->stack[i] = strdup(
			ksyms_name(decoder->ksyms, from->frames[i], name));
		if (!call->stack[i])
			return -ENOMEM;
		call->stack_len++;
	}
	return 0;
}

static int event_to_call(struct decoder *decoder, const struct event *event,
			 size_t bytes, struct record *record)
{
	const struct event_call *from = &event->call;
	struct record_call *to = &record->call;
	const char *function;

	if (from->from > FROM_KERNEL)
		return -EBADMSG;
	if (from->step >= STEP_MAX || (event->context != CONTEXT_TASK &&
				       event->context != CONTEXT_SOFTIRQ))
		return -EBADMSG;
	function = decoder->plan->entries[from->step].symbol;
	to->context = event->context;
	to->from = from->from;
	to->len = from->len;
	snprintf(to->step, sizeof(to->step), "%s", plan_steps[from->step].name);
	snprintf(to->function, sizeof(to->function), "%s",
		 function ? function : plan_steps[from->step].name);
	if (bytes == sizeof(struct event_stack))
		return decode_stack(decoder, (const void *)event, to);
	return 0;
}

/* Set only if they differ from the packet's ends, because of NAT. */
static void decode_own_ends(const struct event_packet *from,
			    struct record *record)
{
	struct endpoint local, peer;

	decode_addr(&local, &from->own_local);
	decode_addr(&peer, &from->own_peer);
	if (!local.port || !peer.port ||
	    (endpoint_equal(&local, &record->local) &&
	     endpoint_equal(&peer, &record->peer)))
		return;
	record->packet.own_local = local;
	record->packet.own_peer = peer;
}

static int event_to_packet(const struct event *event, struct record *record)
{
	const struct event_packet *from = &event->packet;
	struct record_packet *to = &record->packet;

	if (from->direction != DIRECTION_OUT && from->direction != DIRECTION_IN)
		return -EBADMSG;
	if (from->fragment > FRAGMENT_LATER)
		return -EBADMSG;
	to->witness = WITNESS_KERNEL;
	to->direction = from->direction;
	to->len = from->len;
	to->fragment = from->fragment;
	to->outside_call = from->outside_call;
	to->tcp_flags = from->tcp_flags;
	to->seq = from->seq;
	to->ack = from->ack;
	memcpy(to->iface, from->ifname, sizeof(to->iface));
	to->iface[sizeof(to->iface) - 1] = '\0';
	decode_own_ends(from, record);
	return 0;
}

static int event_to_icmp(const struct event *event, struct record *record)
{
	const struct event_icmp *from = &event->icmp;
	struct record_icmp *to = &record->icmp;

	if (from->direction != DIRECTION_OUT && from->direction != DIRECTION_IN)
		return -EBADMSG;
	to->witness = WITNESS_KERNEL;
	to->direction = from->direction;
	memcpy(to->iface, from->ifname, sizeof(to->iface));
	to->iface[sizeof(to->iface) - 1] = '\0';
	to->type = from->type;
	to->code = from->code;
	decode_addr(&to->from, &from->from);
	to->from.port = 0;
	return 0;
}

static int decode_state(const struct event *event, struct record *record)
{
	if (event->state.from > FROM_KERNEL)
		return -EBADMSG;
	record->state = (struct record_state){
		.old_state = event->state.old_state,
		.new_state = event->state.new_state,
		.context = event->context,
		.continues = event->state.continues,
		/* the others are counted where they enter: lab_counters */
		.from = event->state.from == FROM_KERNEL ? FROM_KERNEL :
							   FROM_UNKNOWN,
	};
	return 0;
}

/*
 * Only socket(2) always returns a new socket: the socket that accept(2) returns
 * has had its handshake, and was reported, already.
 */
static bool event_makes_socket(const struct event *event)
{
	return event->kind == EVENT_EXIT && event->syscall.ret >= 0 &&
	       event->syscall.id == CALL_SOCKET;
}

int decode_event(struct decoder *decoder, const void *data, size_t bytes,
		 struct record *record)
{
	static const enum record_type types[] = {
		[EVENT_ENTER] = RECORD_ENTER, [EVENT_EXIT] = RECORD_EXIT,
		[EVENT_CALL] = RECORD_CALL,   [EVENT_PACKET] = RECORD_PACKET,
		[EVENT_STATE] = RECORD_STATE, [EVENT_ICMP] = RECORD_ICMP,
	};
	const struct event *event = data;
	int err;

	memset(record, 0, sizeof(*record));
	if (bytes != sizeof(*event) && bytes != sizeof(struct event_stack))
		return -EBADMSG;
	if (event->kind < EVENT_ENTER || event->kind > EVENT_ICMP)
		return -EBADMSG;
	record->type = types[event->kind];
	record->ts_ns = event->ts_ns;
	record->pid = event->pid;
	record->tid = event->tid;
	memcpy(record->comm, event->comm, sizeof(record->comm));
	record->comm[sizeof(record->comm) - 1] = '\0';
	record->proto = event->proto;
	err = number_socket(decoder, event->sock, event_makes_socket(event),
			    &record->socket);
	if (err)
		return err;
	decode_addr(&record->local, &event->local);
	decode_addr(&record->peer, &event->peer);
	if (event->kind == EVENT_CALL)
		err = event_to_call(decoder, event, bytes, record);
	else if (event->kind == EVENT_PACKET)
		err = event_to_packet(event, record);
	else if (event->kind == EVENT_ICMP)
		err = event_to_icmp(event, record);
	else if (event->kind == EVENT_STATE)
		err = decode_state(event, record);
	else
		err = event_to_syscall(decoder, event, record);
	if (err)
		record_fini(record);
	return err;
}
