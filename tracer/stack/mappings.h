/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which file was mapped where, in which process, and when: so that an address
 * of a program can be named after the program has ended. Pure.
 *
 *   in:  mmap(2) and fork(2) as the kernel reports them, and /proc/PID/maps
 *   out: for an address, the file and the offset in it
 */
#ifndef DIALTONE_MAPPINGS_H
#define DIALTONE_MAPPINGS_H

#include <stddef.h>
#include <stdint.h>

struct mapping_process;

/* Zeroed is empty. */
struct mappings {
	struct mapping_process *processes;
};

/* An executable mapping; @path is the kernel's name for it, even "[vdso]". */
struct mapping {
	uint64_t since_ns; /* CLOCK_MONOTONIC; 0: it was there before */
	uint64_t start, end;
	uint64_t offset; /* in the file, of @start */
	const char *path;
};

/* @pid has mapped a file; the path is copied. 0 or -ENOMEM. */
int mappings_add(struct mappings *mappings, uint32_t pid,
		 const struct mapping *mapping);

/* @child begins at @ns with what its parent has mapped. 0 or -ENOMEM. */
int mappings_fork(struct mappings *mappings, uint32_t parent, uint32_t child,
		  uint64_t ns);

/* Adds a line of /proc/PID/maps (proc(5)), as having been there before. */
int mappings_add_line(struct mappings *mappings, uint32_t pid,
		      const char *line);

/* What covered @address in @pid at @ns, the latest; NULL: nothing known. */
const struct mapping *mappings_find(const struct mappings *mappings,
				    uint32_t pid, uint64_t ns,
				    uint64_t address);

void mappings_fini(struct mappings *mappings);

#endif
