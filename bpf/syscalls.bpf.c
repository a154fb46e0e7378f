// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The system-call boundary: every call on a UDP or TCP socket, at entry with
 * its arguments and at exit with its result.
 *
 * Two programs run at every system call and ignore all but the socket calls in
 * filter.syscall_ids. They find the socket of a descriptor as the kernel does:
 * task, table of files, file, socket. So addresses are right even for a server
 * that was started long before the tracer, and a read(2) from a plain file is
 * not an event.
 *
 * Results are taken here and not from kretprobes, which are missed when many
 * tasks block in one function (Documentation/trace/kprobes.rst, maxactive).
 */
#include "uring.bpf.h"
#include "user_args.bpf.h"

char LICENSE[] __weak SEC("license") = "Dual BSD/GPL";

/*
 * Where the two programs fill their events. Not on the stack: the verifier
 * remembers what a branch has written there, and checks the rest of the program
 * again for each branch (0.1 s in all, and 4 s with the stack). Each program
 * has a slot, because one may run on a CPU while the other waits; neither runs
 * twice on a CPU at a time, and no system call runs in softirq.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, u32);
	__type(value, struct event);
} syscall_events SEC(".maps");

/* Zeroed. It is never NULL; the verifier requires the check. */
static __always_inline struct event *syscall_event_new(enum event_kind kind)
{
	u32 slot = kind == EVENT_EXIT;
	struct event *e = bpf_map_lookup_elem(&syscall_events, &slot);

	if (e)
		__builtin_memset(e, 0, sizeof(*e));
	return e;
}

static __always_inline u32 syscall_id(u64 number, bool compat)
{
	if (number >= SYSCALL_NUMBERS || compat)
		return CALL_NONE;
	return filter.syscall_ids[number];
}

