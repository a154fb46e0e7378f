/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What this machine can do: the conditions for tracing, checked one by one,
 * each with a sentence for a person whose machine lacks it, and a command that
 * fixes it.
 */
#ifndef DIALTONE_PREFLIGHT_H
#define DIALTONE_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "record/record.h"

/* What does not work where a condition does not hold: bits, for more than one. */
enum purpose {
	FOR_TRACING = 1 << 0, /* nothing works: exit 77 */
	FOR_KPROBES =
		1 << 1, /* the kprobe tier; the tracepoint tier does without */
	FOR_STACKS = 1 << 2, /* --stack, and tracer stack */
	FOR_COUNT = 1 << 3,  /* tracer count */
	FOR_TREE = 1 << 4,   /* tracer tree */
	FOR_GRAPH = 1 << 5,  /* tree, too: another program may begin any time */
	FOR_CAPTURE = 1 << 6, /* tracer capture */
	FOR_LABS = 1 << 7,    /* labs without root, and the lab VM */
};

struct condition {
	const char *name; /* "kprobes" */
	unsigned int purposes;
	bool (*holds)(void); /* looks, now; true if it cannot be checked */
	const char *lacking; /* the problem, if it does not hold */
	const char *remedy;  /* what fixes it; NULL: only the lab VM does */
};

/* Ends with a name of NULL; in the order in which they should be fixed. */
extern const struct condition preflight_conditions[];

/* The first that one of @purposes needs and that does not hold, or NULL. */
const struct condition *preflight_obstacle(unsigned int purposes);

/* What udp, tcp and both need in @tier, as purposes. */
unsigned int preflight_tier(enum tier tier);

/*
 * preflight_obstacle(), reported: EX_OK, or preflight_cannot_trace().
 */
int preflight_check(unsigned int purposes, char *const argv[]);

/*
 * How to run the tracer with arguments @argv where all conditions hold:
 * "labs/vm/run -- tracer/tracer udp", as seen from the working directory, each
 * word quoted for a shell. The caller frees it; NULL: no memory.
 */
char *preflight_lab_command(char *const argv[]);

/*
 * Prints why @argv cannot be run, as one line on standard error: the problem,
 * @remedy unless it is NULL, and the lab VM's command. Returns
 * EXIT_CANNOT_TRACE.
 */
int preflight_cannot_trace(const char *what, const char *remedy,
			   char *const argv[]);

/* The kernel's side (preflight_kernel.c). */
bool kernel_has_bpf(void);
bool kernel_shows_sysfs(void);
bool kernel_has_btf(void);
bool kernel_not_locked_down(void);
bool kernel_has_kprobes(void);
bool kernel_kprobes_armed(void);
bool kernel_ftrace_on(void);
bool kernel_has_tracefs(void);
bool kernel_lists_functions(void);
bool kernel_has_graph(void);
bool kernel_tracer_free(void);
bool kernel_shows_addresses(void);
bool kernel_stacks_deep(void);
bool kernel_has_user_namespaces(void);

/* This process's side (preflight_process.c). */
bool process_has_privilege(void);
bool process_not_paranoid(void);
bool process_may_lock(void);
bool process_may_capture(void);
bool process_has_descriptors(void);
bool process_has_loopback(void);
bool process_knows_time(void);
bool process_has_libbpf(void);
bool process_finds_qemu(void);

#endif
