/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Turns the kernel's event into a record.
 *
 *   in: what a probe put into the ring buffer (bpf/event.h)
 *   out: struct record
 *
 * The address of a struct sock must not be shown: it becomes a small number
 * that identifies the socket in this run. Stack addresses become names.
 */
#ifndef DIALTONE_DECODE_H
#define DIALTONE_DECODE_H

#include <stddef.h>

#include "ksyms.h"
#include "plan/plan.h"
#include "record/record.h"

struct decoder {
	const struct plan *plan;   /* names the function of a call */
	const struct ksyms *ksyms; /* NULL: no stacks are wanted */
	uint32_t netns;            /* the tracer's own */
	struct socket_id *sockets; /* uthash */
	uint32_t last_id;
};

/* Frees what the decoder has learned; the decoder itself is the caller's. */
void decoder_fini(struct decoder *decoder);

/*
 * Fills in @record, which the caller owns then. -EBADMSG: not an event of this
 * version, -ENOMEM.
 */
int decode_event(struct decoder *decoder, const void *data, size_t bytes,
		 struct record *record);

#endif
