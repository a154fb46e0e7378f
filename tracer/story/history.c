// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Keeps records. See history.h.
 *
 *   in:  the records that the story shows
 *   out: an array of them, with their sockets and calls
 */
#include "history.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "record/hash.h"
#include "sockets.h"

/* The socket that a number, or a descriptor, means now. */
struct history_life {
	struct socket_key key;
	uint32_t life;
	UT_hash_handle hh;
};

/* The call that a thread is in. */
struct history_thread {
	uint32_t tid;
	uint32_t enter; /* its place; HISTORY_NONE: it is in none */
	UT_hash_handle hh;
};

static bool is_kept(const struct record *record)
{
	switch (record->type) {
	case RECORD_ENTER:
	case RECORD_EXIT:
	case RECORD_CALL:
	case RECORD_PACKET:
	case RECORD_ICMP:
	case RECORD_STATE:
		return true;
	default:
		return false;
	}
}

/* NULL: no memory. A life of 0: it is new. */
static struct history_life *life_of(struct history *history,
				    const struct socket_key *key)
{
	struct history_life *life;

	hash_get(history->lives, key, key, life);
	return life;
}

/* Has the record a socket? A packet has one if the kernel named its sender. */
static bool has_socket(const struct record *record)
{
	if (record->socket)
		return true;
	return (record->type == RECORD_ENTER || record->type == RECORD_EXIT) &&
	       record->syscall.fd >= 0;
}

/* A SYN has made a socket, which accept(2) will return. */
static bool begins_by_syn(const struct record *record)
{
	return record->type == RECORD_STATE &&
	       record->state.new_state == TCP_SYN_RECV;
}

/* Sets *@number to the socket's; @fresh: it is a new one. 0 or -ENOMEM. */
static int number_life(struct history *history, const struct record *record,
		       bool fresh, uint32_t *number)
{
	struct history_life *life;
	struct socket_key key;

	socket_make_key(&key, record);
	life = life_of(history, &key);
	if (!life)
		return -ENOMEM;
	if (!life->life || fresh)
		life->life = ++history->lives_len;
	*number = life->life;
	return 0;
}

static struct history_thread *thread_of(struct history *history, uint32_t tid)
{
	struct history_thread *thread;

	hash_find(history->threads, &tid, thread);
	if (thread)
		return thread;
	hash_new(history->threads, tid, &tid, thread);
	if (thread)
		thread->enter = HISTORY_NONE;
	return thread;
}

/* Joins an exit to the entry that its thread has made. 0 or -ENOMEM. */
static int join_call(struct history *history, struct history_entry *entry)
{
	uint32_t place = (uint32_t)(entry - history->entries);
	struct history_thread *thread = thread_of(history, entry->record.tid);
	struct history_entry *enter;

	if (!thread)
		return -ENOMEM;
	if (entry->record.type == RECORD_ENTER) {
		thread->enter = place;
		return 0;
	}
	enter = thread->enter == HISTORY_NONE ?
			NULL :
			&history->entries[thread->enter];
	thread->enter = HISTORY_NONE;
	if (!enter || enter->record.syscall.id != entry->record.syscall.id)
		return 0;
	entry->other = (uint32_t)(enter - history->entries);
	enter->other = place;
	return 0;
}

static bool makes_socket(const struct record *exit)
{
	return exit->syscall.ret >= 0 && (exit->syscall.id == CALL_SOCKET ||
					  exit->syscall.id == CALL_ACCEPT ||
					  exit->syscall.id == CALL_ACCEPT4);
}

/*
 * accept(2) returns with the number of the new socket, which may be known by its
 * SYN; but it was called on the other one.
 */
static int name_exit(struct history *history, struct history_entry *entry)
{
	const struct history_entry *enter = history_other(history, entry);
	struct record made = entry->record;

	if (enter)
		entry->life = enter->life;
	if (!makes_socket(&entry->record)) {
		if (enter || !has_socket(&entry->record))
			return 0;
		return number_life(history, &entry->record, false,
				   &entry->life);
	}
	made.syscall.fd = (int32_t)made.syscall.ret;
	return number_life(history, &made,
			   made.syscall.id == CALL_SOCKET || !made.socket,
			   &entry->made);
}

static int name_socket(struct history *history, struct history_entry *entry)
{
	if (entry->record.type == RECORD_EXIT)
		return name_exit(history, entry);
	if (!has_socket(&entry->record))
		return 0;
	return number_life(history, &entry->record,
			   begins_by_syn(&entry->record), &entry->life);
}

static int make_room(struct history *history)
{
	uint32_t room = history->room ? 2 * history->room : 256;
	struct history_entry *entries;

	if (history->len < history->room)
		return 0;
	entries = reallocarray(history->entries, room, sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	history->entries = entries;
	history->room = room;
	return 0;
}

/* One that only asks about an earlier one is that one. */
static uint64_t connect_number(const struct connect *connect)
{
	if (!connect)
		return 0;
	return connect->first ? connect->first : connect->number;
}

static struct history_entry *append(struct history *history,
				    const struct record *record,
				    const struct note *note)
{
	struct history_entry *entry = &history->entries[history->len++];

	*entry = (struct history_entry){
		.record = *record,
		.other = HISTORY_NONE,
		.connect = connect_number(note->connect),
		.again = note->again,
	};
	if (record->type == RECORD_CALL) {
		entry->record.call.stack = NULL;
		entry->record.call.stack_len = 0;
	}
	return entry;
}

int history_add(struct history *history, const struct record *record,
		const struct note *note)
{
	struct history_entry *entry;
	int err;

	history->lost |= record->type == RECORD_LOST;
	if (!is_kept(record))
		return 0;
	if (history->len == HISTORY_MAX) {
		history->full = true;
		return 0;
	}
	err = make_room(history);
	if (err)
		return err;
	entry = append(history, record, note);
	if (record->type == RECORD_ENTER || record->type == RECORD_EXIT)
		err = join_call(history, entry);
	if (!err)
		err = name_socket(history, entry);
	return err;
}

const struct history_entry *history_other(const struct history *history,
					  const struct history_entry *entry)
{
	return entry->other == HISTORY_NONE ? NULL :
					      &history->entries[entry->other];
}

const struct history_entry *history_at_line(const struct history *history,
					    uint64_t line)
{
	for (uint32_t i = 0; i < history->len; i++)
		if (history->entries[i].record.line == line)
			return &history->entries[i];
	return NULL;
}

void history_fini(struct history *history)
{
	hash_empty(history->threads, free);
	hash_empty(history->lives, free);
	free(history->entries);
	*history = (struct history){0};
}
