/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The table of followed processes, from the user side: every skeleton that
 * contains bpf/fork.bpf.c prepares and fills it the same way.
 *
 *   followed_prepare() ─► load ─► followed_meet() ─► attach ─► followed_take()
 */
#ifndef DIALTONE_FOLLOWED_H
#define DIALTONE_FOLLOWED_H

#include <stddef.h>

#include <bpf/libbpf.h>

#include "process/target.h"

/* Before loading: how many processes the table can hold. */
void followed_prepare(struct bpf_object *object, const struct target *target);

/* Before attaching: which pid namespace is the tracer's. 0 or -errno. */
int followed_meet(struct bpf_object *object);

/*
 * After attaching: takes the processes that run already. @counts is mapped.
 * 0 or -errno, and a sentence in @why; -ESRCH: the process of -p has ended.
 */
int followed_take(struct bpf_object *object, const struct target *target,
		  const struct followed_counts *counts, char *why, size_t size);

/* At the end, on standard error: which processes of the name were left out. */
void followed_say_left_out(const struct followed_counts *counts);

/* Lets an iterator that prints nothing walk once. 0 or -errno. */
int followed_walk(struct bpf_program *program);

#endif
