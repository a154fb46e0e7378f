// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Composes blocks of pcapng. See pcapng.h.
 *
 *   in:  numbers, kept, options
 *   out: type, length, body, length, on a stream
 */
#include "pcapng.h"

#include <string.h>

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

void pcapng_write(FILE *out, enum pcapng_type type,
		  const struct pcapng_block *block)
{
	uint32_t kind = (uint32_t)type, len = block->len + 12;

	fwrite(&kind, sizeof(kind), 1, out);
	fwrite(&len, sizeof(len), 1, out);
	fwrite(block->bytes, 1, block->len, out);
	fwrite(&len, sizeof(len), 1, out);
}
