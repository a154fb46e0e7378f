/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The events that a recording of `tracer stack --json` was made from, made
 * again: its names become symbols at addresses of our own.
 */
#ifndef DIALTONE_RECORDED_STACKS_H
#define DIALTONE_RECORDED_STACKS_H

#include "kernel/ksyms.h"
#include "stack/stack_judge.h"

struct recorded {
	struct stack_plan plan; /* functions and counts as they were */
	struct stacks stacks;   /* folded, from one event for each call */
	struct ksyms *ksyms;
	struct stack_run run; /* named, and judged */
};

/* Reads @path; fails the test if anything is not as expected. */
void recorded_load(struct recorded *recorded, const char *path);
void recorded_fini(struct recorded *recorded);

#endif
