/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Of a task in io_uring_enter(2): how many of the requests that the call submits
 * were seen. Of a process: it has made a ring that the kernel polls, which was
 * counted. See uring.bpf.c.
 */
#ifndef DIALTONE_URING_BPF_H
#define DIALTONE_URING_BPF_H

#include "origin.bpf.h"

/* LRU: a task that is killed in the call leaves its entry behind. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u64); /* pid_tgid, or ring_key() of it */
	__type(value, u32);
} submissions __weak SEC(".maps");

/* No thread has the number 0. */
static __always_inline u64 ring_key(u64 pid_tgid)
{
	return pid_tgid >> 32 << 32;
}

#endif
