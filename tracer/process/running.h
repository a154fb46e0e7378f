/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The process of -p: does it exist, does it run, and can it make system calls?
 * This is checked before anything is attached, because a run that follows no
 * process would wait for calls forever.
 */
#ifndef DIALTONE_RUNNING_H
#define DIALTONE_RUNNING_H

#include "target.h"

/*
 * EX_OK if @target has no -p, or a process that can be followed; else it prints
 * the problem, in one line, and returns EX_USAGE.
 */
int running_check(const struct target *target);

#endif
