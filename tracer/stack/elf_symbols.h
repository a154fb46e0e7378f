/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Places in ELF files to names: "connect+0x14 [libc.so.6]".
 *
 *   in:  paths that other users may have chosen, and offsets in the files
 *   out: names from the file's symbols, through libdwfl of elfutils
 *
 * Reading such a file may take long, and much memory: user_symbols.c gives it
 * to a process of its own.
 */
#ifndef DIALTONE_ELF_SYMBOLS_H
#define DIALTONE_ELF_SYMBOLS_H

#include <stdint.h>

#include "stacks.h"

struct elf_file;

/* Zeroed is empty. */
struct elf_symbols {
	struct elf_file *files; /* those that were opened */
};

/*
 * Opens @path for reading if it is a regular file of at most 1 GiB, no part of
 * it a symbolic link. It never waits for a FIFO, and opens no device. The
 * descriptor, or -errno: -EINVAL for another kind of file, -EFBIG.
 */
int elf_symbols_open(const char *path);

/* A place in a file that is mapped. */
struct elf_place {
	const char *path;
	uint64_t offset;   /* in the file */
	unsigned int back; /* 1: a return address, the call is before it */
};

/* The name of @place; elf_symbols_plain() where the file has no symbol. */
void elf_symbols_name(struct elf_symbols *symbols,
		      const struct elf_place *place, char buf[FRAME_NAME]);

/* "[libc.so.6]+0x1234": a place without a symbol. Opens nothing. */
void elf_symbols_plain(const struct elf_place *place, char buf[FRAME_NAME]);

void elf_symbols_fini(struct elf_symbols *symbols);

#endif
