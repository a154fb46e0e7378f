// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The call stack at each call of a function that the user has named.
 *
 * There is one program for each function, as everywhere here, so each knows its
 * own number: bpf_get_attach_cookie() exists only from Linux 5.15 on. The last
 * one, the canary, is attached to a function that the tracer itself calls, and
 * proves that kprobes fire at all.
 *
 * A stack at a function's entry begins with the function itself. Its caller
 * comes next, though the function has not pushed a frame yet: on x86-64 the
 * kernel unwinds by ORC tables, which cover that place (seen on Debian's
 * kernels 5.10, 6.1, 6.12 and 7.2). A caller that jumps instead of calling
 * leaves no frame; compilers turn "return f();" into such a jump.
 */
#include "lab.bpf.h"
#include "stack.h"

char LICENSE[] __weak SEC("license") = "Dual BSD/GPL";

const volatile bool want_user = false;
struct stack_counts stack_counts[STACK_FUNCTIONS] = {};
__u64 canary_hits = 0;

/*
 * An event does not fit on a program's own stack of 512 bytes. One for each
 * CPU will do: kprobe programs do not interrupt each other on a CPU.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct stack_event);
} scratch SEC(".maps");

/*
 * Where libbpf keeps perf's descriptors for --user
 * (tracer/stack/stack_user.c); no program writes to it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} mapping_records SEC(".maps");

/* How many bytes of @event to send. */
static __always_inline u64 event_bytes(const struct stack_event *event)
{
	s64 kernel_bytes = event->kernel_bytes;

	if (want_user)
		return sizeof(*event);
	if (kernel_bytes < 0)
		kernel_bytes = 0;
	if (kernel_bytes > (s64)sizeof(event->kernel))
		kernel_bytes = sizeof(event->kernel);
	return __builtin_offsetof(struct stack_event, kernel) + kernel_bytes;
}

/* In softirq the user's frames belong to the task that was interrupted. */
static __always_inline void fill_stacks(void *ctx, struct stack_event *event)
{
	event->kernel_bytes =
		bpf_get_stack(ctx, event->kernel, sizeof(event->kernel), 0);
	event->user_bytes = 0;
	if (!want_user)
		return;
	__builtin_memset(event->user, 0, sizeof(event->user));
	if (event->context == CONTEXT_TASK)
		event->user_bytes =
			bpf_get_stack(ctx, event->user, sizeof(event->user),
				      BPF_F_USER_STACK);
}

static __always_inline int called(void *ctx, u32 function)
{
	struct event now = {};
	struct stack_event *event;
	u32 zero = 0;

	count(stack_counts[function].hits);
	event_begin(&now, EVENT_CALL);
	if (whose_current() != WHOSE_FOLLOWED) {
		if (now.context == CONTEXT_SOFTIRQ && now.pid != filter.self)
			count(stack_counts[function].softirq);
		return 0;
	}
	count(stack_counts[function].followed);
	event = bpf_map_lookup_elem(&scratch, &zero);
	if (!event)
		return 0;
	event->ts_ns = now.ts_ns;
	event->pid = now.pid;
	event->tid = now.tid;
	event->function = function;
	event->context = now.context;
	__builtin_memcpy(event->comm, now.comm, sizeof(event->comm));
	fill_stacks(ctx, event);
	if (bpf_ringbuf_output(&ring, event, event_bytes(event),
			       wakeup_flags()))
		count(stack_counts[function].dropped);
	else
		count(stack_counts[function].delivered);
	return 0;
}

#define FUNCTION(number)                    \
	SEC("kprobe")                       \
	int function_##number(void *ctx)    \
	{                                   \
		return called(ctx, number); \
	}

FUNCTION(0)
FUNCTION(1)
FUNCTION(2)
FUNCTION(3)
FUNCTION(4)
FUNCTION(5)
FUNCTION(6)
FUNCTION(7)
FUNCTION(8)
FUNCTION(9)
FUNCTION(10)
FUNCTION(11)
FUNCTION(12)
FUNCTION(13)
FUNCTION(14)
FUNCTION(15)

SEC("kprobe")
int canary(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	if (process_here(task) == filter.self)
		count(canary_hits);
	return 0;
}
