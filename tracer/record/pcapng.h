/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Writes the blocks of a pcapng file (draft-ietf-opsawg-pcapng), in the byte order
 * of this machine. libpcap writes neither comments nor processes.
 */
#ifndef DIALTONE_PCAPNG_H
#define DIALTONE_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define PCAPNG_CAPTURED_MOST 262144 /* of a packet: what libpcap allows */

/*
 * A block that is being composed. It is cut if it is larger than any block that
 * the tracer writes.
 */
struct pcapng_block {
	uint8_t bytes[PCAPNG_CAPTURED_MOST + 16384];
	uint32_t len;
};

enum pcapng_type {
	PCAPNG_SECTION = 0x0a0d0d0a,
	PCAPNG_INTERFACE = 1,
	PCAPNG_STATISTICS = 5,
	PCAPNG_PACKET = 6,
	PCAPNG_JOURNAL = 9,               /* systemd's export format */
	PCAPNG_PROCESS = (int)0x80000001, /* Apple's */
};

/* Options of more than one kind of block have the number of their block. */
enum pcapng_option {
	PCAPNG_COMMENT = 1,
	PCAPNG_SECTION_OS = 3,
	PCAPNG_SECTION_PROGRAM = 4,
	PCAPNG_INTERFACE_NAME = 2,
	PCAPNG_INTERFACE_TSRESOL = 9,
	PCAPNG_INTERFACE_OS = 12,
	PCAPNG_PACKET_FLAGS = 2, /* bits 0 and 1: 1 inbound, 2 outbound */
	PCAPNG_PACKET_TASK = 8,  /* pid and tid */
	PCAPNG_PACKET_PROCESS = 0x8001,
	PCAPNG_PROCESS_NAME = 2,
	PCAPNG_STATISTICS_RECEIVED = 4,
	PCAPNG_STATISTICS_DROPPED = 5,
};

void pcapng_begin(struct pcapng_block *block);
void pcapng_u16(struct pcapng_block *block, uint16_t value);
void pcapng_u32(struct pcapng_block *block, uint32_t value);
/* In two halves, the high one first, in nanoseconds. */
void pcapng_time(struct pcapng_block *block, uint64_t ns);
/* Padded to four bytes. */
void pcapng_bytes(struct pcapng_block *block, const void *bytes, uint32_t len);
void pcapng_option(struct pcapng_block *block, enum pcapng_option option,
		   const void *bytes, uint16_t len);
void pcapng_option_text(struct pcapng_block *block, enum pcapng_option option,
			const char *text);
/* After the last option. */
void pcapng_end_of_options(struct pcapng_block *block);
/* Returns the bytes of the block in the file. Errors stay in ferror(@out). */
size_t pcapng_write(FILE *out, enum pcapng_type type,
		    const struct pcapng_block *block);

/*
 * Whole blocks, composed in @block. A section comes first, then its one interface,
 * of Linux cooked packets (LINUX_SLL2) with times in nanoseconds. @os: the
 * kernel. @comment: of @len bytes, or none if 0.
 */
size_t pcapng_write_section(FILE *out, struct pcapng_block *block,
			    const char *os, const char *comment, size_t len);
size_t pcapng_write_interface(FILE *out, struct pcapng_block *block,
			      const char *name, const char *os);
/* How many packets the interface passed on until @ns, and how many it lost. */
size_t pcapng_write_statistics(FILE *out, struct pcapng_block *block,
			       uint64_t ns, uint64_t received,
			       uint64_t dropped);

/*
 * A packet of @len bytes at @ns since 1970, of which @captured are kept, at most
 * PCAPNG_CAPTURED_MOST.
 */
struct pcapng_packet {
	uint64_t ns;
	const void *bytes;
	uint32_t captured, len;
	bool outgoing;
};

/* Of a block with these options: bytes in the file besides the packet, at most. */
#define PCAPNG_PACKET_FRAME 47

/* Begins @block with it. More options may follow, and their end must. */
void pcapng_packet(struct pcapng_block *block,
		   const struct pcapng_packet *packet);

#endif
