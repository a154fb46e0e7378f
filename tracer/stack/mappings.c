// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A process's mappings over time. See mappings.h.
 *
 * Unmapped entries stay in the list: if several cover an address, the latest is
 * taken. That is enough across execve(2), too.
 */
#include "mappings.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/hash.h"

#define GENERATIONS 16 /* forks followed upwards; a shell's are 2 or 3 */

struct mapping_process {
	uint32_t pid;
	uint32_t parent;    /* 0: not known */
	uint64_t forked_ns; /* from @parent */
	struct mapping *list;
	size_t len, room;
	UT_hash_handle hh;
};

static struct mapping_process *
mapping_process_find(const struct mappings *mappings, uint32_t pid)
{
	struct mapping_process *process;

	hash_find(mappings->processes, &pid, process);
	return process;
}

static struct mapping_process *find_or_add(struct mappings *mappings,
					   uint32_t pid)
{
	struct mapping_process *process;

	hash_get(mappings->processes, pid, &pid, process);
	return process;
}

int mappings_add(struct mappings *mappings, uint32_t pid,
		 const struct mapping *mapping)
{
	struct mapping_process *process = find_or_add(mappings, pid);
	struct mapping *list;
	char *path;

	if (!process)
		return -ENOMEM;
	if (process->len == process->room) {
		size_t room = process->room ? 2 * process->room : 8;

		list = reallocarray(process->list, room, sizeof(*list));
		if (!list)
			return -ENOMEM;
		process->list = list;
		process->room = room;
	}
	path = strdup(mapping->path);
	if (!path)
		return -ENOMEM;
	list = &process->list[process->len++];
	*list = *mapping;
	list->path = path;
	return 0;
}

int mappings_fork(struct mappings *mappings, uint32_t parent, uint32_t child,
		  uint64_t ns)
{
	struct mapping_process *process;

	if (parent == child) /* a thread */
		return 0;
	process = find_or_add(mappings, child);
	if (!process)
		return -ENOMEM;
	process->parent = parent;
	process->forked_ns = ns;
	return 0;
}

int mappings_add_line(struct mappings *mappings, uint32_t pid, const char *line)
{
	struct mapping mapping = {0};
	char mode[5] = "", path[4096] = "";

	if (sscanf(line,
		   "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %*s %*s %4095[^\n]",
		   &mapping.start, &mapping.end, mode, &mapping.offset,
		   path) != 5 ||
	    mode[2] != 'x')
		return 0; /* without a file, or not to be executed */
	mapping.path = path;
	return mappings_add(mappings, pid, &mapping);
}

static const struct mapping *latest(const struct mapping_process *process,
				    uint64_t ns, uint64_t address)
{
	const struct mapping *found = NULL;

	for (size_t i = 0; i < process->len; i++) {
		const struct mapping *m = &process->list[i];

		if (address >= m->start && address < m->end &&
		    m->since_ns <= ns &&
		    (!found || m->since_ns >= found->since_ns))
			found = m;
	}
	return found;
}

const struct mapping *mappings_find(const struct mappings *mappings,
				    uint32_t pid, uint64_t ns, uint64_t address)
{
	for (int i = 0; pid && i < GENERATIONS; i++) {
		const struct mapping_process *process =
			mapping_process_find(mappings, pid);
		const struct mapping *found;

		if (!process)
			return NULL;
		found = latest(process, ns, address);
		if (found)
			return found;
		pid = process->parent;
		ns = process->forked_ns;
	}
	return NULL;
}

static void mapping_process_free(struct mapping_process *process)
{
	for (size_t i = 0; i < process->len; i++)
		free((char *)process->list[i].path);
	free(process->list);
	free(process);
}

void mappings_fini(struct mappings *mappings)
{
	hash_empty(mappings->processes, mapping_process_free);
}
