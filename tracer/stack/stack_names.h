/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The frames of a folded stack as names: "tcp_connect+0xb25". Pure.
 *
 *   in:  addresses; the symbols of the kernel, and a module with the program's
 *   out: struct stack.names
 */
#ifndef DIALTONE_STACK_NAMES_H
#define DIALTONE_STACK_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/ksyms.h"
#include "stacks.h"

#define FRAME_NAME 256

/* A user's frame: in process @pid, as it was at @ns. */
struct user_address {
	uint32_t pid;
	bool returns; /* it is a return address, after the call */
	uint64_t ns;  /* CLOCK_MONOTONIC */
	uint64_t address;
};

/* The module with the programs' symbols. */
struct user_namer {
	void (*name)(struct user_namer *namer, const struct user_address *at,
		     char buf[FRAME_NAME]);
};

/* Names all frames; @user may be NULL if no frame needs it. 0 or -ENOMEM. */
int stack_names_fill(struct stack *stack, const struct ksyms *ksyms,
		     struct user_namer *user);

/*
 * How many frames of a softirq's stack are the softirq's own; what lies below
 * belongs to the task that it interrupted. All of them in a task's stack, or
 * where the entry to softirq is not among the names.
 */
unsigned int stack_names_own(const struct stack *stack);

/* The length of the name before "+0x…", or before " [file]". */
size_t stack_name_bare(const char *name);

#endif
