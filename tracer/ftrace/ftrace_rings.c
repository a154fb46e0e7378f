// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The rings of ftrace, held open. See ftrace_rings.h. */
#include "ftrace_rings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kbuffer.h>

#define STATS_BYTES 1024 /* nine short lines */
#define TURN_PAGES  4096 /* of each CPU: 16 MiB */

static int ring_open_file(const struct ftrace *ftrace, const char *name,
			  int flags)
{
	char *path = tracefs_instance_get_file(ftrace->instance, name);
	int fd;

	if (!path)
		return -ENOMEM;
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	tracefs_put_tracing_file(path);
	return fd;
}

static int open_ring(struct ftrace_ring *ring, const struct ftrace *ftrace,
		     size_t cpu)
{
	char name[64];

	snprintf(name, sizeof(name), "per_cpu/cpu%zu/trace_pipe_raw", cpu);
	ring->raw = ring_open_file(ftrace, name, O_RDONLY | O_NONBLOCK);
	if (ring->raw == -ENOENT) /* no such CPU: the numbers have a hole */
		return 0;
	if (ring->raw < 0)
		return ring->raw;
	snprintf(name, sizeof(name), "per_cpu/cpu%zu/stats", cpu);
	ring->stats = ring_open_file(ftrace, name, O_RDONLY);
	return ring->stats < 0 ? ring->stats : 0;
}

static int open_all(struct ftrace_rings *rings, const struct ftrace *ftrace)
{
	int err = 0;

	rings->on = ring_open_file(ftrace, "tracing_on", O_WRONLY);
	if (rings->on < 0)
		return rings->on;
	for (size_t cpu = 0; !err && cpu < rings->len; cpu++)
		err = open_ring(&rings->rings[cpu], ftrace, cpu);
	return err;
}

int ftrace_rings_open(struct ftrace_rings *rings, const struct ftrace *ftrace,
		      struct tep_handle *tep)
{
	int err = -ENOMEM;

	*rings = (struct ftrace_rings){
		.tep = tep,
		.len = sysconf(_SC_NPROCESSORS_CONF),
		.on = -1,
		.page_bytes = tep_get_sub_buffer_size(tep),
	};
	rings->rings = calloc(rings->len, sizeof(*rings->rings));
	for (size_t cpu = 0; rings->rings && cpu < rings->len; cpu++)
		rings->rings[cpu] = (struct ftrace_ring){-1, -1};
	rings->page = malloc(rings->page_bytes);
	rings->kbuffer = kbuffer_alloc(KBUFFER_LSIZE_SAME_AS_HOST,
				       KBUFFER_ENDIAN_SAME_AS_HOST);
	if (rings->rings && rings->page && rings->kbuffer)
		err = open_all(rings, ftrace);
	if (err)
		ftrace_rings_close(rings);
	return err;
}

int ftrace_rings_switch(struct ftrace_rings *rings, bool on)
{
	if (write(rings->on, on ? "1" : "0", 1) < 0)
		return -errno;
	rings->off = !on;
	return 0;
}

/* The records of the page that was read; not 0: @take wants no more. */
static int take_page(struct ftrace_rings *rings, int cpu, ftrace_take *take,
		     void *context)
{
	unsigned long long ts;
	int enough = 0;
	void *data;

	while (!enough &&
	       (data = kbuffer_read_event(rings->kbuffer, &ts)) != NULL) {
		struct tep_record record = {
			.ts = ts,
			.data = data,
			.size = kbuffer_event_size(rings->kbuffer),
			.record_size = kbuffer_curr_size(rings->kbuffer),
			.cpu = cpu,
			.ref_count = 1,
		};
		struct tep_event *event =
			tep_find_event_by_record(rings->tep, &record);

		if (event)
			enough = take(event, &record, cpu, context);
		kbuffer_next_event(rings->kbuffer, NULL);
	}
	return enough;
}

/* 1: a page is in rings->page; 0: the ring is empty; or -errno. */
static int read_page(struct ftrace_rings *rings, int fd)
{
	ssize_t got = read(fd, rings->page, rings->page_bytes);

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (got == 0)
		return 0;
	if (kbuffer_load_subbuffer(rings->kbuffer, rings->page) ||
	    kbuffer_subbuffer_size(rings->kbuffer) > got)
		return -EBADMSG;
	return 1;
}

int ftrace_rings_read(struct ftrace_rings *rings, ftrace_take *take,
		      void *context)
{
	bool any = true;

	for (int turn = 0; any && (rings->off || turn < TURN_PAGES); turn++) {
		any = false;
		for (size_t cpu = 0; cpu < rings->len; cpu++) {
			int fd = rings->rings[cpu].raw;
			int got = fd < 0 ? 0 : read_page(rings, fd);

			if (got < 0)
				return got;
			if (got && take_page(rings, cpu, take, context))
				return 0;
			any = any || got;
		}
	}
	return 0;
}

/*
 * overrun: overwritten before it was read; commit overrun and dropped events:
 * no place for it (ring_buffer.c). They are all lost to us.
 */
uint64_t ftrace_stats_lost(const char *stats)
{
	static const char *const names[] = {
		"\noverrun: ", "\ncommit overrun: ", "\ndropped events: "};
	uint64_t lost = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *at = strstr(stats, names[i]);

		if (at)
			lost += strtoull(at + strlen(names[i]), NULL, 10);
	}
	return lost;
}

int ftrace_rings_lost(const struct ftrace_rings *rings, uint64_t *lost)
{
	char stats[STATS_BYTES];

	*lost = 0;
	for (size_t cpu = 0; cpu < rings->len; cpu++) {
		int fd = rings->rings[cpu].stats;
		ssize_t len;

		if (fd < 0)
			continue;
		len = pread(fd, stats, sizeof(stats) - 1, 0);
		if (len < 0)
			return -errno;
		stats[len] = '\0';
		*lost += ftrace_stats_lost(stats);
	}
	return 0;
}

static void close_file(int fd)
{
	if (fd >= 0)
		close(fd);
}

void ftrace_rings_close(struct ftrace_rings *rings)
{
	for (size_t cpu = 0; rings->rings && cpu < rings->len; cpu++) {
		close_file(rings->rings[cpu].raw);
		close_file(rings->rings[cpu].stats);
	}
	close_file(rings->on);
	free(rings->rings);
	free(rings->page);
	if (rings->kbuffer)
		kbuffer_free(rings->kbuffer);
	*rings = (struct ftrace_rings)FTRACE_RINGS_CLOSED;
}
