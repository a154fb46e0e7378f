/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The few kernel types that the programs read, each with only the members that
 * they use. preserve_access_index makes every access a CO-RE relocation: libbpf
 * finds the real offset in the running kernel's BTF at load time, so the order,
 * padding and missing members here do not matter.
 *
 * This file replaces vmlinux.h: the build does not depend on the kernel of the
 * machine that builds, and a reader sees what the programs depend on.
 */
#ifndef DIALTONE_KERNEL_TYPES_H
#define DIALTONE_KERNEL_TYPES_H

#include <linux/bpf.h>
#include <linux/types.h>

/* bpf_tracing.h then takes the kernel's names for registers, not libc's. */
#define __VMLINUX_H__

typedef __s64 s64;
typedef __u64 u64;
typedef __u32 u32;
typedef __u16 u16;
typedef __u8 u8;
typedef _Bool bool;
typedef unsigned long size_t;
#define NULL ((void *)0)
#define true 1
#define false 0

#pragma clang attribute push(__attribute__((preserve_access_index)), \
			     apply_to = record)

/* arch: the registers of an interrupted or calling task */

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx;
	unsigned long r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long orig_ax, ip, cs, flags, sp, ss;
};
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs {
	u64 regs[31];
	u64 sp, pc, pstate;
};
struct pt_regs {
	union {
		struct user_pt_regs user_regs;
		struct {
			u64 regs[31];
			u64 sp, pc, pstate;
		};
	};
	u64 orig_x0;
	int syscallno;
};
#endif

/* tasks, and the files they have open */

struct ns_common {
	unsigned int inum;
};

struct pid_namespace {
	struct ns_common ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

struct thread_info {
#if defined(__TARGET_ARCH_x86)
	u32 status;
#else
	unsigned long flags;
	int preempt_count; /* arm64: the lower half of 64 bits, preempt.count */
#endif
};

struct inode {
	unsigned short i_mode;
};

struct file {
	struct inode *f_inode;
	void *private_data;
};

/* until Linux 6.12 */
struct file___f_count {
	struct {
		long long counter;
	} f_count;
};

/* since Linux 6.13 (90ee6ed776c0) */
struct file___f_ref {
	struct {
		struct {
			long long counter;
		} refcnt;
	} f_ref;
};

struct io_kiocb {
	u8 opcode;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

/* sockets */

struct in6_addr {
	union {
		u8 u6_addr8[16];
	} in6_u;
};

struct net {
	struct ns_common ns;
};

struct nsproxy {
	struct net *net_ns;
};

struct seccomp {
	int mode;
};

struct task_struct {
	struct thread_info thread_info;
	void *stack;
	unsigned int flags;
	int pid;
	int tgid;
	u64 start_time; /* CLOCK_MONOTONIC; of a process, its leader's */
	struct task_struct *group_leader;
	struct pid *thread_pid;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	unsigned int ptrace;
	struct seccomp seccomp;
	char comm[16];
};

typedef struct {
	struct net *net;
} possible_net_t;

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	unsigned char skc_state;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

struct sock {
	struct sock_common __sk_common;
	u16 sk_type;
	u16 sk_protocol;
	int sk_err;
};

struct tcp_sock {
	int linger2; /* TCP_LINGER2; below 0: no TIME_WAIT */
};

struct socket {
	struct sock *sk;
};

struct msghdr {
	void *msg_name; /* in the kernel's memory by then */
	int msg_namelen;
};

#pragma clang attribute pop

/* As in user space, so of fixed layout; sockaddr_in begins the same way. */
struct sockaddr_in6 {
	u16 sin6_family;
	__be16 sin6_port;
	u32 sin6_flowinfo;
	u8 sin6_addr[16];
};

#pragma clang attribute push(__attribute__((preserve_access_index)), \
			     apply_to = record)

/* packets */

struct net_device {
	char name[16];
	int ifindex;
	possible_net_t nd_net;
};

struct sk_buff {
	struct net_device *dev;
	struct sock *sk;
	unsigned int len;
	__be16 protocol;
	u16 network_header;
	u16 transport_header;
	unsigned char *head;
	unsigned char *data;
};

/* what an iterator over the open files of all tasks is called with */

struct bpf_iter_meta;

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	u32 fd;
	struct file *file;
};

#pragma clang attribute pop

#endif
