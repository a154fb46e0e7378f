/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is shown of a comparison. Errors of writing stay in ferror(3). */
#ifndef DIALTONE_DIFF_VIEW_H
#define DIALTONE_DIFF_VIEW_H

#include <stdio.h>

#include "diff.h"
#include "record/text.h"
#include "view/view.h"

/* The differences, a row each. It uses out, colour and columns of @options. */
void diff_write_table(const struct view_options *options,
		      const struct diff *diff);

/* All steps, side by side, with the differences marked. */
void diff_write_diagram(const struct view_options *options,
			const struct diff *diff);

/* The same as a page for a browser, one file without a script. */
void diff_write_page(FILE *out, const struct diff *diff);

/* diff_text.c: the words that all three use. They are safe for a terminal. */

/* "run.jsonl: Linux 6.1.0-56-amd64, kprobe tier" */
void diff_text_side(struct text *text, const struct diff_side *side);

/* "echo-client, UDP"; of two, "udp-connect, UDP | tcp-connect, TCP" */
void diff_text_pair(struct text *text, const struct diff_pair *pair);

/* "read(3, 1024 bytes) = 5", "SYN, 3 times"; "" for NULL */
void diff_text_step(struct text *text, const struct diff_step *step);

/* What is not compared, and why; line @i of it. Returns false at the end. */
bool diff_text_note(struct text *text, const struct diff *diff, unsigned int i);

/* "3 differences in 40 steps of 2 sockets" */
void diff_text_sum(struct text *text, const struct diff *diff);

#endif
