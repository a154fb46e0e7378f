// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Explanations of stack frames that only arm64 has: the entry of system calls,
 * and the stack of softirqs. All were seen on Debian's arm64 kernels 6.1, 6.12
 * and 7.2, over loopback, except where the text says otherwise.
 */
#include "explanations.h"

/* clang-format off */
const struct explanation explain_arm64[] = {
	{"__arm64_sys_connect", "net/socket.c",
	 "It is where connect(2) enters the kernel on arm64: it unpacks the "
	 "registers.",
	 "invoke_syscall() calls it, and it calls __sys_connect(). It touches "
	 "no packet. On x86-64 its name is __x64_sys_connect()."},
	{"__arm64_sys_sendto", "net/socket.c",
	 "It is where sendto(2) enters the kernel on arm64.",
	 "It unpacks the registers and calls __sys_sendto(). It touches no "
	 "packet. On x86-64 its name is __x64_sys_sendto()."},
	{"__arm64_sys_recvfrom", "net/socket.c",
	 "It is where recvfrom(2) enters the kernel on arm64.",
	 "It unpacks the registers and calls __sys_recvfrom(). It touches no "
	 "packet. On x86-64 its name is __x64_sys_recvfrom()."},
	{"__arm64_sys_write", "fs/read_write.c",
	 "It is where write(2) enters the kernel on arm64.",
	 "It unpacks the registers and calls ksys_write(). It touches no "
	 "packet. On x86-64 its name is __x64_sys_write(), which leaves by a "
	 "jump and seldom stands in stacks."},
	{"__arm64_sys_read", "fs/read_write.c",
	 "It is where read(2) enters the kernel on arm64.",
	 "It unpacks the registers and calls ksys_read(). It touches no "
	 "packet. On x86-64 its name is __x64_sys_read(), which leaves by a "
	 "jump and seldom stands in stacks."},
	{"__arm64_sys_close", "fs/open.c",
	 "It is where close(2) enters the kernel on arm64: it takes the file "
	 "out of the process's table.",
	 "With the last descriptor the file is released by __fput(): beneath "
	 "close(2) since Linux 6.6, before that beneath do_notify_resume(), "
	 "when the call has returned. On x86-64 its name is "
	 "__x64_sys_close()."},
	{"invoke_syscall", "arch/arm64/kernel/syscall.c",
	 "It calls the function of a system call by its number, on arm64.",
	 "Above it stand __arm64_sys_connect() and its like. What the function "
	 "returns it puts where the program will find it, into register x0. It "
	 "touches no packet. Stacks of 7.2 show invoke_syscall.constprop.0, "
	 "the compiler's copy of it for its one caller."},
	{"el0_svc_common", "arch/arm64/kernel/syscall.c",
	 "It does what stands before and behind each system call on arm64: it "
	 "tells those who trace it.",
	 "They are ptrace(2), seccomp, audit and the tracepoints of entry and "
	 "exit; invoke_syscall() stands between. It touches no packet. Stacks "
	 "show el0_svc_common.constprop.0, the compiler's copy of it."},
	{"do_el0_svc", "arch/arm64/kernel/syscall.c",
	 "It takes the number of a system call from register x8, on arm64.",
	 "It calls el0_svc_common() with that, and with the table of all "
	 "system calls. It touches no packet."},
	{"el0_svc", "arch/arm64/kernel/entry-common.c",
	 "It serves the instruction SVC, by which a program on arm64 calls the "
	 "kernel.",
	 "do_el0_svc() does the call. What has to be done before the program "
	 "goes on is done from here too, by do_notify_resume() on 6.1. It "
	 "touches no packet."},
	{"el0t_64_sync_handler", "arch/arm64/kernel/entry-common.c",
	 "It looks why a program on arm64 has come into the kernel: a system "
	 "call, or a fault.",
	 "The reason stands in register ESR_EL1; for a system call el0_svc() "
	 "is next. The name says where the processor came from: exception "
	 "level 0, where programs run, in 64-bit code, synchronously, which "
	 "is to say because of an instruction."},
	{"el0t_64_sync", "arch/arm64/kernel/entry.S",
	 "It saves the registers of a program that has come into the kernel, "
	 "on arm64.",
	 "It ends every stack that began with a system call. The processor "
	 "goes to one of the places in the table \"vectors\", which leads "
	 "here. It is a label in assembly that a macro, entry_handler, makes, "
	 "not a function of C; el0t_64_sync_handler() is called next."},
	{"do_notify_resume", "arch/arm64/kernel/signal.c",
	 "It does what is left to be done before a program goes on, on 6.1's "
	 "arm64.",
	 "Signals are delivered there, and task_work_run() is called: a socket "
	 "that was closed is released there, when close(2) has returned."},
	{"do_softirq_own_stack", "arch/arm64/kernel/irq.c",
	 "It has softirqs served on a stack that is not the task's, on arm64.",
	 "do_softirq() calls it; call_on_irq_stack() and ____do_softirq() are "
	 "next."},
	{"call_on_irq_stack", "arch/arm64/kernel/entry.S",
	 "It changes to the processor's interrupt stack, calls a function, and "
	 "changes back, on arm64.",
	 "It is assembly. Over loopback the receiver's work stands above it: "
	 "the function is ____do_softirq(), and __do_softirq() is next."},
	{"____do_softirq", "arch/arm64/kernel/irq.c",
	 "It is __do_softirq() in the form that call_on_irq_stack() can call, "
	 "on arm64.",
	 "It takes the registers of an interrupted program, has no use for "
	 "them, and calls __do_softirq()."},
	{0},
};
/* clang-format on */
