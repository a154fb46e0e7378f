/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What all probes share: the filter, the marks, the counters, and emit.
 *
 * Every probe does the same: count the hit, check that the socket is followed,
 * fill a zeroed struct event, emit it.
 *
 * The definitions are weak: each .bpf.c file has them, and `bpftool gen object`
 * merges them into one.
 */
#ifndef DIALTONE_LAB_BPF_H
#define DIALTONE_LAB_BPF_H

#include "origin.bpf.h"

#define AF_UNSPEC     0
#define AF_INET       2
#define AF_INET6      10
#define IPPROTO_TCP   6
#define IPPROTO_UDP   17
#define IPPROTO_MPTCP 262 /* MPTCP uses TCP: RFC 8684 */
#define SOCK_STREAM   1
#define SOCK_DGRAM    2

struct lab_counters counters __weak = {};

/*
 * Set by the tracer when a run ends. The kernel takes so long to remove a
 * kprobe that the verdict does not wait for it (tracer/kernel/attach.c).
 */
volatile __u32 kprobes_off __weak = 0;

/* Events on their way to the tracer; --ring sets the size before load. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 * 1024 * 1024);
} ring __weak SEC(".maps");

/*
 * Sockets and ports that a followed task has used. In softirq the "current"
 * task is the task that was interrupted, so there only the socket and its port
 * show whether a packet is followed. LRU, because a long run must not fill them
 * up.
 */
struct port_key {
	u16 proto;
	u16 port; /* host byte order */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, u64); /* address of the struct sock */
	__type(value, u32);
} marked_socks __weak SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct port_key);
	__type(value, u32);
} marked_ports __weak SEC(".maps");

static __always_inline bool proto_is_followed(u16 proto)
{
	return (proto == IPPROTO_UDP && filter.udp) ||
	       (proto == IPPROTO_TCP && filter.tcp);
}

/* Time, task and context of the event that is happening now. */
static __always_inline void event_begin(struct event *e, enum event_kind kind)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	u64 pid_tgid = bpf_get_current_pid_tgid();

	e->ts_ns = bpf_ktime_get_ns();
	e->kind = kind;
	e->context = in_softirq() ? CONTEXT_SOFTIRQ : CONTEXT_TASK;
	e->pid = process_here(task);
	e->tid = pid_here(BPF_CORE_READ(task, thread_pid));
	if (!e->pid && pid_tgid) { /* shown, and compared with no pid */
		e->pid = PID_OUTSIDE | pid_tgid >> 32;
		e->tid = PID_OUTSIDE | (u32)pid_tgid;
	}
	bpf_get_current_comm(e->comm, sizeof(e->comm));
}

/*
 * Both ends of the socket; false for a family that is not IP. Both addresses
 * must be zeroed.
 */
