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
 * Before anything is opened: checks the process of -p, and goes to the network
 * namespace of --netns or --container. EX_OK; or the exit status, after it has
 * printed the problem in one line.
 */
int running_begin(const struct target *target);

#endif
