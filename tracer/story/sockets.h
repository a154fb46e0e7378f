/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The sockets of a run, and the call that each thread is in. Packets have no
 * socket's number: those with an end where a followed socket is bound belong to
 * it, and each witness's are counted.
 */
#ifndef DIALTONE_SOCKETS_H
#define DIALTONE_SOCKETS_H

#include "evidence.h"
#include "record/hash.h"

/* By its number if the record has one, else by process and descriptor. */
struct socket_key {
	uint32_t number;
	uint32_t pid;
	int32_t fd;
	uint32_t proto;
};

struct socket_entry {
	struct socket_key key;
	struct endpoint local, peer;
	bool ipv6; /* of AF_INET6, though its addresses may be IPv4-mapped */
	bool mptcp, fast_open;   /* as in struct connect */
	struct endpoint watched; /* by follow_watch(); family 0: nothing */
	uint8_t watched_proto;
	struct connect *connecting; /* an open connect(2); NULL: none */
	struct connect *attempt;    /* TCP: the connect(2) that began it */
	/*
	 * TCP: its attempt when close(2) returned. Before Linux 6.6
	 * (021a160abf62) the kernel closes the socket only after that.
	 */
	struct connect *closing;
	unsigned int calls;   /* that are open on it */
	unsigned int senders; /* sending calls that are open */
	enum choice choice;   /* of its latest connection; see selection.h */
	uint32_t sender_tid;  /* of the latest of them */
	enum syscall_id sender_call;
	TAILQ_ENTRY(socket_entry) by_use;
	UT_hash_handle hh;
};

/* What a thread is doing; id CALL_NONE: nothing that is followed. */
struct open_call {
	uint32_t tid;
	enum syscall_id id;
	struct socket_entry *socket; /* NULL: it has none yet */
	struct connect *connect;     /* of connect(2) */
	enum choice choice;          /* of its entry, and of one before */
	TAILQ_ENTRY(open_call) by_use;
	UT_hash_handle hh;
};

/*
 * If there are more sockets or threads than this, the least recently used ones
 * are removed. A socket with an open call stays. A socket whose connect is not
 * over, and a thread in a call, stay only up to HARD_MAX.
 */
#define SOCKETS_MAX      4096
#define SOCKETS_HARD_MAX 8192
#define CALLS_MAX        4096
#define CALLS_HARD_MAX   16384

/* Zeroed is empty. An entry is valid until it is removed. */
struct sockets {
	struct socket_entry *sockets;
	struct open_call *calls;
	TAILQ_HEAD(socket_queue, socket_entry)
	sockets_by_use; /* the latest comes last */
	TAILQ_HEAD(call_queue, open_call) calls_by_use;
};

/* The key of @record's socket; all of it is set, its padding too. */
void socket_make_key(struct socket_key *key, const struct record *record);

/* The socket that @record is about, made if it is new; NULL: no memory. */
struct socket_entry *sockets_of(struct sockets *sockets,
				const struct record *record);

/* The socket with that number (not 0) if it is known; NULL. */
struct socket_entry *sockets_numbered(const struct sockets *sockets,
				      uint32_t number);

/* The same, of the record; without a number it is found by its descriptor. */
struct socket_entry *sockets_find(const struct sockets *sockets,
				  const struct record *record);

/* The call of thread @tid, made if it is new; NULL: no memory. */
struct open_call *sockets_call(struct sockets *sockets, uint32_t tid);

/* The same, NULL if the thread was never in one. */
struct open_call *sockets_find_call(const struct sockets *sockets,
				    uint32_t tid);

/*
 * The socket is a new one: forget what was known of its number, after
 * connects_let_go().
 */
void socket_renew(struct socket_entry *socket);

/*
 * The socket to be removed because there are too many; NULL: there are not. No
 * call is open on it.
 */
struct socket_entry *sockets_surplus(struct sockets *sockets);

/* Frees the socket: nothing points to it, and it points to no connect. */
void sockets_remove(struct sockets *sockets, struct socket_entry *socket);

/*
 * The same for threads. The thread is in no call, unless there are far too
 * many.
 */
struct open_call *sockets_surplus_call(struct sockets *sockets);
void sockets_remove_call(struct sockets *sockets, struct open_call *call);

void sockets_fini(struct sockets *sockets);

struct follow_end;
struct follow_peer;
struct seen_flow;

/*
 * If there are more addresses than this, the least recently used one is
 * removed, unless it was used a moment ago. Above FOLLOW_HARD_MAX it is removed
 * in any case.
 */
#define FOLLOW_MAX      16384
#define FOLLOW_HARD_MAX 65536

/* Zeroed is empty. */
struct follow {
	struct follow_end *ends;
	struct follow_peer *peers;
	struct seen_flow *seen;                   /* on which interface first */
	TAILQ_HEAD(end_queue, follow_end) by_use; /* the latest comes last */
	uint64_t now_ns;           /* of the latest record; its user's */
	struct gap gaps[GAPS_MAX]; /* of addresses that have left */
	unsigned int gaps_len;
};

/* From now on packets at @local are followed; without a port, nothing is. */
int follow_add(struct follow *follow, uint8_t proto,
	       const struct endpoint *local);

/*
 * While a socket's own address is not known, packets at its @peer are followed.
 * Each watch is ended by one unwatch. 0 or -ENOMEM.
 */
int follow_watch(struct follow *follow, uint8_t proto,
		 const struct endpoint *peer);
void follow_unwatch(struct follow *follow, uint8_t proto,
		    const struct endpoint *peer);

/*
 * Is the flow from local to peer followed? For a record about a packet, such as
 * an ICMP error.
 */
bool follow_flow(const struct follow *follow, const struct record *record);

/* Is the packet followed? If @count, its witness has seen one more. */
bool follow_packet(struct follow *follow, const struct record *packet,
		   bool count);

/* Does the packet go to an address where a followed socket is bound? */
bool follow_receives(const struct follow *follow, const struct record *packet);

/*
 * Was the flow of the packet or ICMP error (witness, protocol, source,
 * destination) seen on another interface before? Also false if there is no
 * memory for it, or too many flows.
 */
bool follow_again(struct follow *follow, const struct record *packet);

/* Removes one address if there are more than FOLLOW_MAX. */
void follow_forget(struct follow *follow);

/* Notes for each end the packets that one witness saw and another did not. */
void follow_gaps(struct follow *follow, struct evidence *evidence);

void follow_fini(struct follow *follow);

#endif
