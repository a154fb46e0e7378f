// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Tables of sockets and of threads. An entry is not removed when its socket is
 * closed: another thread may be in a call on it, and not each end is seen (a
 * process that exits closes its sockets without close(2)). The oldest entries
 * leave when there are too many.
 *
 *   in:  records
 *   out: what is known of the socket and the thread that they name
 */
#include <stdlib.h>
#include <string.h>

#include "settled.h"
#include "sockets.h"

#define LOOK_AT 4 /* entries for each new one: those in use stay */

void socket_make_key(struct socket_key *key, const struct record *record)
{
	memset(key, 0, sizeof(*key));
	key->number = record->socket;
	if (record->socket)
		return;
	key->pid = record->pid;
	key->fd = record->type == RECORD_CALL ? -1 : record->syscall.fd;
	key->proto = record->proto;
}

struct socket_entry *sockets_find(const struct sockets *sockets,
				  const struct record *record)
{
	struct socket_entry *socket;
	struct socket_key key;

	socket_make_key(&key, record);
	HASH_FIND(hh, sockets->sockets, &key, sizeof(key), socket);
	return socket;
}

struct socket_entry *sockets_numbered(const struct sockets *sockets,
				      uint32_t number)
{
	struct socket_entry *socket = NULL;
	struct socket_key key;

	memset(&key, 0, sizeof(key)); /* its padding is compared, too */
	key.number = number;
	if (number)
		HASH_FIND(hh, sockets->sockets, &key, sizeof(key), socket);
	return socket;
}

struct socket_entry *sockets_of(struct sockets *sockets,
				const struct record *record)
{
	struct socket_entry *socket = sockets_find(sockets, record);

	if (socket) {
		TAILQ_REMOVE(&sockets->sockets_by_use, socket, by_use);
		TAILQ_INSERT_TAIL(&sockets->sockets_by_use, socket, by_use);
		return socket;
	}
	socket = calloc(1, sizeof(*socket));
	if (!socket)
		return NULL;
	socket_make_key(&socket->key, record);
	HASH_ADD(hh, sockets->sockets, key, sizeof(socket->key), socket);
	if (!socket->hh.tbl) {
		free(socket);
		return NULL;
	}
	if (!sockets->sockets_by_use.tqh_last)
		TAILQ_INIT(&sockets->sockets_by_use);
	TAILQ_INSERT_TAIL(&sockets->sockets_by_use, socket, by_use);
	return socket;
}

static bool may_leave(const struct sockets *sockets,
		      const struct socket_entry *socket)
{
	if (socket->calls || socket->connecting)
		return false;
	return HASH_COUNT(sockets->sockets) > SOCKETS_HARD_MAX ||
	       !socket->attempt || !settled_goes_on(socket->attempt);
}

struct socket_entry *sockets_surplus(struct sockets *sockets)
{
	if (HASH_COUNT(sockets->sockets) <= SOCKETS_MAX)
		return NULL;
	for (int i = 0; i < LOOK_AT; i++) {
		struct socket_entry *oldest =
			TAILQ_FIRST(&sockets->sockets_by_use);

		if (may_leave(sockets, oldest))
			return oldest;
		TAILQ_REMOVE(&sockets->sockets_by_use, oldest, by_use);
		TAILQ_INSERT_TAIL(&sockets->sockets_by_use, oldest, by_use);
	}
	return NULL;
}

void sockets_remove(struct sockets *sockets, struct socket_entry *socket)
{
	HASH_DEL(sockets->sockets, socket);
	TAILQ_REMOVE(&sockets->sockets_by_use, socket, by_use);
	free(socket);
}

struct open_call *sockets_find_call(const struct sockets *sockets, uint32_t tid)
{
	struct open_call *call;

	HASH_FIND(hh, sockets->calls, &tid, sizeof(tid), call);
	return call;
}

struct open_call *sockets_call(struct sockets *sockets, uint32_t tid)
{
	struct open_call *call = sockets_find_call(sockets, tid);

	if (call) {
		TAILQ_REMOVE(&sockets->calls_by_use, call, by_use);
		TAILQ_INSERT_TAIL(&sockets->calls_by_use, call, by_use);
		return call;
	}
	call = calloc(1, sizeof(*call));
	if (!call)
		return NULL;
	call->tid = tid;
	HASH_ADD(hh, sockets->calls, tid, sizeof(call->tid), call);
	if (!call->hh.tbl) {
		free(call);
		return NULL;
	}
	if (!sockets->calls_by_use.tqh_last)
		TAILQ_INIT(&sockets->calls_by_use);
	TAILQ_INSERT_TAIL(&sockets->calls_by_use, call, by_use);
	return call;
}

struct open_call *sockets_surplus_call(struct sockets *sockets)
{
	if (HASH_COUNT(sockets->calls) <= CALLS_MAX)
		return NULL;
	for (int i = 0; i < LOOK_AT; i++) {
		struct open_call *oldest = TAILQ_FIRST(&sockets->calls_by_use);

		if (oldest->id == CALL_NONE ||
		    HASH_COUNT(sockets->calls) > CALLS_HARD_MAX)
			return oldest;
		TAILQ_REMOVE(&sockets->calls_by_use, oldest, by_use);
		TAILQ_INSERT_TAIL(&sockets->calls_by_use, oldest, by_use);
	}
	return NULL;
}

void sockets_remove_call(struct sockets *sockets, struct open_call *call)
{
	HASH_DEL(sockets->calls, call);
	TAILQ_REMOVE(&sockets->calls_by_use, call, by_use);
	free(call);
}

void socket_renew(struct socket_entry *socket)
{
	memset(&socket->local, 0, sizeof(socket->local));
	memset(&socket->peer, 0, sizeof(socket->peer));
	socket->ipv6 = socket->mptcp = socket->fast_open = false;
	socket->senders = 0;
}

void sockets_fini(struct sockets *sockets)
{
	struct socket_entry *socket = sockets->sockets, *next_socket;
	struct open_call *call = sockets->calls, *next_call;

	/* the elements stay chained when their table has gone */
	HASH_CLEAR(hh, sockets->sockets);
	HASH_CLEAR(hh, sockets->calls);
	for (; socket; socket = next_socket) {
		next_socket = socket->hh.next;
		free(socket);
	}
	for (; call; call = next_call) {
		next_call = call->hh.next;
		free(call);
	}
}
