// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Keeps the table of followed processes: those that exist at the start, the
 * children of a command and their children, and processes that take a followed
 * name.
 *
 * A process leaves the table when its leader's task_struct is freed, not when
 * it exits: sched_process_exit comes before the task closes its sockets
 * (do_exit() in kernel/exit.c), and those calls are followed, too. A leader is
 * freed last, after all its threads.
 */
#include "task.bpf.h"

char LICENSE[] __weak SEC("license") = "Dual BSD/GPL";

/* Follows the process, also for the reason @why. */
static __always_inline bool follow_child(const struct process_id *id, u32 why)
{
	u32 *old = bpf_map_lookup_elem(&followed, id);

	if (old) {
		*old |= why;
		return true;
	}
	if (bpf_map_update_elem(&followed, id, &why, BPF_ANY) == 0)
		return true;
	count(followed_counts.no_room);
	return false;
}

/* It has another name now. */
static __always_inline void unfollow_name(const struct process_id *id)
{
	u32 *why = bpf_map_lookup_elem(&followed, id);

	if (!why)
		return;
	*why &= ~BY_NAME;
	if (!(*why & BY_PID))
		bpf_map_delete_elem(&followed, id);
}

/*
 * Only a process with a pid here is followed by name: others may be in another
 * container.
 */
static __always_inline bool has_followed_name(struct task_struct *task)
{
	char comm[COMM_BYTES] = {};

	if (!filter.by_comm || !process_here(task))
		return false;
	BPF_CORE_READ_STR_INTO(&comm, task, comm);
	return comm_is_followed(comm);
}

/*
 * User space runs this one itself, before all others: the current task is the
 * tracer.
 */
SEC("raw_tp")
int meet_tracer(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	tracer_level = BPF_CORE_READ(task, thread_pid, level);
	return 0;
}

/*
 * Run once, when the programs below are attached: finds the processes that
 * exist already.
 */
SEC("iter/task")
int follow_running(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct process_id id;
	u32 why = 0;

	if (!task)
		return 0;
	if (filter.pid && process_here(task) == filter.pid)
		why |= BY_PID;
	if (has_followed_name(task))
		why |= BY_NAME;
	if (!why)
		return 0;
	id = process_of(task);
	if (follow_child(&id, why))
		followed_counts.taken++;
	/* execve(2) may have come in between */
	if (why == BY_NAME && !has_followed_name(task))
		unfollow_name(&id);
	return 0;
}

SEC("raw_tp/sched_process_fork")
int BPF_PROG(sched_process_fork, struct task_struct *parent,
	     struct task_struct *child)
{
	struct process_id parent_id, child_id;
	u32 why = 0, *parents;

	if (BPF_CORE_READ(parent, tgid) == BPF_CORE_READ(child, tgid))
		return 0; /* a thread: its process is followed, or is not */
	parent_id = process_of(parent);
	parents = bpf_map_lookup_elem(&followed, &parent_id);
	if (filter.children && parents)
		why |= *parents & BY_PID;
	if (has_followed_name(child)) /* so far, its parent's name */
		why |= BY_NAME;
	if (!why)
		return 0;
	child_id = process_of(child);
	follow_child(&child_id, why);
	return 0;
}

/* prctl(2), a write to /proc/PID/comm, execve(2); before it is done. */
SEC("raw_tp/task_rename")
int BPF_PROG(task_rename, struct task_struct *task, const char *name)
{
	char comm[COMM_BYTES] = {};
	struct process_id id;

	if (!filter.by_comm || !process_here(task))
		return 0;
	bpf_probe_read_kernel_str(comm, sizeof(comm), name);
	if (!comm_is_followed(comm))
		return 0; /* other threads may still have the name */
	id = process_of(task);
	follow_child(&id, BY_NAME);
	return 0;
}

/* Another program, and one thread: its name is the process's. */
SEC("raw_tp/sched_process_exec")
int BPF_PROG(sched_process_exec, struct task_struct *task)
{
	struct process_id id;

	if (!filter.by_comm || has_followed_name(task))
		return 0;
	id = process_of(task);
	unfollow_name(&id);
	return 0;
}

/* A thread that execve(2) has made the leader has exchanged pids by then. */
SEC("raw_tp/sched_process_free")
int BPF_PROG(sched_process_free, struct task_struct *task)
{
	struct process_id id = {
		.start_ns = BPF_CORE_READ(task, start_time),
		.tgid = BPF_CORE_READ(task, tgid),
	};

	if ((u32)BPF_CORE_READ(task, pid) == id.tgid)
		bpf_map_delete_elem(&followed, &id);
	return 0;
}
