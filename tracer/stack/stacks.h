/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Folded stacks: calls of the same task by the same path are one entry with a
 * count. Pure.
 *
 *   in:  struct stack_event, one for each call, from the ring
 *   out: struct stack, in the order in which they were first seen
 */
#ifndef DIALTONE_STACKS_H
#define DIALTONE_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/stack.h"
#include "kernel/ksyms.h"

#define STACKS_MAX 16384 /* different ones that are kept: about 20 MiB */

struct stack {
	uint64_t first_ns; /* CLOCK_MONOTONIC, of the first call */
	uint64_t count;    /* calls */
	uint32_t pid, tid;
	char comm[COMM_BYTES];
	uint8_t function; /* by number, as on the command line */
	uint8_t context;  /* enum event_context */
	bool deeper;      /* the kernel had more frames than were taken */
	int user_err;     /* why there are no user frames; 0 */
	unsigned int kernel_len, user_len;
	uint64_t *frames; /* kernel_len, then user_len; innermost first */
	char **names;     /* as many, after stack_names_fill() */
};

struct stack_entry;

/* Zeroed is empty. */
struct stacks {
	struct stack_entry *table;
	struct stack **list; /* by first call */
	size_t len, room;
	uint64_t calls;  /* that were added */
	uint64_t most;   /* and no more than so many are; 0: no limit */
	uint64_t beyond; /* and those for which STACKS_MAX left no place */
};

/* Adds one call, unless there are @most. 0, -ENOMEM, or -EBADMSG if the event is longer than @bytes. */
int stacks_add(struct stacks *stacks, const void *event, size_t bytes);
void stacks_fini(struct stacks *stacks);

/*
 * The frames of a folded stack as names: "tcp_connect+0xb25". Pure.
 *
 *   in:  addresses; the symbols of the kernel, and a module with the program's
 *   out: struct stack.names
 */

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
