/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Is the current task followed, and does the task itself run, or a softirq that
 * interrupted it? Every program of the kernel side asks this.
 *
 * The rules are read-only data, set before the programs are loaded, so that the
 * verifier removes the checks that are not needed. The set of followed
 * processes is a table; user space neither reads nor writes it.
 *
 * The definitions are weak: each .bpf.c file has them, and `bpftool gen object`
 * merges them into one.
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

/*
 * Atomic, and ordered with nothing else: a stricter order takes an instruction
 * that Linux has since 5.12 (BPF_FETCH). For the same reason the Makefile names
 * the instruction set (-mcpu): newer versions of clang have a newer default.
 */
#define count(counter) __atomic_fetch_add(&(counter), 1, __ATOMIC_RELAXED)

/*
 * A process: its pid in the initial namespace, and when it began. A pid can be
 * used again; the pair is unique.
 */
struct process_id {
	u64 start_ns;
	u32 tgid;
	u32 pad;
};

/* Why a process is followed. */
#define BY_PID    1 /* -p, the command, or a child of the command */
#define BY_NAME   2 /* one of its threads has a followed name */
#define ELSEWHERE 4 /* by name, and it was last seen in another netns */
#define LEFT_OUT  8 /* it is among followed_counts.left_out */

/*
 * The followed processes. fork.bpf.c adds and removes; a full table is counted.
 * No LRU: it would forget a process that sleeps while others come and go.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, FOLLOWED_MOST);
	__type(key, struct process_id);
	__type(value, u32); /* BY_PID, BY_NAME, ... */
} followed __weak SEC(".maps");

struct followed_counts followed_counts __weak = {};

/* How many pid namespaces are above the tracer's own; meet_tracer() sets it. */
__u32 tracer_level __weak = 0;

/* Is this CPU serving a softirq? One slot; softirq.bpf.c keeps it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} serving_softirq __weak SEC(".maps");

/* Whose is it? The values of the marks, and the results of whose_task(). */
enum whose {
	WHOSE_NOBODY,
	WHOSE_FOLLOWED,
	WHOSE_SELFTEST, /* the tracer's own: the positive control */
};

static __always_inline bool in_softirq(void)
{
	u32 zero = 0;
	u32 *serving = bpf_map_lookup_elem(&serving_softirq, &zero);

	return serving && *serving;
}

/*
 * The pid that the tracer's own pid namespace has for @pid; 0: it has none. A
 * number of another namespace would be that of an unrelated process here.
 */
static __always_inline u32 pid_here(struct pid *pid)
{
	struct upid upid;

	if (BPF_CORE_READ(pid, level) < tracer_level ||
	    bpf_probe_read_kernel(&upid, sizeof(upid),
				  (void *)&pid->numbers[0] +
					  tracer_level * sizeof(upid)) ||
	    BPF_CORE_READ(upid.ns, ns.inum) != filter.pidns)
		return 0;
	return upid.nr;
}

static __always_inline u32 process_here(struct task_struct *task)
{
	return pid_here(BPF_CORE_READ(task, group_leader, thread_pid));
}

static __always_inline struct process_id process_of(struct task_struct *task)
{
	return (struct process_id){
		.start_ns = BPF_CORE_READ(task, group_leader, start_time),
		.tgid = BPF_CORE_READ(task, tgid),
	};
}

static __always_inline bool same_comm(const char *a, const volatile char *b)
{
	for (int i = 0; i < COMM_BYTES; i++) {
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

/*
 * Is a process that is followed by name in another network namespace? A process
 * that exits has no network namespace; then its last one counts.
 */
static __always_inline bool task_is_elsewhere(struct task_struct *task,
					      u32 *why)
{
	struct nsproxy *spaces = BPF_CORE_READ(task, nsproxy);

	if (!spaces)
		return *why & ELSEWHERE;
	if (BPF_CORE_READ(spaces, net_ns, ns.inum) == filter.netns) {
		*why &= ~ELSEWHERE;
		return false;
	}
	if (!(*why & LEFT_OUT))
		count(followed_counts.left_out);
	*why |= ELSEWHERE | LEFT_OUT;
	return true;
}

static __always_inline enum whose whose_task(struct task_struct *task)
{
	struct process_id id;
	u32 *why;

	if (process_here(task) == filter.self)
		return WHOSE_SELFTEST;
	if (filter.everybody)
		return WHOSE_FOLLOWED;
	id = process_of(task);
	why = bpf_map_lookup_elem(&followed, &id);
	if (!why)
		return WHOSE_NOBODY;
	if (!(*why & BY_PID) && !filter.any_netns &&
	    task_is_elsewhere(task, why))
		return WHOSE_NOBODY;
	return WHOSE_FOLLOWED;
}

static __always_inline enum whose whose_current(void)
{
	return whose_task((void *)bpf_get_current_task());
}

#endif
