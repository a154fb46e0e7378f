// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Counts the packets that a UDP socket sends during connect(2). See windows.h.
 * It keeps a ring of the packets that passed, in order, and a table of those
 * that the kernel has queued and the wire has not seen yet.
 *
 *   in:  packets of any socket, connects as they end
 *   out: who sent a packet; connect.inside, .received, .unnamed
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "record/hash.h"
#include "windows.h"

#define NOT_KEPT UINT64_MAX /* the place of no packet */
/* The two clocks are aligned to less than this: see wire/clock.h. */
#define CLOCKS_NS 1000000
/* The most packets between the same packet on the wire and at the kernel. */
#define NEAR_PACKETS 16
#define WAITING_MAX  16384
#define WAIT_NS      2000000000ULL /* then it was dropped before the wire */
#define SEEN_PAIRS   32

/* The properties of a packet that both witnesses see. */
struct packet_key {
	struct endpoint_key src, dst;
	uint32_t proto, fragment, len, seq;
};

struct passed {
	uint64_t ts_ns;
	struct packet_key key;
	struct endpoint src, dst;
	uint8_t witness, direction;
	char iface[IFNAME_BYTES];
	uint32_t sender; /* 0: not known */
	bool joined;     /* kernel: the wire has seen it */
	bool outside;    /* kernel: no call of its socket sent it then */
	uint64_t next;   /* kernel: the next with its key that waits */
	/*
	 * The connect that it is counted in: the kernel's in .inside, the
	 * wire's, whose sender is not known, in .unnamed. NULL: in none
	 */
	struct connect *counts;
	LIST_ENTRY(passed) counted;
};

struct queued {
	struct packet_key key;
	uint64_t oldest, newest; /* places of the kernel's that wait */
	uint32_t last_sender;    /* of the latest that was joined; 0: none */
	UT_hash_handle hh;
};

/* A packet of each flow that has been counted in a window. */
struct seen_pairs {
	const struct passed *first[SEEN_PAIRS];
	unsigned int len;
};

static struct passed *passed_at(const struct windows *windows, uint64_t place)
{
	return &windows->ring[place % WINDOW_PACKETS];
}

static uint64_t oldest_place(const struct windows *windows)
{
	return windows->kept > WINDOW_PACKETS ? windows->kept - WINDOW_PACKETS :
						0;
}

static void count_nowhere(struct passed *passed)
{
	if (passed->counts)
		LIST_REMOVE(passed, counted);
	passed->counts = NULL;
}

static void count_in(struct passed *passed, struct connect *connect)
{
	count_nowhere(passed);
	passed->counts = connect;
	LIST_INSERT_HEAD(&connect->counted, passed, counted);
}

static struct queued *queued_find(const struct windows *windows,
				  const struct packet_key *key)
{
	struct queued *queued;

	hash_find(windows->queued, key, queued);
	return queued;
}

static struct queued *queued_add(struct windows *windows,
				 const struct packet_key *key)
{
	struct queued *queued;

	if (HASH_COUNT(windows->queued) >= WAITING_MAX)
		hash_empty(windows->queued, free);
	hash_new(windows->queued, key, key, queued);
	if (queued)
		queued->oldest = queued->newest = NOT_KEPT;
	return queued;
}

/* No two TCP packets are equal: the sequence number is in the key. */
static void queued_settle(struct windows *windows, struct queued *queued)
{
	if (queued->oldest != NOT_KEPT || queued->key.proto != IPPROTO_TCP)
		return;
	HASH_DEL(windows->queued, queued);
	free(queued);
}

/* The first packet with its key that waits for the wire; NULL: none. */
static struct passed *queued_take(struct windows *windows,
				  struct queued *queued, uint64_t ts_ns)
{
	while (queued->oldest != NOT_KEPT &&
	       queued->oldest >= oldest_place(windows)) {
		struct passed *sent = passed_at(windows, queued->oldest);

		queued->oldest = sent->next;
		if (sent->ts_ns + WAIT_NS >= ts_ns)
			return sent;
	}
	queued->oldest = NOT_KEPT;
	return NULL;
}