/* The socket behind an open file; NULL for any other file. */
static __always_inline struct sock *file_sock(struct file *file)
{
	struct socket *socket;

	if ((BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return NULL;
	socket = BPF_CORE_READ(file, private_data);
	return BPF_CORE_READ(socket, sk);
}

/* The open file behind descriptor @fd of the current task, or NULL. */
static __always_inline struct file *fd_file(int fd)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **files = BPF_CORE_READ(table, fd);
	struct file *file = NULL;

	if (fd < 0 || (u32)fd >= BPF_CORE_READ(table, max_fds))
		return NULL;
	if (bpf_probe_read_kernel(&file, sizeof(file), &files[fd]))
		return NULL;
	return file;
}

static __always_inline struct sock *fd_sock(int fd)
{
	struct file *file = fd_file(fd);

	return file ? file_sock(file) : NULL;
}

/*
 * Does more than one reference hold the file? dup(2) and fork(2) make one each,
 * and so does a call while it goes on in a process with several threads.
 */
static __always_inline bool is_shared(struct file *file)
{
	struct file___f_count *counted = (void *)file;
	struct file___f_ref *ref = (void *)file;

	if (bpf_core_field_exists(counted->f_count))
		return BPF_CORE_READ(counted, f_count.counter) > 1;
	/* it counts from 0: FILE_REF_ONEREF in include/linux/file_ref.h */
	return BPF_CORE_READ(ref, f_ref.refcnt.counter) > 0;
}

/* The descriptor that a call is about; of splice(2): where the bytes go. */
static __always_inline int call_fd(u32 id, const u64 args[6])
{
	return id == CALL_SPLICE ? args[2] : args[0];
}

/* Task and filter; false: the call is not followed. */
static __always_inline enum whose syscall_begin(struct event *e,
						enum event_kind kind, u32 id)
{
	event_begin(e, kind);
	e->context = CONTEXT_TASK; /* a system call never runs in softirq */
	e->syscall.id = id;
	return whose_current();
}

/* Sends the event, or counts it as the self-test's or as filtered. */
static __always_inline void syscall_end(struct event *e)
{
	enum whose whose;

	whose = whose_event(e);
	if (whose == WHOSE_SELFTEST && e->kind == EVENT_EXIT &&
	    e->syscall.id == CALL_CONNECT)
		count(counters.selftest_syscalls);
	if (whose == WHOSE_FOLLOWED)
		emit(e);
	else
		count(counters.filtered);
}

/* socket(2) has no socket yet: its arguments say which one it will make. */
static __always_inline bool socket_call_is_ours(struct event *e)
{
	u64 family = e->syscall.args[0];
	u32 type = e->syscall.args[1] & 0xf; /* less SOCK_CLOEXEC, _NONBLOCK */
	u32 proto = e->syscall.args[2];

	if (family != AF_INET && family != AF_INET6)
		return false;
	if (proto == 0) /* the type's own: socket(2) */
		proto = type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
	e->proto = sock_proto(type, proto);
	return proto_is_followed(e->proto);
}

/* Is the descriptor a socket of a protocol that is followed? */
static __always_inline bool is_our_socket(int fd)
{
	struct sock *sk = fd_sock(fd);

	return sk && proto_is_followed(sk_proto(sk));
}

/* On x86 one system call is all socket calls; its arguments are in memory. */
static __always_inline bool socketcall_connects(struct pt_regs *regs)
{
	const void *args = (const void *)compat_second_arg(regs);
	int fd = -1;

	if (compat_first_arg(regs) != SOCKETCALL_CONNECT)
		return false;
	return bpf_probe_read_user(&fd, sizeof(fd), args) || is_our_socket(fd);
}

/*
 * Ways to connect whose arguments are not read here: the system calls of 32-bit
 * programs (arch/x86/entry/syscalls/syscall_32.tbl, on x86 socketcall(2) too)
 * and of x32, and io_uring, whose requests lie in memory that the program shares
 * with the kernel: uring.bpf.c sees them.
 */
static __always_inline bool may_connect_unwatched(struct pt_regs *regs,
						  u64 number, bool compat)
{
	if (compat && number == COMPAT_CONNECT)
		return is_our_socket(compat_first_arg(regs));
	if (compat)
		return number == COMPAT_SOCKETCALL && socketcall_connects(regs);
	return is_x32_connect(number) &&
	       is_our_socket(PT_REGS_PARM1_CORE_SYSCALL(regs));
}

static __always_inline int enter_unwatched(void)
{
	struct event e = {};

	if (syscall_begin(&e, EVENT_ENTER, CALL_NONE) == WHOSE_FOLLOWED)
		count(counters.unwatched);
	return 0;
}

/*
 * A ring that the kernel polls needs no call for a request, so no result says
 * how many there were: the call that makes the ring is counted.
 */
static __always_inline int enter_uring(struct pt_regs *regs, u64 number)
{
	u64 key = bpf_get_current_pid_tgid();
	u32 submits = PT_REGS_PARM2_CORE_SYSCALL(regs), none = 0;
	bool makes = number == IO_URING_SETUP;

	if (makes ? !makes_polled_ring(regs) : !submits)
		return 0;
	if (whose_current() != WHOSE_FOLLOWED)
		return 0;
	if (makes) {
		key = ring_key(key);
		count(counters.unwatched);
	}
	bpf_map_update_elem(&submissions, &key, &none, BPF_ANY);
	return 0;
}

static __always_inline int exit_uring(long taken)
{
	u64 key = bpf_get_current_pid_tgid();
	u32 *seen = bpf_map_lookup_elem(&submissions, &key);

	if (!seen)
		return 0;
	if (taken > 0 && (u64)taken > *seen)
		count(counters.unwatched);
	bpf_map_delete_elem(&submissions, &key);
	return 0;
}

/* "tracer udp" for a program that speaks TCP, or the other way round. */
static __always_inline bool speaks_other(struct sock *sk)
{
	u16 proto = BPF_CORE_READ(sk, sk_protocol);

	return proto == IPPROTO_UDP || proto == IPPROTO_TCP ||
	       proto == IPPROTO_MPTCP;
}

SEC("raw_tp/sys_enter")
int BPF_PROG(sys_enter, struct pt_regs *regs, long number)
{
	u64 key = bpf_get_current_pid_tgid();
	bool compat = is_compat_call();
	u32 id = syscall_id(number, compat);
	struct open_call open = {.id = id};
	enum whose whose;
	struct event *e;
	struct sock *sk;
	u64 args[6];

	learn_regs_offset(regs);
	if (!compat && (number == IO_URING_ENTER || number == IO_URING_SETUP))
		return enter_uring(regs, number);
	if (may_connect_unwatched(regs, number, compat))
		return enter_unwatched();
	if (id == CALL_NONE || id >= CALL_MAX)
		return 0;
	e = syscall_event_new(EVENT_ENTER);
	if (!e)
		return 0;
	count(counters.hits);
	whose = syscall_begin(e, EVENT_ENTER, id);
	if (!whose)
		goto filtered;
	read_args(regs, args);
	if (id == CALL_SOCKET) {
		fill_args(e, args);
		if (!socket_call_is_ours(e))
			goto filtered;
	} else {
		sk = fd_sock(call_fd(id, args));
		if (!sk)
			goto filtered;
		if (!event_sock(e, sk)) {
			if (id == CALL_CONNECT && whose == WHOSE_FOLLOWED &&
			    speaks_other(sk))
				count(counters.other_connects);
			goto filtered;
		}
		open.sock = (u64)sk;
		if (id == CALL_CLOSE && is_shared(fd_file(args[0])))
			e->syscall_flags = open.flags = SYSCALL_STILL_OPEN;
		fill_args(e, args);
		fill_peer_at_enter(e, args);
	}
	open.proto = e->proto;
	bpf_map_update_elem(&open_calls, &key, &open, BPF_ANY);
	syscall_end(e);
	return 0;
filtered:
	count(counters.filtered);
	return 0;
}

/*
 * The socket of the returning call: the new one if it made one, else the one
 * that its descriptor named at entry. A call that began before the tracer is
 * looked up now: the registers still hold its arguments.
 */
static __always_inline struct sock *returning_sock(const struct open_call *open,
						   u32 id, int fd, long ret)
{
	bool makes_one =
		id == CALL_SOCKET || id == CALL_ACCEPT || id == CALL_ACCEPT4;

	if (makes_one && ret >= 0)
		return fd_sock(ret);
	if (open)
		return (struct sock *)open->sock;
	return id == CALL_SOCKET ? NULL : fd_sock(fd);
}

/*
 * Both run before the tracepoint of the entry; that of the exit is reached in
 * any case (syscall_trace_enter() in kernel/entry/common.c).
 */
static __always_inline bool may_be_skipped(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, ptrace) ||
	       (bpf_core_field_exists(task->seccomp.mode) &&
		BPF_CORE_READ(task, seccomp.mode));
}

