// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Tables of sockets and of threads. An entry is not removed when its socket is
 * closed: another thread may be in a call on it, and the end of a socket is not
 * always seen (a process that exits closes its sockets without close(2)). The
 * oldest entries leave when there are too many.
 *
 * And a table of the addresses where followed sockets are bound. A packet is
 * looked up there by each of its two ends, as it is and as the wildcard, so that
 * the time for one does not depend on how many sockets there are.
 *
 *   in:  records; addresses of sockets, packets
 *   out: what is known of the socket and the thread that they name; followed or
 *        not; what one witness missed of what another saw
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "connects.h"
#include "record/hash.h"
#include "sockets.h"

#define SEEN_FLOWS_MAX 65536
#define LOOK_AT        4 /* entries for each new one: those in use stay */

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
	hash_find(sockets->sockets, &key, socket);
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
		hash_find(sockets->sockets, &key, socket);
	return socket;
}

struct socket_entry *sockets_of(struct sockets *sockets,
				const struct record *record)
{
	struct socket_entry *socket;
	struct socket_key key;

	socket_make_key(&key, record);
	hash_find(sockets->sockets, &key, socket);
	if (socket) {
		TAILQ_REMOVE(&sockets->sockets_by_use, socket, by_use);
		TAILQ_INSERT_TAIL(&sockets->sockets_by_use, socket, by_use);
		return socket;
	}
	hash_new(sockets->sockets, key, &key, socket);
	if (!socket)
		return NULL;
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
	       !socket->attempt || !connect_goes_on(socket->attempt);
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

	hash_find(sockets->calls, &tid, call);
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
	hash_new(sockets->calls, tid, &tid, call);
	if (!call)
		return NULL;
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
	hash_empty(sockets->sockets, free);
	hash_empty(sockets->calls, free);
}

struct follow_key {
	struct endpoint_key at;
	uint32_t proto;
};

/* An address that was used as recently as that may still get packets. */
#define RECENT_NS 5000000000ULL

struct follow_end {
	struct follow_key key;
	uint64_t used_ns;
	TAILQ_ENTRY(follow_end) by_use;
	uint64_t seen[WITNESSES];
	char iface[WITNESSES][IFNAME_BYTES]; /* of the first one seen */
	UT_hash_handle hh;
};

struct follow_peer {
	struct follow_key key;
	unsigned int watchers;
	UT_hash_handle hh;
};

static void follow_make_key(struct follow_key *key, uint8_t proto,
			    const struct endpoint *ep)
{
	endpoint_key(ep, &key->at);
	key->proto = proto;
}

static void follow_use(struct follow *follow, struct follow_end *end)
{
	end->used_ns = follow->now_ns;
	TAILQ_REMOVE(&follow->by_use, end, by_use);
	TAILQ_INSERT_TAIL(&follow->by_use, end, by_use);
}

int follow_add(struct follow *follow, uint8_t proto,
	       const struct endpoint *local)
{
	struct follow_key key;
	struct follow_end *end;

	if (!local->port)
		return 0;
	follow_make_key(&key, proto, local);
	hash_find(follow->ends, &key, end);
	if (end) {
		follow_use(follow, end);
		return 0;
	}
	hash_new(follow->ends, key, &key, end);
	if (!end)
		return -ENOMEM;
	end->used_ns = follow->now_ns;
	if (!follow->by_use.tqh_last)
		TAILQ_INIT(&follow->by_use);
	TAILQ_INSERT_TAIL(&follow->by_use, end, by_use);
	return 0;
}

int follow_watch(struct follow *follow, uint8_t proto,
		 const struct endpoint *peer)
{
	struct follow_key key;
	struct follow_peer *watch;

	follow_make_key(&key, proto, peer);
	hash_get(follow->peers, key, &key, watch);
	if (!watch)
		return -ENOMEM;
	watch->watchers++;
	return 0;
}

void follow_unwatch(struct follow *follow, uint8_t proto,
		    const struct endpoint *peer)
{
	struct follow_key key;
	struct follow_peer *watch;

	follow_make_key(&key, proto, peer);
	hash_find(follow->peers, &key, watch);
	if (!watch || --watch->watchers)
		return;
	HASH_DEL(follow->peers, watch);
	free(watch);
}

static struct follow_end *find_at(const struct follow *follow, uint8_t proto,
				  const struct endpoint *at)
{
	struct follow_key key;
	struct follow_end *end;

	follow_make_key(&key, proto, at);
	hash_find(follow->ends, &key, end);
	return end;
}

/* Looks up the packet's address, and the wildcard: [::] takes IPv4 as well. */
static struct follow_end *find_end(const struct follow *follow, uint8_t proto,
				   const struct endpoint *ep)
{
	struct endpoint any4 = {.family = AF_INET, .port = ep->port};
	struct endpoint any6 = {.family = AF_INET6, .port = ep->port};
	struct follow_end *end = find_at(follow, proto, ep);

	if (!end)
		end = find_at(follow, proto, &any6);
	if (!end && ep->family == AF_INET)
		end = find_at(follow, proto, &any4);
	return end;
}

