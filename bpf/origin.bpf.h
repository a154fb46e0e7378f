/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Is the current task in connect(2)? A kernel function or a change of state
 * asks this when a socket is being connected, because 32-bit programs, io_uring
 * and the kernel itself connect sockets, too. And is it in a call that may send on
 * a socket? A packet asks this.
 */
#ifndef DIALTONE_ORIGIN_BPF_H
#define DIALTONE_ORIGIN_BPF_H

#include "task.bpf.h"

#define PF_IO_WORKER 0x00000010 /* include/linux/sched.h */
#define PF_KTHREAD   0x00200000

/* include/uapi/asm-generic/unistd.h, and the same on x86 */
#define IO_URING_SETUP 425
#define IO_URING_ENTER 426

/*
 * x32, 64-bit registers with pointers of 32 bits: the numbers of x86-64 with
 * this bit (arch/x86/include/uapi/asm/unistd.h). No other architecture has it.
 */
#define X32_BIT 0x40000000

static __always_inline bool is_x32_connect(u64 number)
{
	if (number < X32_BIT || number >= X32_BIT + SYSCALL_NUMBERS)
		return false;
	/*
	 * A mask, because the verifier of 6.1 walks here with a number that the
	 * caller has found small. SYSCALL_NUMBERS is a power of two.
	 */
	barrier_var(number);
	return filter.syscall_ids[number & (SYSCALL_NUMBERS - 1)] ==
	       CALL_CONNECT;
}

/*
 * A 32-bit program's system calls have numbers of their own; the lab would
 * confuse them with others, so it ignores them.
 */
static __always_inline bool is_compat_call(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

#if defined(__TARGET_ARCH_x86)
	return BPF_CORE_READ(task, thread_info.status) & 0x2; /* TS_COMPAT */
#elif defined(__TARGET_ARCH_arm64)
	return BPF_CORE_READ(task, thread_info.flags) &
	       1UL << 22; /* TIF_32BIT */
#endif
}

static __always_inline u64 regs_syscall_number(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return BPF_CORE_READ(regs, orig_ax);
#elif defined(__TARGET_ARCH_arm64)
	return BPF_CORE_READ(regs, syscallno);
#endif
}

/*
 * The offset of a system call's registers on a task's kernel stack. It is the
 * same on all stacks (task_pt_regs()); the first system call shows it.
 */
__u64 regs_offset __weak = 0;

static __always_inline void learn_regs_offset(struct pt_regs *regs)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	if (!regs_offset)
		regs_offset = (u64)regs - (u64)BPF_CORE_READ(task, stack);
}

/*
 * The followed calls on sockets that tasks are in. They were reported at entry, so
 * that close(2) has an exit as well.
 */
struct open_call {
	u64 sock;
	u32 id;
	u16 proto;
	u16 flags; /* enum syscall_flags */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, u64); /* pid_tgid */
	__type(value, struct open_call);
} open_calls __weak SEC(".maps");

static __always_inline enum connect_from connect_from(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	u32 flags = BPF_CORE_READ(task, flags);
	struct pt_regs *regs;
	u32 number;

	if (flags & PF_IO_WORKER)
		return FROM_IO_URING;
	if (flags & PF_KTHREAD)
		return FROM_KERNEL;
	if (!regs_offset)
		return FROM_UNKNOWN;
	if (is_compat_call())
		return FROM_COMPAT;
	regs = (void *)BPF_CORE_READ(task, stack) + regs_offset;
	number = regs_syscall_number(regs);
	if (number == IO_URING_ENTER)
		return FROM_IO_URING;
	if (number & X32_BIT)
		return FROM_COMPAT;
	if (number < SYSCALL_NUMBERS &&
	    filter.syscall_ids[number] == CALL_CONNECT)
		return FROM_CONNECT;
	return FROM_KERNEL;
}

/*
 * Is the current task in a call that may send on the socket @sk? The calls of
 * 32-bit programs and of io_uring may be on any.
 */
static __always_inline bool call_sends(u64 sk)
{
	u64 key = bpf_get_current_pid_tgid();
	struct open_call *open = bpf_map_lookup_elem(&open_calls, &key);

	return (open && open->sock == sk) || connect_from() != FROM_KERNEL;
}

#endif
