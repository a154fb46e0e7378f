/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Addresses of programs to names: "connect+0x14 [libc.so.6]".
 *
 *   in:  addresses, and which file was mapped there (mappings.h)
 *   out: names from the file's symbols, through libdwfl of elfutils
 */
#ifndef DIALTONE_USER_SYMBOLS_H
#define DIALTONE_USER_SYMBOLS_H

#include "mappings.h"
#include "stack_names.h"

struct user_file;

struct user_symbols {
	struct user_namer namer; /* its user's view of this */
	const struct mappings *mappings;
	struct user_file *files; /* those that were opened */
	uint64_t unknown;        /* addresses in no mapping that is known */
};

/* @mappings must last as long. Files are opened when they are needed. */
void user_symbols_init(struct user_symbols *symbols,
		       const struct mappings *mappings);
void user_symbols_fini(struct user_symbols *symbols);

#endif
