/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The header that the kernel side and the user side share: the event. (The rows
 * of steps.def belong to it.)
 *
 * A probe fills one struct event and puts it into the ring buffer. The kernel
 * side does not format, name or judge anything; tracer/kernel/decode.c turns an
 * event into a record, and all later stages work on records.
 */
#ifndef DIALTONE_EVENT_H
#define DIALTONE_EVENT_H

#include <linux/types.h>

#define COMM_BYTES   16 /* TASK_COMM_LEN, include/linux/sched.h */
#define IFNAME_BYTES 16 /* IFNAMSIZ, include/uapi/linux/if.h */
#define STACK_FRAMES 32

enum event_kind {
	EVENT_ENTER = 1, /* a system call begins */
	EVENT_EXIT,      /* the same call returns */
	EVENT_CALL,      /* a kernel function on the path is entered */
	EVENT_PACKET,    /* the kernel queues or receives a packet */
	EVENT_STATE,     /* a TCP socket changes its state */
	EVENT_ICMP,      /* an ICMP error is queued or received */
};

/* The system calls that the lab follows: those that touch a socket. */
enum syscall_id {
	CALL_NONE,
	CALL_SOCKET,
	CALL_BIND,
	CALL_CONNECT,
	CALL_LISTEN,
	CALL_ACCEPT,
	CALL_ACCEPT4,
	CALL_SENDTO,
	CALL_SENDMSG,
	CALL_SENDMMSG,
	CALL_WRITE,
	CALL_WRITEV,
	CALL_SENDFILE,
	CALL_SPLICE,
	CALL_RECVFROM,
	CALL_RECVMSG,
	CALL_RECVMMSG,
	CALL_READ,
	CALL_READV,
	CALL_GETSOCKNAME,
	CALL_GETPEERNAME,
	CALL_SETSOCKOPT,
	CALL_GETSOCKOPT,
	CALL_SHUTDOWN,
	CALL_CLOSE,
	CALL_MAX,
};

/*
 * The steps of the story inside the calls: STEP_UDP_CONNECT and so on, one for
 * each row of steps.def. There is one program per step; the kernel function that
 * it is attached to is chosen at start (tracer/plan).
 */
enum step {
#define STEP(id, ...) STEP_##id,
#include "steps.def"
#undef STEP
	STEP_MAX,
};

enum event_context {
	CONTEXT_TASK = 1, /* the task itself, in its system call */
	CONTEXT_SOFTIRQ,  /* the network, on whatever task it interrupted */
};

enum syscall_flags {
	/*
	 * EVENT_EXIT whose entry was not seen: a seccomp filter or a debugger
	 * (ptrace(2)) may have kept the kernel from entering the call.
	 */
	SYSCALL_SKIPPABLE = 1,
	/*
	 * close(2) of one reference of several: another descriptor, or a call
	 * of another thread, holds the socket.
	 */
	SYSCALL_STILL_OPEN = 2,
};

enum event_direction {
	DIRECTION_OUT = 1,
	DIRECTION_IN,
};

/* Which part of a fragmented datagram the packet is. */
enum fragment {
	FRAGMENT_NONE,  /* it is whole */
	FRAGMENT_FIRST, /* UDP: its length is the whole datagram's */
	FRAGMENT_LATER, /* its length is its own; its ports are the first's */
};

/* An address as sockets have it; all zero: no address. */
struct event_addr {
	__u16 family; /* AF_INET, AF_INET6, or FAMILY_UNSPEC */
	__u16 port;   /* host byte order */
	__u8 addr[16];
};

/*
 * Set in pid and tid: the process has no pid in the tracer's pid namespace, and
 * the other bits are its number in the initial one. No pid is that high.
 */
#define PID_OUTSIDE 0x80000000u

#define FAMILY_UNSPEC 0xffff /* connect(AF_UNSPEC), not "none" */

struct event_syscall {
	__u64 args[3]; /* what tracer/record/syscalls.c names for this call */
	__s64 ret;     /* EVENT_EXIT only */
	__s32 fd;      /* -1: the call has none (socket) */
	__u32 len;     /* bytes asked for */
	__u32 flags;   /* of send, receive, accept4 */
	__u32 id;      /* enum syscall_id */
};

