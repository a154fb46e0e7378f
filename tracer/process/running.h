/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The process of -p: is it one, does it run, and can it make system calls?
 * Asked before anything is attached, for a run that follows no process would
 * wait for its calls without an end.
 */
#ifndef DIALTONE_RUNNING_H
#define DIALTONE_RUNNING_H

#include "target.h"

/*
 * EX_OK if @target has no -p, or a process that can be followed; else it says
 * what is the matter, in one line, and returns EX_USAGE.
 */
int running_check(const struct target *target);

#endif
