/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A part of a packet: the bytes that the snapshot has, and how many there were
 * on the wire. Every header is taken through span_take(), the one place that
 * checks bounds.
 */
#ifndef DIALTONE_SPAN_H
#define DIALTONE_SPAN_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const uint8_t *at;
	size_t captured; /* bytes that may be read at @at */
	size_t wire;     /* bytes that the packet has from there on */
};

/*
 * Sets *@header to the next @bytes and steps over them. -EBADMSG if the packet
 * is shorter, -ENODATA if only the snapshot is.
 */
static inline int span_take(struct span *span, size_t bytes,
			    const uint8_t **header)
{
	if (bytes > span->wire)
		return -EBADMSG;
	if (bytes > span->captured)
		return -ENODATA;
	*header = span->at;
	span->at += bytes;
	span->captured -= bytes;
	span->wire -= bytes;
	return 0;
}

/* Forgets what lies behind the first @bytes: padding, another packet. */
static inline void span_clip(struct span *span, size_t bytes)
{
	if (span->wire > bytes)
		span->wire = bytes;
	if (span->captured > bytes)
		span->captured = bytes;
}

static inline uint16_t get_be16(const uint8_t at[static 2])
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t get_be32(const uint8_t at[static 4])
{
	return (uint32_t)get_be16(at) << 16 | get_be16(at + 2);
}

#endif
