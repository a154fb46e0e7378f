// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The signals that end a run. See signals.h. */
#include "signals.h"

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void caught(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

int signals_catch(void)
{
	sigset_t set;

	caught(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

void signals_release(int fd)
{
	struct signalfd_siginfo info;
	sigset_t set;

	while (read(fd, &info, sizeof(info)) > 0)
		;
	caught(&set);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}
