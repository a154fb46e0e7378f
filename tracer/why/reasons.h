/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A result of a system call, and the sentences that lead to its cause. */
#ifndef DIALTONE_REASONS_H
#define DIALTONE_REASONS_H

#include "story/history.h"

#define REASONS_MAX     16
#define REASON_SENTENCE 256

struct reason {
	const struct history_entry
		*entry; /* what it rests on; NULL: see below */
	char sentence[REASON_SENTENCE];
};

/*
 * A sentence without an entry rests on all records: that none of them shows
 * something; or it names the witness that would be needed.
 */
struct reasons {
	const struct history *history;
	const struct history_entry *result; /* an exit, or another record */
	struct reason list[REASONS_MAX];
	unsigned int len;
	bool found; /* a record explains the result */
};

/* Empty, for @result. */
void reasons_init(struct reasons *reasons, const struct history *history,
		  const struct history_entry *result);

/* Adds a sentence on the record @entry; more than REASONS_MAX are left out. */
void reasons_add(struct reasons *reasons, const struct history_entry *entry,
		 const char *format, ...) __attribute__((format(printf, 3, 4)));

/* "No record shows ...": true of the records as a whole. */
void reasons_none(struct reasons *reasons, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "Not in the records: ...": what they cannot show, and what would show it. */
void reasons_missing(struct reasons *reasons, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Milliseconds from one entry to a later one. */
double reasons_ms(const struct history_entry *from,
		  const struct history_entry *to);

/*
 * The address that the result's call gave, or the peer that its socket had when
 * it began; of a call whose entry was not seen, what its exit has.
 */
const struct endpoint *reasons_peer(const struct reasons *reasons);

/* "write(3, 5 bytes → 127.0.0.1:9007)": the call of an exit; returns @buf. */
const char *reasons_call(const struct reasons *reasons,
			 const struct history_entry *exit,
			 char buf[REASON_SENTENCE]);

/* The same with its result: "connect(3, 127.0.0.1:7090) = -1 EINPROGRESS". */
const char *reasons_result(const struct reasons *reasons,
			   const struct history_entry *exit,
			   char buf[REASON_SENTENCE]);

#endif
