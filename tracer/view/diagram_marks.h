/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the diagram keeps of a record until it is known whose it is: a mark, with
 * its label. The socket decides in which lane it is drawn.
 */
#ifndef DIALTONE_DIAGRAM_MARKS_H
#define DIALTONE_DIAGRAM_MARKS_H

#include "story/connects.h"
#include "story/story.h"

#define MARKS_MAX  512 /* kept of each protocol; more are counted */
#define LABEL_SIZE 96

enum lane {
	LANE_NONE, /* not of this connection */
	LANE_CLIENT,
	LANE_KERNEL,
	LANE_OUT, /* across the wire, from the client */
	LANE_IN,
	LANE_PEER_KERNEL,
	LANE_PEER,
};

/* What is kept of a record until it is known whose it is. */
struct mark {
	enum record_type type;
	uint64_t ts_ns;
	uint32_t tid, socket;
	enum syscall_id call; /* enter, exit */
	bool softirq, for_packet, is_connect, is_tcp;
	bool folded; /* an enter that has its exit in its label */
	struct endpoint local, peer;
	char label[LABEL_SIZE];
};

struct panel {
	const struct connect *connect; /* the first; NULL: none yet */
	unsigned int connects;
	struct mark *marks;
	unsigned int len;
	bool crossed;    /* UDP: a datagram went out after connect(2) */
	bool whole;      /* the rest does not belong to the diagram */
	uint64_t missed; /* records for which there was no room */
};

/* Is @record the entry of @connect? */
bool is_same_connect(const struct record *record,
		     const struct connect *connect);

/* Is it of a connection, and not of the run as a whole? */
bool belongs_in_a_diagram(const struct record *record, const struct note *note);

/* Keeps the record, if it comes before the end of the diagram. */
void panel_take(struct panel *panel, const struct record *record);

/* Whose it is, now that all of @connect is known. */
enum lane mark_lane(const struct mark *mark, const struct connect *connect);

/*
 * Keeps only the marks that are drawn; @brief: without those of the server's
 * calls, and of the answer to UDP's datagram.
 */
void panel_select(struct panel *panel, bool brief);

#endif
