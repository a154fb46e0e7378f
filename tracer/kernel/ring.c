// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* See ring.h. */
#include "ring.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* libbpf stops after the event for which this returns a negative number. */
static int ring_on_event(void *context, void *data, size_t bytes)
{
	struct ring *ring = context;
	int err = ring->take(ring->context, data, bytes);

	if (err)
		return err;
	ring->taken += bytes;
	return ring->taken < ring->bytes ? 0 : RING_LATE;
}

int ring_open(struct ring *ring, int map_fd, uint32_t bytes,
	      ring_buffer_sample_fn take, void *context, char *why, size_t size)
{
	int err = 0;

	*ring = (struct ring){.take = take, .context = context, .bytes = bytes};
	ring->buffer = ring_buffer__new(map_fd, ring_on_event, ring, NULL);
	if (!ring->buffer) {
		err = -errno;
		snprintf(why, size, "cannot map the ring buffer: %s",
			 strerror(-err));
	}
	return err;
}

int ring_drain(struct ring *ring)
{
	int got;

	ring->taken = 0;
	got = ring_buffer__consume(ring->buffer);
	return got < 0 && got != RING_LATE ? got : 0;
}

void ring_close(struct ring *ring)
{
	ring_buffer__free(ring->buffer);
	ring->buffer = NULL;
}
