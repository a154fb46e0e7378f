// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Mappings and symbols of one run. See stack_user.h.
 *
 * The kernel finds a program's frames by its frame pointers. Most C code is
 * compiled without them; then a stack ends early, or misses callers. Go code
 * has them.
 */
#include <bpf/libbpf.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mappings.h"
#include "process/target.h"
#include "record/text.h"
#include "stack_user.h"
#include "user_symbols.h"

/*
 * Records which files processes map, while they run: perf_event_open(2) reports
 * each mmap(2) and fork(2), as for `perf record`, and /proc/PID/maps has the
 * earlier ones.
 */

#define PAGES 64 /* of each processor's buffer: a power of two */

struct mapping_watch {
	struct mappings mappings;
	struct perf_buffer *buffer;
	uint64_t lost;
	int err;
};

struct mmap2_record {
	struct perf_event_header header;
	uint32_t pid, tid;
	uint64_t start, len, offset;
	uint32_t major, minor;
	uint64_t inode, generation;
	uint32_t protection, flags;
	char path[];
};

struct fork_record {
	struct perf_event_header header;
	uint32_t pid, parent;
	uint32_t tid, parent_tid;
	uint64_t ns;
};

struct lost_record {
	struct perf_event_header header;
	uint64_t id, lost;
};

static uint64_t time_of(const struct perf_event_header *header)
{
	const char *end = (const char *)header + header->size;
	uint64_t ns;

	memcpy(&ns, end - sizeof(ns), sizeof(ns));
	return ns;
}

static int add_mmap(struct mapping_watch *watch, const struct mmap2_record *r)
{
	struct mapping mapping = {
		.since_ns = time_of(&r->header),
		.start = r->start,
		.end = r->start + r->len,
		.offset = r->offset,
		.path = r->path,
	};

	return mappings_add(&watch->mappings, r->pid, &mapping);
}

static enum bpf_perf_event_ret on_record(void *context, int cpu,
					 struct perf_event_header *header)
{
	struct mapping_watch *watch = context;
	const struct fork_record *fork = (const void *)header;

	(void)cpu;
	switch (header->type) {
	case PERF_RECORD_MMAP2:
		watch->err = add_mmap(watch, (const void *)header);
		break;
	case PERF_RECORD_FORK:
		watch->err = mappings_fork(&watch->mappings, fork->parent,
					   fork->pid, fork->ns);
		break;
	case PERF_RECORD_LOST:
		watch->lost += ((const struct lost_record *)header)->lost;
		break;
	}
	return watch->err ? LIBBPF_PERF_EVENT_ERROR : LIBBPF_PERF_EVENT_CONT;
}

static int follow_changes(struct mapping_watch *watch, int map_fd)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY,
		.sample_type = PERF_SAMPLE_TIME,
		.sample_id_all = 1,
		.mmap = 1, /* executable ones */
		.mmap2 = 1,
		.task = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.watermark = 1, /* the reader looks by itself */
		.wakeup_watermark = 1u << 17,
	};

	watch->buffer = perf_buffer__new_raw(map_fd, PAGES, &attr, on_record,
					     watch, NULL);
	return watch->buffer ? 0 : -errno;
}

/* A process that has ended meanwhile has no maps, and does not need them. */
static int read_maps(struct mapping_watch *watch, uint32_t pid)
{
	char path[64], line[4352];
	FILE *file;
	int err = 0;

	snprintf(path, sizeof(path), "/proc/%u/maps", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	while (!err && fgets(line, sizeof(line), file))
		err = mappings_add_line(&watch->mappings, pid, line);
	fclose(file);
	return err;
}

static int read_all_maps(struct mapping_watch *watch)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int err = 0;

	if (!proc)
		return -errno;
	while (!err && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]))
			err = read_maps(watch,
					strtoul(entry->d_name, NULL, 10));
	closedir(proc);
	return err;
}

