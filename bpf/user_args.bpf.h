/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The arguments of a system call: from registers, and from the user memory that
 * they point to.
 *
 * An address that the program passes is read at entry, an address that the
 * kernel writes is read at exit. Another thread may change that memory in
 * between: the event has what was there at that moment, as with every tracer.
 */
#ifndef DIALTONE_USER_ARGS_BPF_H
#define DIALTONE_USER_ARGS_BPF_H

#include "lab.bpf.h"

#define S_IFMT   00170000
#define S_IFSOCK 0140000
#define IOVECS   1024 /* UIO_MAXIOV, include/uapi/linux/uio.h */

struct user_iovec {
	void *base;
	u64 len;
};

struct user_msghdr { /* include/linux/socket.h, struct user_msghdr */
	void *name;
	int name_len;
	struct user_iovec *iov;
	u64 iov_len;
};

struct user_sockaddr {
	u16 family;
	__be16 port;
	union {
		u8 v4[4];
		struct {
			u32 flow;
			u8 v6[16];
		};
	};
};

/* include/uapi/linux/net.h */
#define SOCKETCALL_CONNECT 3

#if defined(__TARGET_ARCH_x86) /* arch/x86/entry/syscalls/syscall_32.tbl */
#define COMPAT_CONNECT    362
#define COMPAT_SOCKETCALL 102
#elif defined(__TARGET_ARCH_arm64) /* arch/arm/tools/syscall.tbl */
#define COMPAT_CONNECT    283
#define COMPAT_SOCKETCALL 102
#endif

static __always_inline u64 compat_first_arg(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return (u32)BPF_CORE_READ(regs, bx);
#elif defined(__TARGET_ARCH_arm64)
	return (u32)BPF_CORE_READ(regs, orig_x0);
#endif
}

/* Of socketcall(2), which 32-bit programs on arm64 do not have: there it is 0. */
static __always_inline u64 compat_second_arg(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return (u32)BPF_CORE_READ(regs, cx);
#else
	return 0;
#endif
}

/* All six; at exit they are still in the registers saved at entry. */
static __always_inline void read_args(struct pt_regs *regs, u64 args[6])
{
	args[0] = PT_REGS_PARM1_CORE_SYSCALL(regs);
	args[1] = PT_REGS_PARM2_CORE_SYSCALL(regs);
	args[2] = PT_REGS_PARM3_CORE_SYSCALL(regs);
	args[3] = PT_REGS_PARM4_CORE_SYSCALL(regs);
	args[4] = PT_REGS_PARM5_CORE_SYSCALL(regs);
#if defined(__TARGET_ARCH_x86)
	args[5] = BPF_CORE_READ(regs, r9);
#else
	args[5] = BPF_CORE_READ(regs, regs[5]);
#endif
}

/* include/uapi/linux/io_uring.h: struct io_uring_params */
#define IORING_PARAMS_FLAGS 8 /* the offset of .flags */
#define IORING_SETUP_SQPOLL 2

/* Is it io_uring_setup(2) of a ring that a kernel thread polls? */
static __always_inline bool makes_polled_ring(struct pt_regs *regs)
{
	u64 params = PT_REGS_PARM2_CORE_SYSCALL(regs);
	u32 flags = 0;

	if (bpf_probe_read_user(&flags, sizeof(flags),
				(const void *)(params + IORING_PARAMS_FLAGS)))
		return false;
	return flags & IORING_SETUP_SQPOLL;
}

/*
 * The bytes of a vector at @iov in user memory. Global, so that the verifier
 * walks through the loop once and not at each place where it is called.
 */
__attribute__((noinline)) u32 iovecs_bytes(u64 iov, u64 count)
{
	const struct user_iovec *at = (const void *)iov;
	u32 bytes = 0;

	for (u32 i = 0; i < IOVECS; i++) {
		struct user_iovec one;

		if (i >= count ||
		    bpf_probe_read_user(&one, sizeof(one), &at[i]))
			break;
		bytes += one.len;
	}
	return bytes;
}

static __always_inline void read_sockaddr(struct event_addr *to,
					  const void *from, u32 bytes)
{
	struct user_sockaddr addr = {};

	if (!from || bytes < sizeof(addr.family))
		return;
	if (bytes > sizeof(addr))
		bytes = sizeof(addr);
	/* a short address is read as far as it goes */
	if (bytes >= sizeof(addr)) {
		if (bpf_probe_read_user(&addr, sizeof(addr), from))
			return;
	} else if (bytes >= 8) {
		if (bpf_probe_read_user(&addr, 8, from))
			return;
	} else if (bpf_probe_read_user(&addr.family, 2, from)) {
		return;
	}
	__builtin_memset(to, 0, sizeof(*to));
	if (addr.family == AF_UNSPEC) {
		to->family = FAMILY_UNSPEC;
		return;
	}
	to->family = addr.family;
	to->port = bpf_ntohs(addr.port);
	if (addr.family == AF_INET)
		__builtin_memcpy(to->addr, addr.v4, 4);
	else if (addr.family == AF_INET6)
		__builtin_memcpy(to->addr, addr.v6, 16);
}