static bool is_watched(const struct follow *follow, uint8_t proto,
		       const struct endpoint *ep)
{
	struct follow_key key;
	struct follow_peer *watch;

	follow_make_key(&key, proto, ep);
	hash_find(follow->peers, &key, watch);
	return watch != NULL;
}

bool follow_packet(struct follow *follow, const struct record *packet,
		   bool count)
{
	enum witness witness = packet->packet.witness;
	uint8_t proto = packet->proto;
	struct follow_end *end = find_end(follow, proto, &packet->local);

	if (!end)
		end = find_end(follow, proto, &packet->peer);
	if (!end)
		return is_watched(follow, proto, &packet->local) ||
		       is_watched(follow, proto, &packet->peer);
	follow_use(follow, end);
	if (count && end->seen[witness]++ == 0)
		memcpy(end->iface[witness], packet->packet.iface,
		       sizeof(end->iface[witness]));
	return true;
}

bool follow_flow(const struct follow *follow, const struct record *record)
{
	uint8_t proto = record->proto;

	return find_end(follow, proto, &record->local) ||
	       find_end(follow, proto, &record->peer) ||
	       is_watched(follow, proto, &record->local) ||
	       is_watched(follow, proto, &record->peer);
}

bool follow_receives(const struct follow *follow, const struct record *packet)
{
	return find_end(follow, packet->proto, &packet->peer) != NULL;
}

static void add_gap(struct follow *follow, const struct follow_end *end,
		    enum witness saw, enum witness missed)
{
	struct gap *gap = follow->gaps;
	struct gap *none = gap + follow->gaps_len;

	while (gap < none && (gap->proto != end->key.proto || gap->saw != saw ||
			      strcmp(gap->iface, end->iface[saw]) != 0))
		gap++;
	if (gap == none) {
		if (follow->gaps_len == GAPS_MAX)
			return;
		follow->gaps_len++;
		*gap = (struct gap){
			.proto = end->key.proto, .saw = saw, .missed = missed};
		memcpy(gap->iface, end->iface[saw], sizeof(gap->iface));
	}
	gap->packets += end->seen[saw];
}

static void follow_compare(struct follow *follow, const struct follow_end *end)
{
	bool kernel = end->seen[WITNESS_KERNEL];
	bool wire = end->seen[WITNESS_WIRE];

	if (kernel && !wire)
		add_gap(follow, end, WITNESS_KERNEL, WITNESS_WIRE);
	else if (wire && !kernel)
		add_gap(follow, end, WITNESS_WIRE, WITNESS_KERNEL);
}

void follow_forget(struct follow *follow)
{
	struct follow_end *oldest = TAILQ_FIRST(&follow->by_use);

	if (HASH_COUNT(follow->ends) <= FOLLOW_MAX ||
	    (HASH_COUNT(follow->ends) <= FOLLOW_HARD_MAX &&
	     oldest->used_ns + RECENT_NS > follow->now_ns))
		return;
	follow_compare(follow, oldest);
	HASH_DEL(follow->ends, oldest);
	TAILQ_REMOVE(&follow->by_use, oldest, by_use);
	free(oldest);
}

void follow_gaps(struct follow *follow, struct evidence *evidence)
{
	for (struct follow_end *end = follow->ends; end; end = end->hh.next)
		follow_compare(follow, end);
	memcpy(evidence->gaps, follow->gaps, sizeof(evidence->gaps));
	evidence->gaps_len = follow->gaps_len;
}

/*
 * A packet may be seen on several interfaces of one network namespace: a bridge
 * and its ports, a VLAN and the card below it, both ends of a veth pair. The view
 * marks it where it is seen for the second time.
 */
struct seen_flow_key {
	struct endpoint_key src, dst;
	uint32_t proto, witness, type; /* an ICMP error is a flow of its own */
};

struct seen_flow {
	struct seen_flow_key key;
	char iface[IFNAME_BYTES];
	UT_hash_handle hh;
};

static struct seen_flow *seen_flow_add(struct follow *follow,
				       const struct seen_flow_key *key,
				       const char *iface)
{
	struct seen_flow *flow;

	if (HASH_COUNT(follow->seen) >= SEEN_FLOWS_MAX)
		return NULL;
	hash_new(follow->seen, key, key, flow);
	if (flow)
		memcpy(flow->iface, iface, sizeof(flow->iface));
	return flow;
}

bool follow_again(struct follow *follow, const struct record *packet)
{
	struct seen_flow_key key = {.proto = packet->proto,
				    .witness = packet->packet.witness,
				    .type = packet->type};
	struct seen_flow *flow;

	endpoint_key(&packet->local, &key.src);
	endpoint_key(&packet->peer, &key.dst);
	hash_find(follow->seen, &key, flow);
	if (!flow)
		flow = seen_flow_add(follow, &key, packet->packet.iface);
	return flow &&
	       strncmp(flow->iface, packet->packet.iface, IFNAME_BYTES) != 0;
}

void follow_fini(struct follow *follow)
{
	hash_empty(follow->ends, free);
	hash_empty(follow->peers, free);
	hash_empty(follow->seen, free);
	*follow = (struct follow){0};
}
