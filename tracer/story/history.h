/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The records that the story shows, kept: each with its socket, and with the
 * other end of its call. For what looks back from a result, or compares runs.
 */
#ifndef DIALTONE_HISTORY_H
#define DIALTONE_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "record/record.h"
#include "story.h"

/* More records are not kept: they take 100 MB. */
#define HISTORY_MAX (1u << 18)

#define HISTORY_NONE UINT32_MAX

struct history_entry {
	/* held by value: its stack is not kept; no meta, no verdict */
	struct record record;
	/*
	 * The number of its socket, which socket(2), accept(2) or a SYN made:
	 * 1, 2 ...; 0: not known. Of a packet, the one that sent it.
	 */
	uint32_t life;
	uint32_t made;    /* exit: the socket that the call has made; or 0 */
	uint32_t other;   /* enter: place of its exit, and the reverse */
	uint64_t connect; /* number of the connect(2) of its note; or 0 */
	bool again;       /* as in struct note */
};

struct history_life;
struct history_thread;

/* Zeroed is empty. */
struct history {
	struct history_entry *entries;
	uint32_t len, room;
	bool full; /* more records came than are kept */
	bool lost; /* a witness missed something */
	struct history_life *lives;
	struct history_thread *threads;
	uint32_t lives_len;
};

/*
 * Keeps a copy of what the story shows. What has no time (the meta record, the
 * controls, verdicts) is not kept. 0 or -ENOMEM.
 */
int history_add(struct history *history, const struct record *record,
		const struct note *note);

/* The exit of an enter, or the reverse; NULL: it was not seen. */
const struct history_entry *history_other(const struct history *history,
					  const struct history_entry *entry);

/* The entry of line @line of the recording; NULL: none is kept. */
const struct history_entry *history_at_line(const struct history *history,
					    uint64_t line);

void history_fini(struct history *history);

#endif
