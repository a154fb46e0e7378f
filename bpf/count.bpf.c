// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Counts calls of many functions: one program, attached to all of them through
 * one kprobe.multi link (Linux 5.18, CONFIG_FPROBE).
 *
 *   in:  the addresses to attach to, chosen by tracer/count/count_multi.c
 *   out: calls_of: for each function that a followed task called, how often it
 *        ran, and in which context (task, softirq, hardirq)
 */
#include "task.bpf.h"

#include "count.h"

char LICENSE[] __weak SEC("license") = "Dual BSD/GPL";

/* The key is the function's beginning; the tracer sets the size before load. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1);
	__type(key, u64);
	__type(value, struct count_calls);
} calls_of SEC(".maps");

__u64 no_room = 0; /* calls for which the map had no place */

/* The bits of the interrupt and softirq depth: linux/preempt.h. */
#define SOFTIRQ_SERVING 0x00000100u
#define HARDIRQ_MASK    0x000f0000u
#define NMI_MASK        0x00f00000u

#if defined(__TARGET_ARCH_x86)
/* Where x86 keeps the count: since 6.15 in a variable of its own. */
struct pcpu_hot {
	int preempt_count;
} __attribute__((preserve_access_index));

extern const struct pcpu_hot pcpu_hot __ksym __weak;
extern const int __preempt_count __ksym __weak;

static __always_inline u32 preempt_count(void)
{
	const struct pcpu_hot *hot;

	if (&__preempt_count)
		return *(const int *)bpf_this_cpu_ptr(&__preempt_count);
	if (!&pcpu_hot)
		return 0; /* does not happen: the tracer checks before it attaches */
	hot = bpf_this_cpu_ptr(&pcpu_hot);
	return hot->preempt_count;
}
#else
static __always_inline u32 preempt_count(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, thread_info.preempt_count);
}
#endif

static __always_inline enum count_slot slot_now(void)
{
	u32 count = preempt_count();

	if (count & (HARDIRQ_MASK | NMI_MASK))
		return SLOT_HARDIRQ;
	return count & SOFTIRQ_SERVING ? SLOT_SOFTIRQ : SLOT_TASK;
}

/* This CPU's numbers of the function at @ip, created if there are none. */
static __always_inline struct count_calls *calls_at(u64 ip)
{
	struct count_calls *calls = bpf_map_lookup_elem(&calls_of, &ip);
	const struct count_calls none = {};

	if (calls)
		return calls;
	/* fails without harm if another CPU has added the entry */
	bpf_map_update_elem(&calls_of, &ip, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&calls_of, &ip);
}

SEC("kprobe.multi")
int count_call(struct pt_regs *ctx)
{
	enum whose whose = whose_current();
	struct count_calls *calls;

	if (whose == WHOSE_NOBODY)
		return 0;
	calls = calls_at(bpf_get_func_ip(ctx));
	if (!calls)
		count(no_room);
	else if (whose == WHOSE_SELFTEST)
		calls->slots[SLOT_CONTROL]++;
	else
		calls->slots[slot_now()]++;
	return 0;
}
