/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the user side sets before it loads the programs: which processes, ports
 * and protocols to follow. Read-only once loaded.
 */
#ifndef DIALTONE_FILTER_H
#define DIALTONE_FILTER_H

#include <linux/types.h>

#include "event.h"

#define FILTER_COMMS    4
#define FOLLOWED_MOST   16384 /* processes at a time, unless --processes says */
#define SYSCALL_NUMBERS 512

struct lab_filter {
	__u32 self;         /* the tracer's own pid: its calls are self-tests */
	__u32 pidns;        /* inode number of the tracer's pid namespace */
	__u32 netns;        /* and of its network namespace */
	__u32 pid;          /* follow this process; 0: not by pid */
	__u32 wakeup_bytes; /* wake the reader when this many wait */
	__u16 port;         /* only sockets with this port; 0: any */
	__u8 everybody;     /* follow every process */
	__u8 children;      /* also follow the children of @pid */
	__u8 by_comm;       /* follow those with a name in @comms */
	__u8 any_netns;     /* by name: in every network namespace */
	__u8 udp, tcp;      /* which protocols */
	__u8 want_stack;    /* a kernel stack with each call */
	char comms[FILTER_COMMS][COMM_BYTES];
	__u8 syscall_ids[SYSCALL_NUMBERS]; /* by number: enum syscall_id */
};

/* Counts of processes, by the kernel side, in mapped memory. */
struct followed_counts {
	__u64 taken;     /* at the start, by -p or because of a name */
	__u64 no_room;   /* should be followed, but the table was full */
	__u64 left_out;  /* have the name, in another network namespace */
	__u64 elsewhere; /* with @everybody: connect(2) in another one */
};

#endif
