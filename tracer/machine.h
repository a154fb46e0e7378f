/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What this machine can do: the conditions for tracing, looked at one by one,
 * each with the sentence for the person who lacks it.
 */
#ifndef DIALTONE_MACHINE_H
#define DIALTONE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#include "record.h"

struct condition {
	const char *name;    /* "kprobes" */
	bool (*holds)(void); /* looks, now */
	const char *lacking; /* what is the matter, when it does not hold */
	const char *remedy;  /* what to do about it */
	bool for_kprobes;    /* only the kprobe tier needs it */
};

/* Ends with a name of NULL; in the order in which they should be mended. */
extern const struct condition machine_conditions[];

/* The first that @tier needs and that does not hold, or NULL. */
const struct condition *machine_obstacle(enum tier tier);

/*
 * How to run the tracer with arguments @argv where all conditions hold:
 * "labs/vm/run -- tracer/tracer udp", as seen from the working directory.
 */
void machine_lab_command(char *const argv[], char *buf, size_t size);

#endif
