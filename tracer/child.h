/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The command behind `--`: started, but held before its first instruction until
 * the probes are attached; run as the user who called sudo (privileges.h).
 */
#ifndef DIALTONE_CHILD_H
#define DIALTONE_CHILD_H

#include <sys/types.h>

/* Where the command's standard output goes. */
enum child_output {
	CHILD_STDOUT, /* as it is */
	CHILD_STDERR, /* to standard error: ours is JSON, and no words are */
};

struct child {
	const char *name; /* the command; NULL: it was never run */
	pid_t pid;        /* 0: there is none */
	int pidfd;        /* readable when it has ended; -1 */
	int go;           /* an octet into it lets the command run; -1 */
	int error;        /* the other side says here why exec failed; -1 */
};

/*
 * Looks for @command as execvp(3) does: 0, -ENOENT or -EACCES. To be asked
 * first, so that a slip of the fingers is told before anything is attached.
 */
int child_find(const char *command);

/* Forks and holds; @argv must last. 0 or -errno. */
int child_hold(struct child *child, char *const argv[],
	       enum child_output output);

/* Lets it run. 0, or -errno from execvp(3) in the child. */
int child_run(struct child *child);

/*
 * Ends it if it still runs (SIGTERM, after a second SIGKILL), and reaps it; if
 * a signal had ended it before, that is said on standard error. 0,
 * or -EPERM: it has become another user (sudo, su), whom this process may not
 * signal, and runs on.
 */
int child_end(struct child *child);

#endif
