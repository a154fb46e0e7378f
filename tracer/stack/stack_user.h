/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The user-space frames of a run of `tracer stack --user`: records the mappings
 * during the run, and names the addresses after it.
 */
#ifndef DIALTONE_STACK_USER_H
#define DIALTONE_STACK_USER_H

#include "process/target.h"
#include "stacks.h"

#define STACK_USER_WHY 256

struct stack_user;

/* As mapping_watch_open(); on error the reason is in @why. */
int stack_user_open(struct stack_user **user, int map_fd,
		    const struct target *target, char why[STACK_USER_WHY]);

/* To be called while the run lasts. 0 or -errno. */
int stack_user_drain(struct stack_user *user);

/* For stack_names_fill(); NULL for NULL. */
struct user_namer *stack_user_namer(struct stack_user *user);

/*
 * After all frames are named: what is missing, and why; NULL: nothing known.
 * The text lasts as long as @user.
 */
const char *stack_user_doubt(struct stack_user *user,
			     const struct stacks *stacks);

void stack_user_close(struct stack_user *user);

#endif