/* An address in the call replaces the socket's, even if it cannot be read. */
static __always_inline void read_given(struct event_addr *to, const void *from,
				       u32 bytes)
{
	__builtin_memset(to, 0, sizeof(*to));
	read_sockaddr(to, from, bytes);
}

/* The first message of sendmsg(2), sendmmsg(2) and similar calls. */
static __always_inline void read_msghdr(struct user_msghdr *msg, u64 at)
{
	if (bpf_probe_read_user(msg, sizeof(*msg), (void *)at))
		__builtin_memset(msg, 0, sizeof(*msg));
}

/* Descriptor, length, flags and numbers: tracer/record/syscalls.c names them. */
static __always_inline void fill_args(struct event *e, const u64 args[6])
{
	struct event_syscall *call = &e->syscall;
	struct user_msghdr msg;

	call->fd = args[0];
	switch (call->id) {
	case CALL_SOCKET:
		call->fd = -1;
		call->args[0] = args[0];
		call->args[1] = args[1];
		call->args[2] = args[2];
		break;
	case CALL_LISTEN:
	case CALL_SHUTDOWN:
		call->args[0] = args[1];
		break;
	case CALL_ACCEPT4:
		call->flags = args[3];
		break;
	case CALL_SENDTO:
	case CALL_RECVFROM:
		call->flags = args[3];
		call->len = args[2];
		break;
	case CALL_WRITE:
	case CALL_READ:
		call->len = args[2];
		break;
	case CALL_SENDFILE:
		call->len = args[3];
		break;
	case CALL_SPLICE:
		call->fd = args[2];
		call->len = args[4];
		call->flags = 0; /* SPLICE_F_*: not interesting */
		break;
	case CALL_WRITEV:
	case CALL_READV:
		call->len = iovecs_bytes(args[1], args[2]);
		break;
	case CALL_SENDMMSG:
	case CALL_RECVMMSG:
	case CALL_SENDMSG:
	case CALL_RECVMSG:
		read_msghdr(&msg, args[1]);
		call->args[0] = args[2]; /* of the two that take a vector */
		call->len = iovecs_bytes((u64)msg.iov, msg.iov_len);
		call->flags =
			call->id == CALL_SENDMSG || call->id == CALL_RECVMSG ?
				args[2] :
				args[3];
		break;
	case CALL_SETSOCKOPT:
		call->args[0] = args[1];
		call->args[1] = args[2];
		call->len = args[4];
		break;
	case CALL_GETSOCKOPT:
		call->args[0] = args[1];
		call->args[1] = args[2];
		bpf_probe_read_user(&call->len, sizeof(call->len),
				    (void *)args[4]);
		break;
	}
}

static __always_inline void fill_peer_at_enter(struct event *e,
					       const u64 args[6])
{
	struct user_msghdr msg;

	switch (e->syscall.id) {
	case CALL_CONNECT:
	case CALL_BIND: /* requested; the exit has the result */
		read_given(&e->peer, (void *)args[1], args[2]);
		break;
	case CALL_SENDTO:
		if (args[4])
			read_given(&e->peer, (void *)args[4], args[5]);
		break;
	case CALL_SENDMSG:
	case CALL_SENDMMSG:
		read_msghdr(&msg, args[1]);
		if (msg.name)
			read_given(&e->peer, msg.name, msg.name_len);
		break;
	}
}

/* Where a datagram came from, written by the kernel if the call asked. */
static __always_inline void fill_peer_at_exit(struct event *e,
					      const u64 args[6], long ret)
{
	struct user_msghdr msg;
	int bytes = 0;

	if (ret < 0)
		return;
	switch (e->syscall.id) {
	case CALL_RECVFROM:
		bpf_probe_read_user(&bytes, sizeof(bytes), (void *)args[5]);
		read_sockaddr(&e->peer, (void *)args[4], bytes);
		break;
	case CALL_RECVMSG:
	case CALL_RECVMMSG:
		read_msghdr(&msg, args[1]);
		read_sockaddr(&e->peer, msg.name, msg.name_len);
		break;
	case CALL_SENDTO:
	case CALL_SENDMSG:
	case CALL_SENDMMSG:
		fill_peer_at_enter(e, args);
		break;
	}
}

#endif
