/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What `tracer replay` prints, row by row: at the presenter's key (--step), with
 * questions (--ask), or by time (--pace).
 */
#ifndef DIALTONE_STEPS_SHOWN_H
#define DIALTONE_STEPS_SHOWN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "record/record.h"

/* Zeroed but for the options, before steps_open(). */
struct steps {
	/* options */
	bool keys;   /* --step */
	bool ask;    /* --ask: a question at each connect(2) */
	bool real;   /* --pace=real: as much time as it took */
	double pace; /* --pace: seconds for each row */
	/* what was printed */
	FILE *out;
	char *text;
	size_t text_len;
	struct steps_mark *marks; /* one for each record that printed */
	size_t marks_len, marks_room;
	uint64_t *asked; /* the line before which each question comes */
	size_t asked_len, asked_room;
	/* a connect(2) was entered; its line is held back by the view */
	bool entered;
	uint32_t entered_tid;
	uint64_t lines; /* that @text has so far */
	size_t counted; /* bytes of @text in which they were counted */
};

/* Do the options ask for rows one by one? */
bool steps_wanted(const struct steps *steps);

/* Opens steps->out, for the views. 0 or -ENOMEM. */
int steps_open(struct steps *steps);

/* After @record went into the views. 0 or -ENOMEM. */
int steps_note(struct steps *steps, const struct record *record);

/*
 * After the views are closed: shows the rows on standard output, with the keys of
 * the terminal. 0, or -errno: -ENOTTY if there is no terminal to ask.
 */
int steps_show(struct steps *steps);

void steps_fini(struct steps *steps);

#endif
