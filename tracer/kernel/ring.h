// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A BPF ring buffer, emptied in turns. ring_buffer__consume() goes on until it
 * finds the ring empty; while the kernel fills the ring as fast as the tracer
 * reads it, a signal and -d have to wait. So one turn ends with the first event
 * that @take calls late, and takes at most as many bytes as the ring can hold.
 */
#ifndef DIALTONE_RING_H
#define DIALTONE_RING_H

#include <bpf/libbpf.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

/* From @take: this event came after the turn began, and ends it. */
#define RING_LATE (-ECANCELED)

struct ring {
	struct ring_buffer *buffer;
	ring_buffer_sample_fn take;
	void *context; /* of @take */
	uint32_t bytes;
	uint32_t taken; /* bytes in this turn */
};

/*
 * Maps the ring of @bytes behind @map_fd. @take gets each of its events with
 * @context, and returns 0, RING_LATE, or an error that ends the turn. 0; or -errno, and
 * @why, of @size bytes, is a sentence. @ring must stay at its place until
 * ring_close().
 */
int ring_open(struct ring *ring, int map_fd, uint32_t bytes,
	      ring_buffer_sample_fn take, void *context, char *why,
	      size_t size);

/*
 * One turn: all events that were in the ring before. When nothing is added
 * meanwhile, the ring is empty after it. 0, or the error of @take or libbpf.
 */
int ring_drain(struct ring *ring);

void ring_close(struct ring *ring);

#endif