/*
 * A packet that a queueing discipline has duplicated has the first one's
 * sender.
 */
static void join_wire(struct windows *windows, struct passed *wire)
{
	struct queued *queued = queued_find(windows, &wire->key);
	struct passed *sent =
		queued ? queued_take(windows, queued, wire->ts_ns) : NULL;

	if (sent) {
		sent->joined = true;
		wire->sender = queued->last_sender = sent->sender;
		if (sent->counts)
			sent->counts->inside[WITNESS_WIRE]++;
	} else if (queued) {
		wire->sender = queued->last_sender;
	}
	if (queued)
		queued_settle(windows, queued);
}

/* The clocks differ slightly: the wire's copy may have come first. */
static bool join_earlier(struct windows *windows, struct passed *sent)
{
	uint64_t place = windows->kept - 1;
	uint64_t end = oldest_place(windows);

	for (int i = 0; i < NEAR_PACKETS && place > end; i++) {
		struct passed *wire = passed_at(windows, --place);

		if (wire->ts_ns + CLOCKS_NS < sent->ts_ns)
			return false;
		if (wire->witness != WITNESS_WIRE || wire->sender ||
		    memcmp(&wire->key, &sent->key, sizeof(sent->key)) != 0)
			continue;
		wire->sender = sent->sender;
		sent->joined = true;
		/*
		 * calls use the kernel's clock: by that, it was not in the
		 * window
		 */
		if (wire->counts)
			wire->counts->unnamed[WITNESS_WIRE]--;
		count_nowhere(wire);
		return true;
	}
	return false;
}

/* A packet that comes in over a loopback was sent a moment ago. */
static uint32_t sender_of(const struct windows *windows,
			  const struct passed *received)
{
	const struct queued *queued = queued_find(windows, &received->key);

	if (!queued)
		return 0;
	if (queued->oldest != NOT_KEPT &&
	    queued->oldest >= oldest_place(windows))
		return passed_at(windows, queued->oldest)->sender;
	return queued->last_sender;
}

/* 0 or -ENOMEM */
static int join_kernel(struct windows *windows, struct passed *sent)
{
	uint64_t place = windows->kept - 1;
	struct queued *queued;

	if (sent->direction != DIRECTION_OUT || join_earlier(windows, sent))
		return 0;
	queued = queued_find(windows, &sent->key);
	if (!queued)
		queued = queued_add(windows, &sent->key);
	if (!queued)
		return -ENOMEM;
	if (queued->oldest == NOT_KEPT)
		queued->oldest = place;
	else if (queued->newest >= oldest_place(windows))
		passed_at(windows, queued->newest)->next = place;
	queued->newest = place;
	return 0;
}

static struct passed *windows_keep(struct windows *windows,
				   const struct record *packet)
{
	const struct record_packet *from = &packet->packet;
	struct passed *passed = passed_at(windows, windows->kept);

	if (windows->kept++ >= WINDOW_PACKETS)
		windows->forgotten_ns = passed->ts_ns;
	count_nowhere(passed);
	memset(passed, 0, sizeof(*passed)); /* its key is compared as bytes */
	passed->ts_ns = packet->ts_ns;
	passed->src = packet->local;
	passed->dst = packet->peer;
	passed->witness = from->witness;
	passed->direction = from->direction;
	passed->next = NOT_KEPT;
	memcpy(passed->iface, from->iface, sizeof(passed->iface));
	endpoint_key(&packet->local, &passed->key.src);
	endpoint_key(&packet->peer, &passed->key.dst);
	passed->key.proto = packet->proto;
	passed->key.fragment = from->fragment;
	passed->key.len = from->len;
	passed->key.seq = from->seq;
	return passed;
}

