/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The picture of a run: for each protocol a panel with five lanes and one row
 * for each thing that happened. Everything that is drawn (the page, SVG,
 * Mermaid) is drawn from this.
 *
 *   in:  the records that the story shows
 *   out: rows, each with its lane, and folded where two records are one thing
 *
 * The first connect(2) of the protocol is the panel's subject. The packets,
 * functions and states between its entry and its return are its inside.
 */
#ifndef DIALTONE_PICTURE_H
#define DIALTONE_PICTURE_H

#include "record/text.h"
#include "story/story.h"
#include "view.h"

enum lane {
	LANE_CLIENT,
	LANE_CLIENT_KERNEL,
	LANE_WIRE,
	LANE_SERVER_KERNEL,
	LANE_SERVER,
};

enum row_phase {
	PHASE_LISTED, /* before, of another socket: in the table, not drawn */
	PHASE_BEFORE, /* the client's calls before its connect(2) */
	PHASE_INSIDE, /* from its entry to its return */
	PHASE_NEXT,   /* UDP: the first datagram after it, as a control */
	PHASE_LATER,  /* drawn if the viewer asks for the whole run */
};

#define ROW_ALSO_MAX 3

struct picture_row {
	struct record record;
	/* a call that returned at once: its exit; a packet: where else seen */
	struct record also[ROW_ALSO_MAX];
	unsigned int also_len;
	uint32_t socket; /* of any of its records; 0: unknown */
	/*
	 * Of the connect in struct note, which may be gone when the picture is
	 * finished: its number (0: none), its socket, and the number of the one
	 * that it asks about
	 */
	uint64_t connect, asks_about;
	uint32_t connect_socket;
	bool received; /* as struct note has it */
	/* what a connect(2) had done when it returned; NULL: of other rows */
	char *came_to;
	/* the rest is known after picture_finish() */
	enum lane lane; /* of a packet: the kernel that sends it */
	enum row_phase phase;
	size_t arrival; /* of a packet: the row of the function that gets it */
	bool arrives;   /* there is such a row */
	/* so often the last @more_rows rows came again, and are not shown */
	unsigned int more, more_rows;
	uint64_t signature; /* equal for rows that are equal but for ports */
	unsigned int y;     /* its middle; svg_place() sets it */
};

struct panel {
	uint8_t proto;
	const struct connect *first; /* the subject; NULL: none was seen */
	struct picture_row *rows;
	size_t len, room;
	uint64_t events;   /* records; a row may have several */
	uint64_t left_out; /* rows beyond PICTURE_ROWS_MAX */
	bool doubtful;     /* the capture may have missed a packet inside it */
	bool filtered;     /* connects may have been left out (-F) */
	bool judged;
	enum verdict_result result;
	char summary[sizeof(((struct verdict *)0)->summary)];
	struct endpoint servers[8]; /* the peers of the protocol's connects */
	unsigned int servers_len;
	/* svg_place(): without the later rows, and with them */
	unsigned int height, whole_height;
};

#define PICTURE_ROWS_MAX  50000 /* of each panel */
#define PICTURE_FOLD_FROM 10000 /* events; then equal rounds are folded */

struct picture {
	struct panel panels[2]; /* UDP, then TCP; of one protocol, only one */
	unsigned int panels_len;
	char command[16]; /* "udp", "tcp", "both" */
	char kernel[64];  /* release, not escaped */
	enum tier tier;
	/* the capture saw every self-test; it lost something */
	bool controlled, lost;
};

/* Takes one record. 0 or -ENOMEM. */
int picture_add(struct picture *picture, const struct record *record,
		const struct note *note);

/*
 * After the last record: assigns phases and lanes, and folds. The story must
 * still be there. 0 or -ENOMEM.
 */
int picture_finish(struct picture *picture);

/* Zeroed is empty. */
void picture_fini(struct picture *picture);

/* Is the row drawn, though the viewer has not asked for the whole run? */
bool row_is_drawn(const struct picture_row *row);

/*
 * "0 packets", "1 packet", "no connect(2)": what the panel is headed with. "0
 * packets seen" where the capture may have missed some, as in the diagram.
 */
void panel_headline(struct text *text, const struct panel *panel);

/* "PASS"; "no verdict" */
const char *panel_verdict(const struct panel *panel);

/* The time that the panel's times are counted from: its connect's entry. */
uint64_t panel_begin_ns(const struct panel *panel);

/* "UDP", "TCP" */
const char *panel_name(const struct panel *panel);

/* "connect(3, 10.0.0.2:9007)", "udp_rcv", "SYN-ACK": escaped text. */
void row_what(struct text *text, const struct picture_row *row);

/* The same in a few more words: what a function does, what a call came to. */
void row_remark(struct text *text, const struct picture_row *row);

/* "echo-client 4242", "softirq", "kernel and wire": who did or saw it. */
void row_who(struct text *text, const struct picture_row *row);

/* Is it the entry, or the return, of the panel's connect(2)? */
bool row_is_entry(const struct panel *panel, const struct picture_row *row);
bool row_is_return(const struct panel *panel, const struct picture_row *row);

/* Does the packet go from the client's side to the server's? */
bool row_goes_right(const struct picture_row *row);

/* Only the kernel saw the packet, not the wire. */
bool row_is_unwired(const struct picture_row *row);

/*
 * The view that collects the picture of a run and writes it at the close. What it
 * writes (SVG, the page, Mermaid, a trace for Perfetto) is one function each.
 */

/* The picture is finished. 0 or -errno; errors of @out stay in ferror(@out). */
typedef int picture_write(FILE *out, struct picture *picture);

/* For struct view_ops: open, with the ops themselves and what is written. */
int picture_view_open(struct view **view, const struct view_options *options,
		      const struct view_ops *ops, picture_write *write);
int picture_view_show(struct view *view, const struct record *record,
		      const struct note *note);
int picture_view_close(struct view *view);

#endif