static __always_inline bool sock_ends(struct sock *sk, struct event_addr *local,
				      struct event_addr *peer)
{
	u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	local->family = peer->family = family;
	local->port = BPF_CORE_READ(sk, __sk_common.skc_num);
	peer->port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (family == AF_INET) {
		BPF_CORE_READ_INTO((u32 *)local->addr, sk,
				   __sk_common.skc_rcv_saddr);
		BPF_CORE_READ_INTO((u32 *)peer->addr, sk,
				   __sk_common.skc_daddr);
	} else if (family == AF_INET6) {
		BPF_CORE_READ_INTO((struct in6_addr *)local->addr, sk,
				   __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO((struct in6_addr *)peer->addr, sk,
				   __sk_common.skc_v6_daddr);
	} else {
		return false;
	}
	if (peer->port == 0) /* not connected */
		__builtin_memset(peer, 0, sizeof(*peer));
	return true;
}

/*
 * IPPROTO_UDP or IPPROTO_TCP; 0 for any other socket. The type counts as well:
 * a raw socket has the protocol of the packets that its program builds.
 */
static __always_inline u8 sock_proto(u32 type, u32 proto)
{
	if (type == SOCK_DGRAM && proto == IPPROTO_UDP)
		return IPPROTO_UDP;
	if (type == SOCK_STREAM &&
	    (proto == IPPROTO_TCP || proto == IPPROTO_MPTCP))
		return IPPROTO_TCP;
	return 0;
}

static __always_inline u8 sk_proto(struct sock *sk)
{
	return sock_proto(BPF_CORE_READ(sk, sk_type),
			  BPF_CORE_READ(sk, sk_protocol));
}

/*
 * The socket's protocol, namespace and both ends. Returns false if it is not
 * IP, or neither UDP nor TCP.
 */
static __always_inline bool event_sock(struct event *e, struct sock *sk)
{
	u8 proto = sk_proto(sk);

	e->sock = (u64)sk;
	if (!proto_is_followed(proto))
		return false;
	e->proto = proto;
	e->netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	return sock_ends(sk, &e->local, &e->peer);
}

static __always_inline void mark_port(u16 proto, u16 port, enum whose whose)
{
	struct port_key key = {.proto = proto, .port = port};
	u32 value = whose;
	u32 *old;

	if (!port)
		return;
	old = bpf_map_lookup_elem(&marked_ports, &key);
	if (!old || *old != value)
		bpf_map_update_elem(&marked_ports, &key, &value, BPF_ANY);
}

static __always_inline void mark_hit(const struct event *e, enum whose whose)
{
	u32 value = whose;
	u32 *old = bpf_map_lookup_elem(&marked_socks, &e->sock);

	if (e->sock && (!old || *old != value))
		bpf_map_update_elem(&marked_socks, &e->sock, &value, BPF_ANY);
	mark_port(e->proto, e->local.port, whose);
}

/* The memory of a closed socket may be used for another socket. */
static __always_inline void unmark(struct sock *sk)
{
	u64 key = (u64)sk;

	bpf_map_delete_elem(&marked_socks, &key);
}

static __always_inline enum whose whose_port(u16 proto, u16 port)
{
	struct port_key key = {.proto = proto, .port = port};
	u32 *value = bpf_map_lookup_elem(&marked_ports, &key);

	return value ? *value : WHOSE_NOBODY;
}

/*
 * A followed socket may have got a port that the self-test has released. So the
 * two ends of a packet may have different marks; "followed" wins.
 */
static __always_inline enum whose whose_flow(const struct event *e)
{
	enum whose local = whose_port(e->proto, e->local.port);
	enum whose peer = whose_port(e->proto, e->peer.port);

	if (local == WHOSE_FOLLOWED || peer == WHOSE_FOLLOWED)
		return WHOSE_FOLLOWED;
	return local ? local : peer;
}

static __always_inline enum whose whose_sock(const struct event *e)
{
	u32 *value = bpf_map_lookup_elem(&marked_socks, &e->sock);

	return value ? *value : WHOSE_NOBODY;
}

/*
 * Is the socket in a namespace that the packet witnesses do not see? If every
 * process is followed, such a socket is not.
 */
static __always_inline bool is_elsewhere(const struct event *e)
{
	if (!filter.everybody || filter.any_netns || !e->netns ||
	    e->netns == filter.netns)
		return false;
	if (e->kind == EVENT_ENTER && e->syscall.id == CALL_CONNECT)
		count(followed_counts.elsewhere);
	return true;
}

/*
 * Is the event followed? Its task and socket must be filled in. A task's own
 * call is judged by the task, and marks its socket and port; an event in
 * softirq is judged by these marks.
 */
static __always_inline enum whose whose_event(const struct event *e)
{
	enum whose whose;

	if (e->context == CONTEXT_SOFTIRQ) {
		whose = whose_sock(e);
		return whose ? whose : whose_flow(e);
	}
	whose = whose_current();
	/* in connect(2) a socket has no port yet: its entry marked it */
	if (whose == WHOSE_FOLLOWED && filter.port &&
	    e->local.port != filter.port && e->peer.port != filter.port &&
	    !(e->kind == EVENT_CALL && whose_sock(e) == WHOSE_FOLLOWED))
		return WHOSE_NOBODY;
	if (whose == WHOSE_FOLLOWED && is_elsewhere(e))
		return WHOSE_NOBODY;
	if (whose)
		mark_hit(e, whose);
	return whose;
}

/*
 * Waking the reader costs more than the event, so it is done only when a good
 * part of the ring has filled; the reader also looks by itself ten times a
 * second.
 */
static __always_inline u64 wakeup_flags(void)
{
	u64 waiting = bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA);

