// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Mappings and symbols of one run. See stack_user.h.
 *
 * The kernel finds a program's frames by its frame pointers. Most C code is
 * compiled without them; then a stack ends early, or misses callers. Go code
 * has them.
 */
#include "stack_user.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mapping_watch.h"
#include "record/text.h"
#include "user_symbols.h"

struct stack_user {
	struct mapping_watch *watch;
	struct user_symbols symbols;
	char doubt[384];
};

int stack_user_open(struct stack_user **out, int map_fd,
		    const struct target *target, char why[STACK_USER_WHY])
{
	struct stack_user *user = calloc(1, sizeof(*user));
	int err = -ENOMEM;

	*out = user;
	if (user)
		err = mapping_watch_open(&user->watch, map_fd, target);
	if (err)
		snprintf(why, STACK_USER_WHY,
			 "--user cannot watch what programs map "
			 "(perf_event_open(2)): %s",
			 strerror(-err));
	else
		user_symbols_init(&user->symbols,
				  mapping_watch_all(user->watch));
	return err;
}

int stack_user_drain(struct stack_user *user)
{
	return mapping_watch_drain(user->watch);
}

struct user_namer *stack_user_namer(struct stack_user *user)
{
	return user ? &user->symbols.namer : NULL;
}

const char *stack_user_doubt(struct stack_user *user,
			     const struct stacks *stacks)
{
	size_t asked = 0, alone = 0;
	struct text text;

	for (size_t i = 0; i < stacks->len; i++) {
		asked += stacks->list[i]->context == CONTEXT_TASK;
		alone += stacks->list[i]->user_len == 1;
	}
	text_init(&text, user->doubt, sizeof(user->doubt));
	if (alone)
		text_printf(&text,
			    "%zu of %zu stacks end after one frame: no frame "
			    "pointers (compile with gcc "
			    "-fno-omit-frame-pointer)",
			    alone, asked);
	if (user->symbols.unknown)
		text_printf(&text,
			    "%s%" PRIu64 " addresses in no known file: without "
			    "frame pointers they are unreliable",
			    text.len ? "; " : "", user->symbols.unknown);
	if (user->symbols.unread)
		text_printf(&text,
			    "%s%" PRIu64 " addresses without a symbol: the "
			    "files took longer than %d s, or too much memory",
			    text.len ? "; " : "", user->symbols.unread,
			    USER_SYMBOLS_SECONDS);
	if (mapping_watch_lost(user->watch))
		text_printf(&text, "%s%" PRIu64 " mappings lost: no room",
			    text.len ? "; " : "",
			    mapping_watch_lost(user->watch));
	return user->doubt[0] ? user->doubt : NULL;
}

void stack_user_close(struct stack_user *user)
{
	if (!user)
		return;
	user_symbols_fini(&user->symbols);
	mapping_watch_close(user->watch);
	free(user);
}
