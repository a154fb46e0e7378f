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
	 "packet. On x86-64 its name is __x64_sys_write(), which ends in a "
	 "jump and seldom appears in stacks."},
	{"__arm64_sys_read", "fs/read_write.c",
	 "It is where read(2) enters the kernel on arm64.",
	 "It unpacks the registers and calls ksys_read(). It touches no "
	 "packet. On x86-64 its name is __x64_sys_read(), which ends in a jump "
	 "and seldom appears in stacks."},
	{"__arm64_sys_close", "fs/open.c",
	 "It is where close(2) enters the kernel on arm64: it takes the file "
	 "out of the process's table.",
	 "When the last descriptor is closed, __fput() releases the file: "
	 "inside close(2) since Linux 6.6; before that in do_notify_resume(), "
	 "after the call has returned. On x86-64 its name is "
	 "__x64_sys_close()."},
	{"invoke_syscall", "arch/arm64/kernel/syscall.c",
	 "It calls the function of a system call by its number, on arm64.",
	 "Above it in a stack are __arm64_sys_connect() and similar functions. "
	 "It puts the function's result into register x0, where the program "
	 "finds it. It touches no packet. Stacks of 7.2 show "
	 "invoke_syscall.constprop.0, the compiler's copy of it for its one "
	 "caller."},
	{"el0_svc_common", "arch/arm64/kernel/syscall.c",
	 "It does the work before and after each system call on arm64: it "
	 "notifies the tracers of the call.",
	 "These are ptrace(2), seccomp, audit and the tracepoints of entry and "
	 "exit; invoke_syscall() runs in between. It touches no packet. Stacks "
	 "show el0_svc_common.constprop.0, the compiler's copy of it."},
	{"do_el0_svc", "arch/arm64/kernel/syscall.c",
	 "It takes the number of a system call from register x8, on arm64.",
	 "It calls el0_svc_common() with that number and with the table of all "
	 "system calls. It touches no packet."},
	{"el0_svc", "arch/arm64/kernel/entry-common.c",
	 "It handles the instruction SVC, with which a program on arm64 calls "
	 "the kernel.",
	 "do_el0_svc() performs the call. The work that is needed before the "
	 "program continues is done from here, too: on 6.1 by "
	 "do_notify_resume(). It touches no packet."},
	{"el0t_64_sync_handler", "arch/arm64/kernel/entry-common.c",
	 "It finds out why a program on arm64 has entered the kernel: a system "
	 "call, or a fault.",
	 "The reason is in register ESR_EL1; for a system call el0_svc() is "
	 "next. The name says where the processor came from: exception level "
	 "0, where programs run, in 64-bit code, synchronously, that is, "
	 "because of an instruction."},
	{"el0t_64_sync", "arch/arm64/kernel/entry.S",
	 "It saves the registers of a program that has entered the kernel, on "
	 "arm64.",
	 "It is the last frame of every stack that began with a system call. "
	 "The processor jumps to one of the entries of the table \"vectors\", "
	 "which leads here. It is a label in assembly, which the macro "
	 "entry_handler makes, and not a C function; it calls "
	 "el0t_64_sync_handler()."},
	{"do_notify_resume", "arch/arm64/kernel/signal.c",
	 "It does the remaining work before a program continues, on arm64 with "
	 "6.1.",
	 "Signals are delivered there, and task_work_run() is called: a socket "
	 "that was closed is released there, after close(2) has returned."},
	{"do_softirq_own_stack", "arch/arm64/kernel/irq.c",
	 "It runs softirqs on a stack that is not the task's, on arm64.",
	 "do_softirq() calls it; call_on_irq_stack() and ____do_softirq() are "
	 "next."},
	{"call_on_irq_stack", "arch/arm64/kernel/entry.S",
	 "It changes to the processor's interrupt stack, calls a function, and "
	 "changes back, on arm64.",
	 "It is assembly. Over loopback the receiver's work appears above it: "
	 "the function is ____do_softirq(), and __do_softirq() is next."},
	{"____do_softirq", "arch/arm64/kernel/irq.c",
	 "It is __do_softirq() in the form that call_on_irq_stack() can call, "
	 "on arm64.",
	 "It receives the registers of an interrupted program, ignores them, "
	 "and calls __do_softirq()."},
	{0},
};
/* clang-format on */
