/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Whose task is this, and is it the task at all that is at work, or a softirq
 * on top of it? What every program of the kernel side asks.
 *
 * Who is followed is read-only data, set before the programs are loaded, so
 * that the verifier removes what is not asked for, and nothing needs to be
 * asked of the kernel while it runs.
 *
 * The definitions are weak: each .bpf.c file has them, and `bpftool gen object`
 * makes one of each.
 *
 * Read next: fork.bpf.c and softirq.bpf.c, which keep the maps.
 */
#ifndef DIALTONE_TASK_BPF_H
#define DIALTONE_TASK_BPF_H

#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "event.h"
#include "filter.h"

const volatile struct lab_filter filter __weak = {};

/* Children of a followed command; fork adds to it (fork.bpf.c). */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, u32); /* tgid, of the initial namespace */
	__type(value, u32);
} followed_tgids __weak SEC(".maps");

/* Is this CPU serving a softirq? One slot; softirq.bpf.c keeps it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} serving_softirq __weak SEC(".maps");

/* Whose is it? The values of the marks, and what whose_task() answers. */
enum whose {
	WHOSE_NOBODY,
	WHOSE_FOLLOWED,
	WHOSE_SENTINEL, /* the tracer's own: the positive control */
};

static __always_inline bool in_softirq(void)
{
	u32 zero = 0;
	u32 *serving = bpf_map_lookup_elem(&serving_softirq, &zero);

	return serving && *serving;
}

/* The pid that the tracer's own pid namespace has for @pid; 0: none. */
static __always_inline u32 pid_here(struct pid *pid)
{
	unsigned int level = BPF_CORE_READ(pid, level);

	for (unsigned int i = 0; i < 4; i++) {
		struct upid upid;

		if (i > level)
			break;
		if (bpf_probe_read_kernel(&upid, sizeof(upid),
					  (void *)&pid->numbers[0] +
						  i * sizeof(upid)))
			break;
		if (BPF_CORE_READ(upid.ns, ns.inum) == filter.pidns)
			return upid.nr;
	}
	return 0;
}

static __always_inline bool same_comm(const char *a, const volatile char *b)
{
	for (int i = 0; i < COMM_OCTETS; i++) {
		if (a[i] != b[i])
			return false;
		if (a[i] == '\0')
			break;
	}
	return true;
}

static __always_inline bool comm_is_followed(const char *comm)
{
	for (int i = 0; i < FILTER_COMMS; i++)
		if (filter.comms[i][0] && same_comm(comm, filter.comms[i]))
			return true;
	return false;
}

/* @pid: as the tracer sees it; @tgid: as the initial namespace sees it. */
static __always_inline enum whose whose_task(u32 pid, u32 tgid,
					     const char *comm)
{
	if (pid == filter.self)
		return WHOSE_SENTINEL;
	if (filter.everybody)
		return WHOSE_FOLLOWED;
	if (filter.pid && pid == filter.pid)
		return WHOSE_FOLLOWED;
	if (filter.children && bpf_map_lookup_elem(&followed_tgids, &tgid))
		return WHOSE_FOLLOWED;
	if (filter.by_comm && comm_is_followed(comm))
		return WHOSE_FOLLOWED;
	return WHOSE_NOBODY;
}

#endif
