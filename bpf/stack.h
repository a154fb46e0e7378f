/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The event of bpf/stack.bpf.c: one call of a watched function, with the stack
 * at its entry.
 */
#ifndef DIALTONE_STACK_H
#define DIALTONE_STACK_H

#include "event.h"

#define STACK_FUNCTIONS 16  /* that one run can watch */
#define STACK_DEPTH     127 /* the default of kernel.perf_event_max_stack */

/*
 * Only the part that is used goes into the ring: up to the last kernel frame,
 * or all of it if user frames are wanted.
 */
struct stack_event {
	__u64 ts_ns; /* CLOCK_MONOTONIC */
	__u32 pid;   /* what user space calls a pid: the thread group */
	__u32 tid;
	char comm[COMM_BYTES];
	__u8 function; /* by number: below STACK_FUNCTIONS */
	__u8 context;  /* enum event_context */
	__u16 pad;
	__s32 kernel_bytes; /* or -errno of bpf_get_stack() */
	__s32 user_bytes;   /* the same; 0 where it was not asked for */
	__u32 pad2;
	__u64 kernel[STACK_DEPTH]; /* innermost first */
	__u64 user[STACK_DEPTH];
};

_Static_assert(sizeof(struct stack_event) == 48 + 16 * STACK_DEPTH,
	       "no hidden padding");

/*
 * Of one function. Mapped by both sides, as struct lab_counters is. Always:
 * hits = followed + elsewhere, followed = delivered + dropped.
 */
struct stack_counts {
	__u64 hits;      /* the probe fired, for any process */
	__u64 followed;  /* in a task that is followed */
	__u64 delivered; /* the event went into the ring */
	__u64 dropped;   /* the ring had no room */
	__u64 softirq;   /* in softirq, on a task that is not followed */
};

#endif
