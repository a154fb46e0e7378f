/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Looks for records in a history. Two witnesses see most packets, and the same
 * packet is several records; the wire's record is found if there is one, else
 * the kernel's.
 */
#ifndef DIALTONE_SEARCH_H
#define DIALTONE_SEARCH_H

#include "story/history.h"

/* What to look for: all that is set must be so. */
struct wanted {
	enum record_type type;
	uint8_t proto;
	uint32_t life;               /* of the socket */
	uint64_t connect;            /* number of the connect(2) */
	const struct endpoint *from; /* of a packet, or of one in ICMP; */
	const struct endpoint *to;   /* of others: local, and peer */
	const struct endpoint
		*at; /* of a socket, which may be bound to any: to */
	uint8_t flags, no_flags; /* of TCP: set, and not set */
	bool has_data;           /* of a packet */
	enum witness witness;    /* of a packet */
	enum event_direction direction;
	int error; /* of ICMP: the errno that it becomes */
	uint32_t new_state, old_state;
	enum syscall_id call;
};

/*
 * The first, or the last, between two entries, which do not count; NULL for
 * @after is the beginning, for @before the end. NULL: there is none.
 */
const struct history_entry *search_first(const struct history *history,
					 const struct history_entry *after,
					 const struct history_entry *before,
					 const struct wanted *wanted);
const struct history_entry *search_last(const struct history *history,
					const struct history_entry *after,
					const struct history_entry *before,
					const struct wanted *wanted);

/*
 * The packets between two entries, each counted once: by the wire, or by the
 * kernel if the wire saw none.
 */
struct count {
	uint64_t packets, bytes;
};
struct count search_count(const struct history *history,
			  const struct history_entry *after,
			  const struct history_entry *before,
			  const struct wanted *wanted);

/* The socket's own address, with its port, before or at @at; NULL: unknown. */
const struct endpoint *search_local(const struct history *history,
				    const struct history_entry *at);

/*
 * The last call of that kind on the same socket that succeeded before @at. A
 * call with an option: setsockopt(2) at @level. NULL: there is none.
 */
const struct history_entry *search_done(const struct history *history,
					const struct history_entry *at,
					enum syscall_id call);
const struct history_entry *search_option(const struct history *history,
					  const struct history_entry *at,
					  uint64_t level, uint64_t option);

/* The socket(2) or accept(2) that made the socket of @at; NULL: not seen. */
const struct history_entry *search_maker(const struct history *history,
					 const struct history_entry *at);

/* The exit of the call that @at lies in, of the same socket; NULL: in none. */
const struct history_entry *search_call(const struct history *history,
					const struct history_entry *at);

/* Which call of its socket that sends the exit @call is, from 1. */
unsigned int search_send_number(const struct history *history,
				const struct history_entry *call);

#endif
