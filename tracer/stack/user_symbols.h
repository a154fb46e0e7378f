/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Addresses of programs to names: "connect+0x14 [libc.so.6]".
 *
 *   in:  addresses, and which file was mapped there (mappings.h)
 *   out: names from the file's symbols (elf_symbols.h)
 *
 * Anyone can make a file that takes long to read. So a process of its own reads
 * them all, with a limit on its memory; and after USER_SYMBOLS_SECONDS it is
 * ended, and the rest of the addresses stay without symbols.
 */
#ifndef DIALTONE_USER_SYMBOLS_H
#define DIALTONE_USER_SYMBOLS_H

#include <stdbool.h>
#include <sys/types.h>

#include "mappings.h"
#include "stacks.h"

#define USER_SYMBOLS_SECONDS 10 /* for all names of a run */

struct user_symbols {
	struct user_namer namer; /* its user's view of this */
	const struct mappings *mappings;
	uint64_t unknown;     /* addresses in no mapping that is known */
	uint64_t unread;      /* addresses whose file was not read any more */
	bool begun;           /* the process was started */
	pid_t pid;            /* 0: it has ended, or there is none */
	int socket;           /* to it */
	int64_t limit_ns;     /* its end, by CLOCK_MONOTONIC */
	unsigned int seconds; /* until then */
};

/* @mappings must last as long. Files are opened when they are needed. */
void user_symbols_init(struct user_symbols *symbols,
		       const struct mappings *mappings);
void user_symbols_fini(struct user_symbols *symbols);

#endif
