/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The connections that a filter (-F) selects. A connect(2) that it does not
 * select is neither shown nor judged, and no record of its socket is shown.
 *
 * Often a record comes before the addresses that decide about it: socket(2),
 * and a connect(2) whose own port is chosen in the call. Such a record waits,
 * and what comes after it waits behind it, so that records leave in order of
 * time. It waits until a record of its socket decides, and no longer than
 * HELD_NS: then the records of a connect(2) are shown, and others are not. A
 * connect(2) for which this is never decided counts as selected, so that no
 * evidence is hidden.
 *
 *   in:  records that the story would show, and their notes
 *   out: those of selected connections; how many connects were left out
 */
#ifndef DIALTONE_SELECTION_H
#define DIALTONE_SELECTION_H

#include "calls.h"
#include "record/flow_filter.h"
#include "story.h"

#define HELD_NS  250000000ULL
#define HELD_MAX 4096 /* records that wait; more: the first does no longer */

struct held;
STAILQ_HEAD(held_queue, held);
TAILQ_HEAD(held_open, held);

/* Zeroed is empty, and selects everything. */
struct selection {
	struct flow_filter *filter; /* the meta record's; NULL: none */
	/* what waits; the first of it is open, or nothing is there */
	struct held_queue waiting;
	struct held_open open; /* those that are not decided */
	unsigned int waiting_len;
	/* of the latest softirq call: the next may be inside it */
	uint32_t softirq_tid;
	enum choice softirq_choice;
	struct record tally; /* it waits for the end */
	bool has_tally;
	uint64_t left_out; /* connects */
};

/* The run's meta record has come. */
void selection_begin(struct selection *selection, struct flow_filter *filter);

/*
 * Is the packet or ICMP error of a connection that is left out? @connect is what
 * it belongs to, or NULL.
 */
bool selection_leaves_out(struct selection *selection, struct tracker *tracker,
			  const struct record *packet, struct connect *connect);

/*
 * Shows the record to @next, leaves it out, or takes it over and empties it, to
 * show it later. 0, -ENOMEM, or what @next returned.
 */
int selection_take(struct selection *selection, struct tracker *tracker,
		   struct record *record, const struct note *note,
		   struct story_sink *next);

/* All records older than @now_ns have come. Returns the same. */
int selection_tick(struct selection *selection, struct tracker *tracker,
		   uint64_t now_ns, struct story_sink *next);

/*
 * The last record has come: shows what waits, and the tally with the number of
 * connects that were left out. Returns the same.
 */
int selection_end(struct selection *selection, struct tracker *tracker,
		  struct story_sink *next);

void selection_fini(struct selection *selection);

#endif
