// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which tasks are followed. See tasks.h. */
#include "tasks.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/hash.h"

struct task {
	pid_t tid;
	bool by_pid;  /* of the followed process, or its child */
	bool by_name; /* has a followed name */
	UT_hash_handle hh;
};

void tasks_init(struct tasks *tasks, const struct target *target, pid_t self)
{
	*tasks = (struct tasks){.target = target, .self = self};
}

static void forget(struct tasks *tasks, struct task *task)
{
	HASH_DEL(tasks->tasks, task); /* NOLINT: uthash */
	free(task);
}

void tasks_fini(struct tasks *tasks)
{
	hash_empty(tasks->tasks, free);
}

static struct task *task_find(const struct tasks *tasks, pid_t tid)
{
	struct task *task;

	hash_find(tasks->tasks, &tid, task);
	return task;
}

/* Follows @tid for one reason or both; for none, it stops following it. */
static void task_follow(struct tasks *tasks, pid_t tid, bool by_pid,
			bool by_name)
{
	struct task *task = task_find(tasks, tid);

	if (!by_pid && !by_name) {
		if (task)
			forget(tasks, task);
		return;
	}
	if (!task)
		hash_new(tasks->tasks, tid, &tid, task);
	if (!task) {
		tasks->no_memory = true;
		return;
	}
	task->by_pid = by_pid;
	task->by_name = by_name;
}

static bool name_is_followed(const struct target *target, const char *comm)
{
	for (unsigned int i = 0; i < target->comms_len; i++)
		if (strncmp(target->comms[i], comm, COMM_BYTES) == 0)
			return true;
	return false;
}

void tasks_seen(struct tasks *tasks, pid_t pid, pid_t tid, const char *comm)
{
	const struct target *target = tasks->target;

	task_follow(tasks, tid, target->pid && pid == target->pid,
		    name_is_followed(target, comm));
}

void tasks_new(struct tasks *tasks, pid_t parent, pid_t child, bool thread,
	       const char *comm)
{
	const struct task *task = task_find(tasks, parent);
	bool by_pid =
		task && task->by_pid && (thread || tasks->target->children);

	task_follow(tasks, child, by_pid,
		    name_is_followed(tasks->target, comm));
}

void tasks_rename(struct tasks *tasks, pid_t tid, const char *comm)
{
	const struct task *task = task_find(tasks, tid);

	task_follow(tasks, tid, task && task->by_pid,
		    name_is_followed(tasks->target, comm));
}

enum task_whose tasks_whose(const struct tasks *tasks, pid_t tid)
{
	if (tid == tasks->self)
		return TASK_CONTROL;
	if (tasks->target->everybody || task_find(tasks, tid))
		return TASK_FOLLOWED;
	return TASK_NOBODYS;
}

/* The threads of process @pid. A thread that ends meanwhile may be missed. */
static void look_at(struct tasks *tasks, const char *pid)
{
	char path[64], comm[64];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.16s/task", pid);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		FILE *file;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%.16s/task/%.16s/comm", pid,
			 entry->d_name);
		file = fopen(path, "re");
		if (!file)
			continue;
		if (fgets(comm, sizeof(comm), file)) {
			comm[strcspn(comm, "\n")] = '\0';
			tasks_seen(tasks, strtol(pid, NULL, 10),
				   strtol(entry->d_name, NULL, 10), comm);
		}
		fclose(file);
	}
	closedir(dir);
}

void tasks_look(struct tasks *tasks)
{
	char pid[16];
	struct dirent *entry;
	DIR *dir;

	if (tasks->target->everybody)
		return;
	if (!tasks->target->comms_len) { /* one process, and no other */
		snprintf(pid, sizeof(pid), "%d", tasks->target->pid);
		look_at(tasks, pid);
		return;
	}
	dir = opendir("/proc");
	while (dir && (entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]))
			look_at(tasks, entry->d_name);
	if (dir)
		closedir(dir);
}
