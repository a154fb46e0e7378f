// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Tables of sockets and of threads. No entry is removed during a run: another
 * thread may be in a call on a socket while it is closed.
 *
 *   in:  records
 *   out: what is known of the socket and the thread that they name
 */
#include <stdlib.h>
#include <string.h>

#include "sockets.h"

static void socket_make_key(struct socket_key *key, const struct record *record)
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

	if (socket)
		return socket;
	socket = calloc(1, sizeof(*socket));
	if (!socket)
		return NULL;
	socket_make_key(&socket->key, record);
	HASH_ADD(hh, sockets->sockets, key, sizeof(socket->key), socket);
	if (socket->hh.tbl)
		return socket;
	free(socket);
	return NULL;
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

	if (call)
		return call;
	call = calloc(1, sizeof(*call));
	if (!call)
		return NULL;
	call->tid = tid;
	HASH_ADD(hh, sockets->calls, tid, sizeof(call->tid), call);
	if (call->hh.tbl)
		return call;
	free(call);
	return NULL;
}

void socket_renew(struct socket_entry *socket)
{
	memset(&socket->local, 0, sizeof(socket->local));
	memset(&socket->peer, 0, sizeof(socket->peer));
	socket->ipv6 = socket->mptcp = socket->fast_open = false;
	socket->connecting = NULL;
	socket->attempt = socket->closing = NULL;
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
