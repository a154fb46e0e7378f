// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Checks the process of -p. See running.h. */
#include "running.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <unistd.h>

#include "netns.h"
#include "warn.h"

#define PF_KTHREAD 0x00200000 /* include/linux/sched.h */

/* A task as in /proc; all zero: no task has that number. */
struct task_state {
	pid_t leader;
	char state; /* 'Z': a zombie */
	unsigned int flags;
};

/*
 * /proc/PID/stat: the name may contain anything, even a parenthesis: proc(5).
 */
static void read_stat(pid_t pid, struct task_state *task)
{
	char path[64], line[512];
	const char *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return;
	if (fgets(line, sizeof(line), file) && (end = strrchr(line, ')')))
		sscanf(end, ") %c %*d %*d %*d %*d %*d %u", &task->state,
		       &task->flags);
	fclose(file);
}

static void read_leader(pid_t pid, struct task_state *task)
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	if (!file)
		return;
	while (!task->leader && fgets(line, sizeof(line), file))
		sscanf(line, "Tgid: %d", &task->leader);
	fclose(file);
}

static int refuse_zombie(pid_t pid)
{
	warn_line("-p: process %d has ended, and its parent has not waited for "
		  "it (a zombie)",
		  pid);
	return EX_USAGE;
}

/*
 * There is no descriptor for an unused number, for a thread, and since Linux
 * 6.15 for a zombie.
 */
static int refuse(pid_t pid, const struct task_state *task, int err)
{
	if (task->leader && task->leader != pid)
		warn_line("-p: %d is a thread of process %d: follow the "
			  "process (-p %d)",
			  pid, task->leader, task->leader);
	else if (task->state == 'Z')
		return refuse_zombie(pid);
	else if (err == ESRCH || err == EINVAL || err == ENOENT)
		warn_line("-p: there is no process %d", pid);
	else
		warn_line("-p: cannot look at process %d: %s", pid,
			  strerror(err));
	return EX_USAGE;
}

/* EX_OK if there is no -p, or its process can be followed; else EX_USAGE. */
static int running_check(const struct target *target)
{
	struct pollfd ended = {.events = POLLIN};
	struct task_state task = {0};
	pid_t pid = target->pid;

	if (!pid)
		return EX_OK;
	read_stat(pid, &task);
	read_leader(pid, &task);
	/* the wrapper came with glibc 2.36; Debian 11 has 2.31 */
	ended.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (ended.fd < 0)
		return refuse(pid, &task, errno);
	poll(&ended, 1, 0);
	close(ended.fd);
	if (ended.revents)
		return refuse_zombie(pid);
	if (task.flags & PF_KTHREAD) {
		warn_line("-p: process %d is a kernel thread, which makes no "
			  "system calls",
			  pid);
		return EX_USAGE;
	}
	return EX_OK;
}

int running_begin(const struct target *target)
{
	int status = running_check(target);

	return status ? status : netns_enter(target->netns, target->container);
}