	return waiting >= filter.wakeup_bytes ? BPF_RB_FORCE_WAKEUP :
						BPF_RB_NO_WAKEUP;
}

/* Puts the event into the ring; an event that finds no room is counted. */
static __always_inline void emit(const struct event *e)
{
	if (bpf_ringbuf_output(&ring, (void *)e, sizeof(*e), wakeup_flags()))
		count(counters.dropped);
	else
		count(counters.delivered);
}

/* The same with the kernel stack at this point after the event. */
static __always_inline void emit_stack(void *ctx, const struct event *e)
{
	struct event_stack *slot;
	long bytes;

	slot = bpf_ringbuf_reserve(&ring, sizeof(*slot), 0);
	if (!slot) {
		count(counters.dropped);
		return;
	}
	__builtin_memcpy(&slot->event, e, sizeof(*e));
	/* reserved memory is not zeroed, and would leak into recordings */
	__builtin_memset(slot->frames, 0, sizeof(slot->frames));
	bytes = bpf_get_stack(ctx, slot->frames, sizeof(slot->frames), 0);
	slot->event.call.stack_bytes = bytes > 0 ? bytes : 0;
	bpf_ringbuf_submit(slot, wakeup_flags());
	count(counters.delivered);
}

/* The end of every kprobe: emits the event, or counts it. */
static __always_inline int call_end(void *ctx, enum step step,
				    const struct event *e, enum whose whose)
{
	/* @step and not e->call.step: the verifier needs a known index */
	if (whose == WHOSE_SELFTEST)
		count(counters.selftest_steps[step]);
	if (whose != WHOSE_FOLLOWED)
		count(counters.filtered);
	else if (filter.want_stack)
		emit_stack(ctx, e);
	else
		emit(e);
	return 0;
}

static __always_inline void call_begin(struct event *e, enum step step, u32 len)
{
	count(counters.hits);
	count(counters.step_hits[step]);
	event_begin(e, EVENT_CALL);
	e->call.step = step;
	e->call.len = len;
	if (step == STEP_UDP_CONNECT || step == STEP_UDP6_CONNECT ||
	    step == STEP_TCP_V4_CONNECT || step == STEP_TCP_V6_CONNECT)
		e->call.from = connect_from();
}

/*
 * The body of nearly every kprobe: @step was reached for @sk. @len is the
 * length argument of the function, if it has one.
 */
static __always_inline int call_event(void *ctx, enum step step,
				      struct sock *sk, u32 len)
{
	struct event e = {};

	if (kprobes_off)
		return 0;
	call_begin(&e, step, len);
	return call_end(ctx, step, &e,
			event_sock(&e, sk) ? whose_event(&e) : WHOSE_NOBODY);
}

/*
 * An IPv6 socket with an IPv4-mapped peer (RFC 4291 2.5.5.2) enters through the
 * IPv6 function, which then calls the IPv4 function: one call is one event, and
 * IPv6 has already reported it.
 */
static __always_inline bool is_reported_by_ipv6(enum step step, struct sock *sk)
{
	if (BPF_CORE_READ(sk, __sk_common.skc_family) != AF_INET6)
		return false;
	if (kprobes_off)
		return true;
	count(counters.hits);
	count(counters.step_hits[step]);
	count(counters.filtered);
	return true;
}

#endif
