/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The command after `--`: started, but held before its first instruction until
 * the probes are attached; run as the user who called sudo (privileges.h).
 */
#ifndef DIALTONE_CHILD_H
#define DIALTONE_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "record/record.h"
#include "target.h"

/*
 * Where the command's standard output goes. Its standard error goes with it if it
 * is marked and both are the same file.
 */
enum child_output {
	CHILD_STDOUT, /* as it is */
	CHILD_STDERR, /* to standard error: our standard output is data */
	CHILD_MARKED, /* as it is, but each line is marked: relay.h */
};

struct child {
	const char *name; /* the command; NULL: it was never run */
	pid_t pid;        /* 0: no process */
	int pidfd;        /* readable when it has ended; -1 */
	int go;           /* a byte into it lets the command run; -1 */
	int error;        /* the child writes here why exec failed; -1 */
	pid_t relay;      /* passes on its output; 0: no process does */
	int passed;       /* readable when its output is passed on; or <= 0 */
};

#define CHILD_NONE                                 \
	{                                          \
		.pidfd = -1, .go = -1, .error = -1 \
	}

/*
 * Looks for @command as execvp(3) does: 0, or -errno (ENOENT, EACCES). Call it first,
 * so that a typing error is reported before anything is attached.
 */
int child_find(const char *command);

/*
 * Forks the command of @target, if there is one, and holds it; from now on
 * @target follows it and its children. EX_OK, or the exit status after it has
 * printed why the command cannot be run.
 */
int child_hold(struct child *child, struct target *target,
	       enum child_output output);

/* Lets it run. 0, or -errno from execvp(3) in the child. */
int child_run(struct child *child);

/*
 * Prints that @command cannot be run. Returns the exit status as a shell would:
 * 127 if there is no such command, 126 for other errors.
 */
int child_cannot_run(const char *command, int err);

/*
 * After it has ended: waits until what it printed is passed on, so that the
 * tracer's own output comes after it. It does not wait long, because the
 * command's children may go on printing.
 */
void child_settle(struct child *child);

/* Has it ended, and how? It is not reaped. */
bool child_ended(const struct child *child, struct record_ended *ended);

/*
 * Ends it if it still runs (SIGTERM, after a second SIGKILL), and reaps it.
 * Prints on standard error how it ended, unless with status 0; or that it now
 * runs as another user (sudo, su), cannot be signalled by this process, and is
 * still running.
 */
void child_end(struct child *child);

#endif
