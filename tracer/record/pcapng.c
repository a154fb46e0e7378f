// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Composes blocks of pcapng. See pcapng.h.
 *
 *   in:  numbers, kept, options
 *   out: type, length, body, length, on a stream
 */
#include "pcapng.h"

#include <string.h>

#define LINKTYPE_LINUX_SLL2 276 /* tcpdump.org/linktypes.html */

static const uint8_t padding[4];

static void put(struct pcapng_block *block, const void *bytes, uint32_t len)
{
	if (len > sizeof(block->bytes) - block->len)
		len = (uint32_t)sizeof(block->bytes) - block->len;
	memcpy(block->bytes + block->len, bytes, len);
	block->len += len;
}

void pcapng_begin(struct pcapng_block *block)
{
	block->len = 0;
}

void pcapng_u16(struct pcapng_block *block, uint16_t value)
{
	put(block, &value, sizeof(value));
}

void pcapng_u32(struct pcapng_block *block, uint32_t value)
{
	put(block, &value, sizeof(value));
}

void pcapng_time(struct pcapng_block *block, uint64_t ns)
{
	pcapng_u32(block, (uint32_t)(ns >> 32));
	pcapng_u32(block, (uint32_t)ns);
}

void pcapng_bytes(struct pcapng_block *block, const void *bytes, uint32_t len)
{
	put(block, bytes, len);
	put(block, padding, -len & 3);
}

void pcapng_option(struct pcapng_block *block, enum pcapng_option option,
		   const void *bytes, uint16_t len)
{
	pcapng_u16(block, (uint16_t)option);
	pcapng_u16(block, len);
	pcapng_bytes(block, bytes, len);
}

void pcapng_option_text(struct pcapng_block *block, enum pcapng_option option,
			const char *text)
{
	pcapng_option(block, option, text, (uint16_t)strnlen(text, 8192));
}

void pcapng_end_of_options(struct pcapng_block *block)
{
	pcapng_u32(block, 0);
}

size_t pcapng_write(FILE *out, enum pcapng_type type,
		    const struct pcapng_block *block)
{
	uint32_t kind = (uint32_t)type, len = block->len + 12;

	fwrite(&kind, sizeof(kind), 1, out);
	fwrite(&len, sizeof(len), 1, out);
	fwrite(block->bytes, 1, block->len, out);
	fwrite(&len, sizeof(len), 1, out);
	return len;
}

size_t pcapng_write_section(FILE *out, struct pcapng_block *block,
			    const char *os, const char *comment, size_t len)
{
	pcapng_begin(block);
	pcapng_u32(block, 0x1a2b3c4d); /* the byte order */
	pcapng_u16(block, 1);
	pcapng_u16(block, 0);
	pcapng_u32(block, 0xffffffff); /* the section's length: not given */
	pcapng_u32(block, 0xffffffff);
	pcapng_option_text(block, PCAPNG_SECTION_OS, os);
	pcapng_option_text(block, PCAPNG_SECTION_PROGRAM, "dialtone");
	if (len)
		pcapng_option(block, PCAPNG_COMMENT, comment, (uint16_t)len);
	pcapng_end_of_options(block);
	return pcapng_write(out, PCAPNG_SECTION, block);
}

size_t pcapng_write_interface(FILE *out, struct pcapng_block *block,
			      const char *name, const char *os)
{
	static const uint8_t nanoseconds = 9;

	pcapng_begin(block);
	pcapng_u16(block, LINKTYPE_LINUX_SLL2);
	pcapng_u16(block, 0);
	pcapng_u32(block, 0); /* no limit that a reader could rely on */
	pcapng_option_text(block, PCAPNG_INTERFACE_NAME, name);
	pcapng_option(block, PCAPNG_INTERFACE_TSRESOL, &nanoseconds, 1);
	pcapng_option_text(block, PCAPNG_INTERFACE_OS, os);
	pcapng_end_of_options(block);
	return pcapng_write(out, PCAPNG_INTERFACE, block);
}

size_t pcapng_write_statistics(FILE *out, struct pcapng_block *block,
			       uint64_t ns, uint64_t received, uint64_t dropped)
{
	pcapng_begin(block);
	pcapng_u32(block, 0);
	pcapng_time(block, ns);
	pcapng_option(block, PCAPNG_STATISTICS_RECEIVED, &received,
		      sizeof(received));
	pcapng_option(block, PCAPNG_STATISTICS_DROPPED, &dropped,
		      sizeof(dropped));
	pcapng_end_of_options(block);
	return pcapng_write(out, PCAPNG_STATISTICS, block);
}

void pcapng_packet(struct pcapng_block *block,
		   const struct pcapng_packet *packet)
{
	uint32_t flags = packet->outgoing ? 2 : 1;
	uint32_t captured = packet->captured;

	if (captured > PCAPNG_CAPTURED_MOST)
		captured = PCAPNG_CAPTURED_MOST;
	pcapng_begin(block);
	pcapng_u32(block, 0);
	pcapng_time(block, packet->ns);
	pcapng_u32(block, captured);
	pcapng_u32(block, packet->len);
	pcapng_bytes(block, packet->bytes, captured);
	pcapng_option(block, PCAPNG_PACKET_FLAGS, &flags, sizeof(flags));
}
