/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where the counted functions are: kernel addresses to entries of the counts.
 *
 * One name may stand for several functions (static ones of different files);
 * they are counted together. The kernel identifies a function by its beginning
 * or by the place of its call to __fentry__, a few bytes on: an address means
 * the nearest site.
 *
 *   in:  places of functions (available_filter_functions_addrs), exact, or
 *        /proc/kallsyms where the kernel does not have that file
 *   out: the entry of an address
 */
#ifndef DIALTONE_SITES_H
#define DIALTONE_SITES_H

#include "counts.h"

struct site {
	uint64_t address;
	struct count *count;
};

struct sites {
	struct site *sites; /* sorted by address */
	size_t len, room;
	size_t unplaced; /* counted functions without an address */
};

/*
 * Finds what @counts has among the places of @functions, or, if these have
 * none, in @kallsyms. @counts must last and keep its order. 0, -ENOMEM, -EPERM
 * if the kernel hides its addresses (kernel.kptr_restrict), -ENODATA if none
 * was found, or what fopen(3) says.
 */
int sites_load(struct sites *sites, const struct counts *counts,
	       const struct functions *functions, const char *kallsyms);
void sites_fini(struct sites *sites);

/* The entry of the function at @address, or NULL. */
struct count *sites_find(const struct sites *sites, uint64_t address);

#endif
