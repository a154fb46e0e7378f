// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Keeps, for each CPU, whether it is serving a softirq.
 *
 * A softirq processes received packets while some task is interrupted; that
 * task has nothing to do with them. On loopback it is the sender, so without
 * this flag the receiver's whole path would be attributed to the sender.
 *
 * A softirq runs to its end on the CPU where it began and does not nest, so one
 * flag per CPU is enough.
 */
#include "task.bpf.h"

char LICENSE[] __weak SEC("license") = "Dual BSD/GPL";

static __always_inline int set_softirq(u32 serving)
{
	u32 zero = 0;
	u32 *slot = bpf_map_lookup_elem(&serving_softirq, &zero);

	if (slot)
		*slot = serving;
	return 0;
}

SEC("raw_tp/softirq_entry")
int BPF_PROG(softirq_entry)
{
	return set_softirq(1);
}

SEC("raw_tp/softirq_exit")
int BPF_PROG(softirq_exit)
{
	return set_softirq(0);
}