/* What makes the kernel connect a socket. */
enum connect_from {
	FROM_UNKNOWN,
	FROM_CONNECT,  /* connect(2) */
	FROM_COMPAT,   /* a 32-bit system call */
	FROM_IO_URING, /* io_uring_enter(2), or a worker of io_uring */
	FROM_KERNEL,   /* any other call, or a kernel thread */
};

struct event_call {
	__u32 step;        /* enum step */
	__u32 len;         /* bytes, if the function gets a length */
	__s32 stack_bytes; /* of struct event_stack's frames; 0: no stack */
	__u32 from;        /* enum connect_from, of the steps that connect */
};

struct event_packet {
	__u32 ifindex;
	__u32 len; /* payload after the UDP or TCP header, in bytes */
	__u32 seq;
	__u32 ack;
	char ifname[IFNAME_BYTES];
	__u8 direction; /* enum event_direction */
	__u8 tcp_flags; /* the 14th octet of the TCP header, RFC 9293 3.1 */
	__u8 fragment;  /* enum fragment */
	/*
	 * UDP, DIRECTION_OUT: no followed call on its socket sends it now. It
	 * was sent earlier and has waited (for the address of a neighbour), or
	 * a task that is not followed sends it.
	 */
	__u8 outside_call;
	__u8 pad[4];
	/*
	 * TCP, DIRECTION_OUT: the two ends as the sending socket has them. They
	 * differ from the packet's where NAT has translated it.
	 */
	struct event_addr own_local;
	struct event_addr own_peer;
};

/* The event's local and peer are those of the packet that it reports on. */
struct event_icmp {
	__u32 ifindex;
	char ifname[IFNAME_BYTES];
	__u8 direction; /* enum event_direction */
	__u8 type;      /* RFC 792, RFC 4443 */
	__u8 code;
	__u8 pad;
	struct event_addr from; /* the host that reports; no port */
};

struct event_state {
	__u32 old_state; /* include/net/tcp_states.h */
	__u32 new_state;
	__u32 continues; /* CLOSE: a struct inet_timewait_sock takes over */
	__u32 from;      /* enum connect_from, of CLOSE to SYN-SENT */
};

struct event {
	__u64 ts_ns; /* CLOCK_MONOTONIC */
	/* address of the struct sock: an identity, never shown; 0: unknown */
	__u64 sock; /* of a packet: the socket that sent it */
	__u32 pid;  /* what user space calls a pid: the thread group */
	__u32 tid;
	char comm[COMM_BYTES];
	__u32 netns;  /* inode number of the socket's or device's namespace */
	__u8 kind;    /* enum event_kind */
	__u8 proto;   /* IPPROTO_UDP or IPPROTO_TCP */
	__u8 context; /* enum event_context */
	__u8 syscall_flags;
	struct event_addr local; /* of a packet: its source */
	struct event_addr peer;  /* of a packet: its destination */
	union {
		struct event_syscall syscall;
		struct event_call call;
		struct event_packet packet;
		struct event_icmp icmp;
		struct event_state state;
	};
};

/* The same with the kernel stack after it, for EVENT_CALL with --stack. */
struct event_stack {
	struct event event;
	__u64 frames[STACK_FRAMES]; /* innermost first */
};

_Static_assert(sizeof(struct event_addr) == 20, "no hidden padding");
_Static_assert(sizeof(struct event) == 168, "no hidden padding");

/*
 * Counters, in memory that both sides map, so that reading them needs no bpf(2)
 * call and no privilege. Always: hits = delivered + dropped + filtered.
 */
struct lab_counters {
	__u64 hits;      /* a probe fired, for any process */
	__u64 delivered; /* its event went into the ring */
	__u64 dropped;   /* the ring had no room */
	__u64 filtered;  /* it was for no followed process */
	/* not hits: calls that may be a connect(2) that is not watched */
	__u64 unwatched;
	__u64 other_connects; /* connect(2) on the other protocol */
	__u64 step_hits[STEP_MAX];
	/* hits by the tracer's own self-test: the positive control */
	__u64 selftest_steps[STEP_MAX];
	__u64 selftest_syscalls; /* connect(2) seen at entry and exit */
	__u64 selftest_packets;  /* queued for transmission, IPv4 */
	__u64 selftest_packets6; /* and IPv6 */
	__u64 selftest_states;   /* TCP state changes */
};

#endif