int windows_packet(struct windows *windows, const struct record *packet,
		   uint32_t *sender)
{
	struct passed *passed;
	int err = 0;

	*sender = 0;
	if (!windows->ring)
		windows->ring = calloc(WINDOW_PACKETS, sizeof(*passed));
	if (!windows->ring)
		return -ENOMEM;
	passed = windows_keep(windows, packet);
	if (passed->witness == WITNESS_KERNEL) {
		passed->sender = packet->socket;
		passed->outside = packet->packet.outside_call;
		err = join_kernel(windows, passed);
	} else {
		join_wire(windows, passed);
	}
	*sender = passed->sender;
	if (!*sender && passed->direction == DIRECTION_IN)
		*sender = sender_of(windows, passed);
	return err;
}

static bool is_at(const struct connect *connect, const struct endpoint *end)
{
	return endpoint_covers(&connect->local, end) ||
	       endpoint_covers(&connect->before, end);
}

/*
 * One packet may pass several devices (a bridge and its ports): its flow is
 * counted on the first of them. The first packet in the window always counts.
 */
static bool packet_is_elsewhere(struct seen_pairs *pairs,
				const struct passed *passed)
{
	for (unsigned int i = 0; i < pairs->len; i++) {
		const struct passed *first = pairs->first[i];

		if (first->witness == passed->witness &&
		    endpoint_equal(&first->src, &passed->src) &&
		    endpoint_equal(&first->dst, &passed->dst))
			return strncmp(first->iface, passed->iface,
				       IFNAME_BYTES) != 0;
	}
	if (pairs->len < SEEN_PAIRS)
		pairs->first[pairs->len++] = passed;
	return false;
}

static void count_own(struct connect *connect, struct passed *sent)
{
	if (connect->inside[WITNESS_KERNEL]++ == 0) {
		connect->packet.ts_ns = sent->ts_ns;
		connect->packet.src = sent->src;
		connect->packet.dst = sent->dst;
		connect->packet.len = sent->key.len;
	}
	count_in(sent, connect);
	if (sent->joined)
		connect->inside[WITNESS_WIRE]++;
}

/* The kernel may name the sender later, even after the call's end. */
static void count_unnamed(struct connect *connect, struct passed *passed)
{
	connect->unnamed[passed->witness]++;
	if (passed->witness == WITNESS_WIRE)
		count_in(passed, connect);
}

/* An own packet on the wire is counted together with the kernel's. */
static void count_packet(struct connect *connect, struct passed *passed,
			 struct seen_pairs *pairs)
{
	bool kernel = passed->witness == WITNESS_KERNEL;
	bool in = passed->direction == DIRECTION_IN;
	bool own = passed->sender && passed->sender == connect->socket;
	bool sends = kernel && !in;
	bool leaves = !passed->sender && is_at(connect, &passed->src) &&
		      !(kernel && in);
	bool arrives =
		!sends && !own && !leaves && is_at(connect, &passed->dst);

	if (!(sends && own) && !leaves && !arrives)
		return;
	if (packet_is_elsewhere(pairs, passed))
		return;
	if (sends && own && passed->outside)
		connect->outside++;
	else if (sends && own)
		count_own(connect, passed);
	else if (leaves)
		count_unnamed(connect, passed);
	else
		connect->received[passed->witness]++;
}

void windows_close(struct windows *windows, struct connect *connect)
{
	struct seen_pairs pairs = {.len = 0};
	uint64_t place = windows->kept;
	uint64_t oldest = oldest_place(windows);

	connect->crowded = oldest && windows->forgotten_ns >= connect->enter_ns;
	while (place > oldest &&
	       passed_at(windows, place - 1)->ts_ns >= connect->enter_ns)
		place--;
	for (; place < windows->kept; place++) {
		struct passed *passed = passed_at(windows, place);

		if (passed->key.proto == connect->proto &&
		    passed->ts_ns <= connect->exit_ns)
			count_packet(connect, passed, &pairs);
	}
}

void windows_forget(struct connect *connect)
{
	struct passed *passed;

	while ((passed = LIST_FIRST(&connect->counted)))
		count_nowhere(passed);
}

void windows_fini(struct windows *windows)
{
	hash_empty(windows->queued, free);
	free(windows->ring);
	memset(windows, 0, sizeof(*windows));
}
