/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The three ways to print folded stacks. Pure: they use only the run and the
 * options; write errors stay in ferror(@out).
 */
#ifndef DIALTONE_VIEW_STACK_H
#define DIALTONE_VIEW_STACK_H

#include <stdbool.h>
#include <stdio.h>

#include "stack_judge.h"
#include "stacks.h"

/* For a person: the header PID TID COMM FUNC, and the frames below. */
void view_stack_text(FILE *out, const struct stack_run *run, bool explain);

/*
 * What flamegraph.pl reads (https://github.com/brendangregg/FlameGraph):
 * "comm;frame;frame count", the root first; a frame [softirq] where the stack
 * leaves the task that was interrupted.
 */
void view_stack_folded(FILE *out, const struct stack_run *run);

/*
 * JSON Lines: an object of type "stack" for each stack, of type "function" for
 * each function, and one of type "result". 0 or -ENOMEM.
 */
int view_stack_json(FILE *out, const struct stack_run *run);

/* The end of the text: the probed functions, and the reasons to doubt. */
void view_stack_result(FILE *out, const struct stack_run *run);

#endif
