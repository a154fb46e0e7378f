/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The explanations of what a record shows. For --explain: below the first line
 * that contains a name, a sentence about that name; without --explain these
 * functions do nothing. For the page: a paragraph for each row.
 */
#ifndef DIALTONE_EXPLAINED_H
#define DIALTONE_EXPLAINED_H

#include "explain/explanations.h"
#include "picture.h"
#include "view.h"

/* The system call, below its entry. */
void explain_call(const struct view_options *options,
		  const struct record *record);

/*
 * The error, below a result that is one; the function, or the step of the plan
 * if it has no entry; the segment by its flags; UDP, below a datagram; ICMP,
 * below an error; the new state.
 */
void explain_record(const struct view_options *options,
		    const struct record *record);

#define ROW_EXPLAINED_MAX 8

/* Those of a row, and its calls. Returns how many. */
unsigned int row_explained(const struct picture_row *row,
			   const struct explanation *found[ROW_EXPLAINED_MAX]);

#endif
