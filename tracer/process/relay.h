/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the traced command prints, marked, so that a reader can distinguish it
 * from what the tracer prints: "│ " before each line. A process of its own
 * passes it on, so that the command never waits for the tracer.
 */
#ifndef DIALTONE_RELAY_H
#define DIALTONE_RELAY_H

#include <sys/types.h>

/*
 * Forks it, as the command's user. @into is where the command must write: a
 * terminal if standard output is one, else a pipe. @done is readable when all
 * is passed on. Standard output now writes each line at once, so that no line
 * is cut. Returns its pid, or -errno.
 */
pid_t relay_start(int *into, int *done);

#endif
