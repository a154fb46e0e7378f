/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How often each function was called, and in which context. Pure: numbers come
 * from one of the two backends, tables go to the views.
 *
 *   in:  the functions of this kernel and the globs over them; calls
 *   out: for each glob its functions, most called first, and totals
 */
#ifndef DIALTONE_COUNTS_H
#define DIALTONE_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/functions.h"

#define COUNT_GLOBS 8

/*
 * The bit of a canary: a function that the user did not ask for and that is
 * counted because its callers are known. It is in no table and no total.
 */
#define COUNT_CANARY (1u << 31)

/*
 * In which context did it run? The kernel serves interrupts and softirqs on top
 * of the task that was running: such a call is not the task's own.
 */
enum count_context {
	COUNT_TASK,    /* in a system call, or on the way out of one */
	COUNT_SOFTIRQ, /* packets that arrive, timers */
	COUNT_HARDIRQ, /* and non-maskable interrupts */
	COUNT_CONTEXTS,
};

struct count {
	const char *name;
	uint32_t globs; /* a bit for each that matches it, or COUNT_CANARY */
	uint64_t calls[COUNT_CONTEXTS]; /* by followed tasks */
	uint64_t control;               /* by the tracer's self-tests */
};

struct counts {
	const char *const *globs;
	size_t globs_len;
	struct count *counts; /* in the order of the names, until sorted */
	size_t len;
	size_t matched[COUNT_GLOBS]; /* functions, by glob */
	uint64_t unknown; /* calls of a function that has no name here */
	bool cut;         /* the run is over: only the control counts on */
};

struct count_total {
	size_t matched, called;
	uint64_t calls[COUNT_CONTEXTS];
};

/*
 * Takes those of @functions that one of the @globs matches. Both must last.
 * 0; -ENOMEM; -E2BIG: more than COUNT_GLOBS.
 */
int counts_init(struct counts *counts, const struct functions *functions,
		const char *const globs[], size_t globs_len);
void counts_fini(struct counts *counts);

/*
 * Also counts a canary: the first function of @names that this kernel has.
 * @names ends with NULL. Returns its name; NULL if there is none, or no memory.
 */
const char *counts_canary(struct counts *counts,
			  const struct functions *functions,
			  const char *const names[]);

/* The entry of @name, or NULL. Not after counts_sort(). */
struct count *counts_find(const struct counts *counts, const char *name);

/* Adds calls by followed tasks, or by the self-tests. */
void counts_add(struct counts *counts, struct count *count,
		enum count_context context, uint64_t calls);
void counts_add_control(struct count *count, uint64_t calls);

/*
 * Resets the calls to 0, for a backend that reports totals. @counts->cut stays.
 */
void counts_zero(struct counts *counts);

/* All calls by followed tasks, in every context. */
uint64_t count_calls(const struct count *count);

/* Most called first; equal counts by name. */
void counts_sort(struct counts *counts);

/*
 * The total of glob number @glob. With @glob = globs_len, the total of all
 * globs, in which each function counts once.
 */
struct count_total counts_total(const struct counts *counts, size_t glob);

/* How many of the functions that the user asked for the self-tests called. */
size_t counts_controlled(const struct counts *counts);

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
 * was found, or the error of fopen(3).
 */
int sites_load(struct sites *sites, const struct counts *counts,
	       const struct functions *functions, const char *kallsyms);
void sites_fini(struct sites *sites);

/* The entry of the function at @address, or NULL. */
struct count *sites_find(const struct sites *sites, uint64_t address);

#endif