SEC("raw_tp/sys_exit")
int BPF_PROG(sys_exit, struct pt_regs *regs, long ret)
{
	u64 number = regs_syscall_number(regs);
	u64 key = bpf_get_current_pid_tgid();
	/*
	 * Of the register, 5.10 looks at all 64 bits, later kernels at the
	 * lower half. The entry has shown which.
	 */
	bool compat = is_compat_call();
	u32 id = syscall_id((u32)number, compat);
	struct open_call *open;
	struct event *e;
	struct sock *sk;
	u64 args[6];

	if (number == IO_URING_ENTER && !compat)
		return exit_uring(ret);
	if (id == CALL_NONE || id >= CALL_MAX)
		return 0;
	e = syscall_event_new(EVENT_EXIT);
	if (!e)
		return 0;
	count(counters.hits);
	if (!syscall_begin(e, EVENT_EXIT, id))
		goto filtered;
	read_args(regs, args);
	open = bpf_map_lookup_elem(&open_calls, &key);
	if (open && open->id != id)
		open = NULL;
	if (!open && number > (u32)number)
		goto filtered;
	sk = returning_sock(open, id, call_fd(id, args), ret);
	if (open && (id == CALL_CLOSE || !sk)) {
		/* freed, or never made: the entry had it */
		e->proto = open->proto;
		e->sock = open->sock;
	} else if (!sk || !event_sock(e, sk)) {
		goto filtered;
	}
	fill_args(e, args);
	fill_peer_at_exit(e, args, ret);
	if (open) {
		e->syscall_flags = open->flags;
	} else if (may_be_skipped()) {
		e->syscall_flags = SYSCALL_SKIPPABLE;
		if (id == CALL_CONNECT) /* not the socket's peer */
			fill_peer_at_enter(e, args);
	}
	e->syscall.ret = ret;
	bpf_map_delete_elem(&open_calls, &key);
	syscall_end(e);
	/* later packets are found by port */
	if (id == CALL_CLOSE && e->syscall_flags != SYSCALL_STILL_OPEN)
		unmark((struct sock *)e->sock);
	return 0;
filtered:
	count(counters.filtered);
	return 0;
}

/*
 * Run once at the start: marks the sockets that followed tasks hold already, so
 * that the first packet to a waiting server is not missed.
 */
SEC("iter/task_file")
int mark_open_sockets(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct event e = {};
	enum whose whose;
	struct sock *sk;

	if (!task || !file)
		return 0;
	sk = file_sock(file);
	if (!sk || !event_sock(&e, sk))
		return 0;
	whose = whose_task(task);
	if (whose && (!filter.port || e.local.port == filter.port ||
		      e.peer.port == filter.port))
		mark_hit(&e, whose);
	return 0;
}
