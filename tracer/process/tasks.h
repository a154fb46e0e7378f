/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which tasks (threads) are followed, kept up to date from the kernel's events
 * about new tasks and changes of name. Pure, except for reading /proc at the
 * beginning.
 *
 * It gives the same answers as bpf/task.bpf.h, for the counting backend that
 * has no eBPF program: pids are those of the initial pid namespace.
 *
 *   in:  struct target; task_newtask and task_rename of ftrace, in their order
 *   out: whether a task is followed
 */
#ifndef DIALTONE_TASKS_H
#define DIALTONE_TASKS_H

#include <stdbool.h>
#include <stdint.h>

#include "target.h"

enum task_whose {
	TASK_NOBODYS,
	TASK_FOLLOWED,
	TASK_CONTROL, /* the tracer's own: the self-tests */
};

struct task;

struct tasks {
	const struct target *target;
	pid_t self;
	struct task *tasks; /* a uthash: those that are followed */
	bool no_memory;     /* a task could not be followed */
};

/* @target must last; @self is the tracer's own pid. */
void tasks_init(struct tasks *tasks, const struct target *target, pid_t self);
void tasks_fini(struct tasks *tasks);

/*
 * Adds those that run already, from /proc. Call it after the events have begun.
 */
void tasks_look(struct tasks *tasks);

/* One task from /proc: task @tid of process @pid has the name @comm. */
void tasks_seen(struct tasks *tasks, pid_t pid, pid_t tid, const char *comm);

/* @parent made @child, a thread of its own process or a new process. */
void tasks_new(struct tasks *tasks, pid_t parent, pid_t child, bool thread,
	       const char *comm);

/* @tid has the name @comm from now on: exec(2), prctl(2). */
void tasks_rename(struct tasks *tasks, pid_t tid, const char *comm);

enum task_whose tasks_whose(const struct tasks *tasks, pid_t tid);

#endif
