/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Prints counts, for people or for programs.
 *
 *   in:  counts, sorted, and the verdict over them
 *   out: text, or JSON Lines: `tracer count --help` has their keys
 */
#ifndef DIALTONE_VIEW_COUNT_H
#define DIALTONE_VIEW_COUNT_H

#include <stdbool.h>
#include <stdio.h>

#include "count_verdict.h"

struct count_view {
	FILE *out;
	bool colour, explain;
	const char *kernel; /* its release */
	const struct counts *counts;
	const struct count_evidence *evidence;
	const struct count_verdict *verdict;
};

/* A table for each glob; errors stay in ferror(@view->out). */
void view_count_text(const struct count_view *view);

/* 0; -ENOMEM; errors of writing stay in ferror(@view->out). */
int view_count_json(const struct count_view *view);

#endif