/*
 * Begins, and reads the maps of the processes that @target follows already.
 * @map_fd: an empty BPF_MAP_TYPE_PERF_EVENT_ARRAY, where libbpf keeps its
 * descriptors. 0 or -errno. Needs CAP_PERFMON and CAP_SYS_PTRACE; the other
 * functions need none.
 */
static int mapping_watch_open(struct mapping_watch **out, int map_fd,
			      const struct target *target)
{
	struct mapping_watch *watch = calloc(1, sizeof(*watch));
	int err;

	*out = watch;
	if (!watch)
		return -ENOMEM;
	/* first: changes while the maps are read are reported twice */
	err = follow_changes(watch, map_fd);
	if (err || (target->command && !target->comms_len))
		return err;
	return target->pid && !target->comms_len ?
		       read_maps(watch, target->pid) :
		       read_all_maps(watch);
}

/* Reads the kernel's new records. 0 or -errno. */
static int mapping_watch_drain(struct mapping_watch *watch)
{
	int err = perf_buffer__consume(watch->buffer);

	return watch->err ? watch->err : err < 0 ? err : 0;
}

static const struct mappings *
mapping_watch_all(const struct mapping_watch *watch)
{
	return &watch->mappings;
}

/* Records that found no room. */
static uint64_t mapping_watch_lost(const struct mapping_watch *watch)
{
	return watch->lost;
}

static void mapping_watch_close(struct mapping_watch *watch)
{
	if (!watch)
		return;
	perf_buffer__free(watch->buffer);
	mappings_fini(&watch->mappings);
	free(watch);
}

struct stack_user {
	struct mapping_watch *watch;
	struct user_symbols symbols;
	char doubt[384];
};

int stack_user_open(struct stack_user **out, int map_fd,
		    const struct target *target, char why[STACK_USER_WHY])
{
	struct stack_user *user = calloc(1, sizeof(*user));
	int err = -ENOMEM;

	*out = user;
	if (user)
		err = mapping_watch_open(&user->watch, map_fd, target);
	if (err)
		snprintf(why, STACK_USER_WHY,
			 "--user cannot watch what programs map "
			 "(perf_event_open(2)): %s",
			 strerror(-err));
	else
		user_symbols_init(&user->symbols,
				  mapping_watch_all(user->watch));
	return err;
}

int stack_user_drain(struct stack_user *user)
{
	return mapping_watch_drain(user->watch);
}

struct user_namer *stack_user_namer(struct stack_user *user)
{
	return user ? &user->symbols.namer : NULL;
}

const char *stack_user_doubt(struct stack_user *user,
			     const struct stacks *stacks)
{
	size_t asked = 0, alone = 0;
	struct text text;

	for (size_t i = 0; i < stacks->len; i++) {
		asked += stacks->list[i]->context == CONTEXT_TASK;
		alone += stacks->list[i]->user_len == 1;
	}
	text_init(&text, user->doubt, sizeof(user->doubt));
	if (alone)
		text_printf(&text,
			    "%zu of %zu stacks end after one frame: no frame "
			    "pointers (compile with gcc "
			    "-fno-omit-frame-pointer)",
			    alone, asked);
	if (user->symbols.unknown)
		text_printf(&text,
			    "%s%" PRIu64 " addresses in no known file: without "
			    "frame pointers they are unreliable",
			    text.len ? "; " : "", user->symbols.unknown);
	if (user->symbols.unread)
		text_printf(&text,
			    "%s%" PRIu64 " addresses without a symbol: the "
			    "files took longer than %d s, or too much memory",
			    text.len ? "; " : "", user->symbols.unread,
			    USER_SYMBOLS_SECONDS);
	if (mapping_watch_lost(user->watch))
		text_printf(&text, "%s%" PRIu64 " mappings lost: no room",
			    text.len ? "; " : "",
			    mapping_watch_lost(user->watch));
	return user->doubt[0] ? user->doubt : NULL;
}

void stack_user_close(struct stack_user *user)
{
	if (!user)
		return;
	user_symbols_fini(&user->symbols);
	mapping_watch_close(user->watch);
	free(user);
}
