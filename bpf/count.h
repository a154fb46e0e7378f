/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The layout of one function's numbers in the map of count.bpf.c. */
#ifndef DIALTONE_COUNT_H
#define DIALTONE_COUNT_H

#include <linux/types.h>

enum count_slot {
	SLOT_TASK,    /* a followed task's own calls */
	SLOT_SOFTIRQ, /* on top of a followed task, while serving a softirq */
	SLOT_HARDIRQ, /* on top of it, in an interrupt */
	SLOT_CONTROL, /* the self-tests' */
	SLOTS,
};

struct count_calls {
	__u64 slots[SLOTS];
};

#endif
