// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The signals, and what else ends a run. See signals.h. */
#include "signals.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 50

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

static uint64_t signals_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t ending_after(double seconds)
{
	return seconds > 0 ? signals_now_ns() + (uint64_t)(seconds * 1e9) : 0;
}

bool ending_wait(const struct ending *ending)
{
	struct pollfd fds[] = {
		{ending->signals, POLLIN, 0},
		{ending->command, POLLIN, 0},
		{ending->events, POLLIN, 0},
	};

	poll(fds, 3, TICK_MS);
	return fds[0].revents || fds[1].revents ||
	       (ending->deadline_ns && signals_now_ns() >= ending->deadline_ns);
}
