// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Keeps the set of those who are followed because their parent is: a command's
 * children, and theirs. Read next: task.bpf.h, whose_task().
 */
#include "task.bpf.h"

char LICENSE[] __weak SEC("license") = "Dual BSD/GPL";

SEC("raw_tp/sched_process_fork")
int BPF_PROG(sched_process_fork, struct task_struct *parent,
	     struct task_struct *child)
{
	u32 parent_tgid = BPF_CORE_READ(parent, tgid);
	u32 child_tgid = BPF_CORE_READ(child, tgid);
	u32 yes = 1;

	if (!filter.children || parent_tgid == child_tgid)
		return 0;
	if (pid_here(BPF_CORE_READ(parent, group_leader, thread_pid)) ==
		    filter.pid ||
	    bpf_map_lookup_elem(&followed_tgids, &parent_tgid))
		bpf_map_update_elem(&followed_tgids, &child_tgid, &yes,
				    BPF_ANY);
	return 0;
}
