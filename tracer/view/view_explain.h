/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What --explain adds to the text view: below the first line that contains a
 * name, a sentence about that name. Without --explain these functions do
 * nothing.
 */
#ifndef DIALTONE_VIEW_EXPLAIN_H
#define DIALTONE_VIEW_EXPLAIN_H

#include "view.h"

/* The system call, below its entry. */
void explain_call(const struct view_options *options,
		  const struct record *record);

/* The error, below a result that is one. */
void explain_result(const struct view_options *options,
		    const struct record *exit);

/* The kernel function, or the step of the plan if it has no entry. */
void explain_function(const struct view_options *options,
		      const struct record *call);

/*
 * The segment by its flags; UDP, below a datagram; ICMP, below an error. Only
 * once, as for the wire.
 */
void explain_packet(const struct view_options *options,
		    const struct record *packet);

/* The new state. */
void explain_state(const struct view_options *options,
		   const struct record *state);

#endif
