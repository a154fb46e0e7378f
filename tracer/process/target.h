/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which processes and sockets a run follows: -p, -c, --port, -a, and the
 * command after `--`. Every subcommand that traces takes these options, so they
 * are an argp(3) child.
 *
 *   in:  the options of a command line
 *   out: struct target; without options, the echo client and server
 */
#ifndef DIALTONE_TARGET_H
#define DIALTONE_TARGET_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bpf/filter.h"

struct target {
	bool everybody;
	pid_t pid;     /* 0: not by pid */
	bool children; /* of @pid */
	char comms[FILTER_COMMS][COMM_BYTES];
	unsigned int comms_len;
	bool any_netns;         /* by name: in every network namespace */
	unsigned int processes; /* room for so many; 0: FOLLOWED_MOST */
	uint16_t port;          /* 0: any */
	bool filtered;          /* -F: as with a port, sockets of any process */
	const char *netns;      /* to be entered: netns.h; NULL */
	const char *container;  /* the same; NULL */
	char **command;         /* ends with NULL; NULL: no command */
};

/*
 * The options of a child parser; its input, which the parent hands over in
 * state->child_inputs at ARGP_KEY_INIT, is a struct target, zeroed. At the end
 * of the line it reports options that cannot be combined, and ends the process.
 */
extern const struct argp target_argp;

/* The same without --port, for subcommands that see functions, not sockets. */
extern const struct argp target_task_argp;

/* Takes the argument that argp is at, and all after it, as the command. */
void target_take_command(struct target *target, struct argp_state *state);

/* Is the argument that argp is at, at ARGP_KEY_ARG, after a `--`? */
bool target_is_command(const struct argp_state *state);

/*
 * Writes into the kernel side's filter, which is zeroed, which processes are
 * followed, and which one is the tracer. @target may be a command that is held
 * already.
 */
void target_filter(const struct target *target, struct lab_filter *filter);

/* The tracer's own network namespace, by its inode number (namespaces(7)). */
uint32_t target_netns(void);

#endif
