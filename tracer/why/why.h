/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Writes, for results of a run, what led to them:
 *
 *     line 21    6.843 ms  read(3, 1024 bytes) = -1 ECONNREFUSED, in client 210
 *     line 17    3.000 ms    An ICMP error came from 127.0.0.1 ...
 */
#ifndef DIALTONE_WHY_H
#define DIALTONE_WHY_H

#include "story/history.h"
#include "view/view.h"

/* More results of one run are not listed. */
#define WHY_RESULTS_MAX 100

/*
 * All results that failed or waited. Returns how many of them the records do
 * not explain; errors of writing stay in ferror(3).
 */
unsigned int why_write_all(const struct history *history,
			   const struct view_options *options);

/* That of line @line alone: 0, 1 if it is not explained, -ENOENT: no record. */
int why_write_line(const struct history *history,
		   const struct view_options *options, uint64_t line);

/* The view of --why: all results, after what the other views print. */
extern const struct view_ops view_why;

#endif
