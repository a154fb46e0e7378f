// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The requests that io_uring submits. Many programs use io_uring, and few of
 * them connect with it: so a connect is counted, and not a call.
 *
 *   io_uring:io_uring_submit_req   Linux 6.4 and newer
 *   io_uring:io_uring_submit_sqe   before
 *
 * io_uring_enter(2) returns how many requests it has taken. If it has taken more
 * than were seen here, one of the others may have been a connect. So the count
 * is right where the tracepoint is missing, too.
 */
#include "lab.bpf.h"
#include "uring.bpf.h"

/* include/uapi/linux/io_uring.h: enum io_uring_op */
#define IORING_OP_CONNECT 16

char LICENSE[] __weak SEC("license") = "Dual BSD/GPL";

/*
 * Where the tracepoint has the request, or its opcode: the arguments are others
 * in each few releases. Set by the tracer before load; -1: not there.
 */
const volatile int request_arg = -1;
const volatile int opcode_arg = -1;

/* With a helper: a load from the context has a place that is compiled in. */
static __always_inline u64 arg(const u64 *args, int place)
{
	u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), args + place);
	return value;
}

static __always_inline u8 opcode_of(const u64 *args)
{
	if (request_arg < 0)
		return arg(args, opcode_arg);
	return BPF_CORE_READ((struct io_kiocb *)arg(args, request_arg), opcode);
}

/* A thread that polls a ring is in no call. The ring may have been counted. */
static __always_inline bool polls_unnoticed(u64 key)
{
	key = ring_key(key);
	return !bpf_map_lookup_elem(&submissions, &key) &&
	       whose_current() == WHOSE_FOLLOWED;
}

static __always_inline int submitted(const u64 *args)
{
	u64 key = bpf_get_current_pid_tgid();
	u32 *seen = bpf_map_lookup_elem(&submissions, &key);

	if (seen)
		*seen += 1;
	if (opcode_of(args) == IORING_OP_CONNECT &&
	    (seen || polls_unnoticed(key)))
		count(counters.unwatched);
	return 0;
}

SEC("raw_tp/io_uring_submit_req")
int io_uring_submit_req(struct bpf_raw_tracepoint_args *ctx)
{
	return submitted(ctx->args);
}

SEC("raw_tp/io_uring_submit_sqe")
int io_uring_submit_sqe(struct bpf_raw_tracepoint_args *ctx)
{
	return submitted(ctx->args);
}
