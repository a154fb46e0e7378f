/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The story: which socket, which call and which connect(2) each record belongs
 * to; packets of sockets that are not followed are dropped.
 *
 *   in:  records in order of time (order.h, or a recording)
 *   out: the records of followed sockets, each with a note; at the end the
 *        evidence that verdicts are made from
 */
#ifndef DIALTONE_STORY_H
#define DIALTONE_STORY_H

#include "evidence.h"
#include "record/record.h"

/* What the story knows about a record, in addition. */
struct note {
	/*
	 * The connect(2) that the record belongs to: its entry and exit, a
	 * function in it, a packet or softirq call of its handshake. NULL:
	 * none.
	 */
	struct connect *connect;
	bool received; /* a packet for a followed socket, by one that is not */
	bool again;    /* a packet whose flow was first seen elsewhere */
};

/* The output of the story; 0 or -errno, which ends the run. */
struct story_sink {
	int (*show)(struct story_sink *sink, const struct record *record,
		    const struct note *note);
};

struct story;
struct connect_judge;

/* 0 or -ENOMEM. @next stays the caller's and must outlive the story. */
int story_new(struct story **story, struct story_sink *next);

/*
 * Connects that are over are judged while the run goes on (connects.h). Without a
 * judge every connect is kept. @judge must outlive the story.
 */
void story_set_judge(struct story *story, struct connect_judge *judge);

/* Where records go in. Verdicts are not taken: the story makes its own. */
struct record_sink *story_input(struct story *story);

/*
 * All records older than @now_ns (CLOCK_MONOTONIC) have come: what waits for the
 * filter's choice waits no longer than that. 0 or -errno.
 */
int story_advance(struct story *story, uint64_t now_ns);

/* After the last record, before story_end(): nothing waits. 0 or -errno. */
int story_finish(struct story *story);

/*
 * Call it after the last record: it closes what is still open. The evidence
 * belongs to the story and lives as long as it. No connect is forgotten any
 * more, though verdicts may still pass through the story to a recording.
 */
const struct evidence *story_end(struct story *story);

void story_free(struct story *story); /* takes NULL */

#endif
