// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A table of connects by their peer and their own address, so that the time for
 * a refusal does not depend on how many of them wait. See waiting.h.
 */
#include "waiting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record/hash.h"

struct waiting_key {
	struct endpoint_key peer, local; /* @local: 0 if it is not known */
};

struct waiting_at {
	struct waiting_key key;
	LIST_HEAD(connect_list, connect) connects;
	UT_hash_handle hh;
};

bool endpoint_is_resolved(const struct endpoint *local)
{
	return local->port && !endpoint_is_any(local);
}

const struct endpoint *connect_peer(const struct connect *connect)
{
	return connect->stored.port ? &connect->stored : &connect->peer;
}

static void waiting_make_key(struct waiting_key *key,
			     const struct endpoint *local,
			     const struct endpoint *peer)
{
	memset(key, 0, sizeof(*key));
	endpoint_key(peer, &key->peer);
	if (local && endpoint_is_resolved(local))
		endpoint_key(local, &key->local);
}

static struct waiting_at *waiting_at(const struct waiting_connects *waiting,
				     const struct waiting_key *key)
{
	struct waiting_at *at;

	hash_find(waiting->table, key, at);
	return at;
}

int waiting_add(struct waiting_connects *waiting, struct connect *connect)
{
	struct waiting_key key;
	struct waiting_at *at;

	waiting_make_key(&key, &connect->local, connect_peer(connect));
	hash_get(waiting->table, key, &key, at);
	if (!at)
		return -ENOMEM;
	LIST_INSERT_HEAD(&at->connects, connect, waiting);
	connect->waits_at = at;
	return 0;
}

void waiting_remove(struct waiting_connects *waiting, struct connect *connect)
{
	struct waiting_at *at = connect->waits_at;

	if (!at)
		return;
	LIST_REMOVE(connect, waiting);
	connect->waits_at = NULL;
	if (!LIST_EMPTY(&at->connects))
		return;
	HASH_DEL(waiting->table, at);
	free(at);
}

int waiting_move(struct waiting_connects *waiting, struct connect *connect)
{
	if (!connect->waits_at)
		return 0;
	waiting_remove(waiting, connect);
	return waiting_add(waiting, connect);
}

static void refuse_at(struct waiting_connects *waiting,
		      const struct waiting_key *key,
		      const struct refusal *refusal)
{
	struct waiting_at *at;

	while ((at = waiting_at(waiting, key))) {
		struct connect *connect = LIST_FIRST(&at->connects);

		connect->refusal = *refusal;
		waiting_remove(waiting, connect);
	}
}

void waiting_refuse(struct waiting_connects *waiting,
		    const struct endpoint *local, const struct endpoint *peer,
		    const struct refusal *refusal)
{
	struct waiting_key key;

	if (!waiting->table)
		return;
	waiting_make_key(&key, local, peer);
	refuse_at(waiting, &key, refusal);
	waiting_make_key(&key, NULL, peer);
	refuse_at(waiting, &key, refusal);
}

void waiting_fini(struct waiting_connects *waiting)
{
	hash_empty(waiting->table, free);
}
