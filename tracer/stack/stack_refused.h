/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A function on which the kernel refused to put a probe. */
#ifndef DIALTONE_STACK_REFUSED_H
#define DIALTONE_STACK_REFUSED_H

/*
 * Prints on standard error, in one line, why no probe could be put on @function
 * (@err: -errno), and similar names; returns the exit status.
 */
int stack_refused(const char *function, int err);

#endif
