/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Records which files processes map, while they run: perf_event_open(2) reports
 * each mmap(2) and fork(2), as for `perf record`, and /proc/PID/maps has the
 * earlier ones.
 */
#ifndef DIALTONE_MAPPING_WATCH_H
#define DIALTONE_MAPPING_WATCH_H

#include <stdint.h>

#include "mappings.h"
#include "process/target.h"

struct mapping_watch;

/*
 * Begins, and reads the maps of the processes that @target follows already.
 * @map_fd: an empty BPF_MAP_TYPE_PERF_EVENT_ARRAY, where libbpf keeps its
 * descriptors. 0 or -errno. Needs CAP_PERFMON and CAP_SYS_PTRACE; the other
 * functions need none.
 */
int mapping_watch_open(struct mapping_watch **watch, int map_fd,
		       const struct target *target);

/* Reads the kernel's new records. 0 or -errno. */
int mapping_watch_drain(struct mapping_watch *watch);

const struct mappings *mapping_watch_all(const struct mapping_watch *watch);

/* Records that found no room. */
uint64_t mapping_watch_lost(const struct mapping_watch *watch);

void mapping_watch_close(struct mapping_watch *watch);

#endif
