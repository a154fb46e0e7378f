// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The cleanup helper. See cleanup.h. */
#include "cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void close_between(int first, int last)
{
	/* the wrapper came with glibc 2.34, the call with Linux 5.9 */
	if (first <= last)
		syscall(SYS_close_range, first, last, 0);
}

/*
 * No other process waits for the end of a pipe that this one holds: neither a
 * held command nor a reader of the tracer's output.
 */
static void close_all_but(int alive, int keep)
{
	int low = keep >= 0 && keep < alive ? keep : alive;
	int high = keep > alive ? keep : alive;
	int nothing = open("/dev/null", O_RDWR);

	for (int fd = 0; fd <= 2; fd++)
		if (fd != alive && fd != keep)
			dup2(nothing, fd);
	close_between(3, low - 1);
	close_between((low > 2 ? low : 2) + 1, high - 1);
	close_between((high > 2 ? high : 2) + 1, INT_MAX);
}

/*
 * If memory runs out, the kernel kills the tracer first, and not this process.
 */
static void outlive(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "-1000", 5) < 0)
		errno = 0; /* not permitted: go on without it */
	close(fd);
}

static void wait_and_clean(int alive, int (*put_back)(void *), void *argument)
{
	sigset_t all;
	char byte;
	ssize_t got;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	do {
		got = read(alive, &byte, 1);
	} while (got < 0 && errno == EINTR);
	_exit(-put_back(argument) & 0xff);
}

static int start(struct cleanup *cleanup, int (*put_back)(void *argument),
		 void *argument, int keep, int ready)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	cleanup->pid = fork();
	if (cleanup->pid < 0) {
		int err = -errno;

		cleanup->pid = 0;
		close(ends[0]);
		close(ends[1]);
		return err;
	}
	if (cleanup->pid == 0) {
		setsid();
		prctl(PR_SET_NAME, "tracer-cleanup");
		outlive();
		close_all_but(ends[0], keep); /* @ready too, which says so */
		wait_and_clean(ends[0], put_back, argument);
	}
	close(ends[0]);
	cleanup->alive = ends[1];
	close(ready);
	return 0;
}

int cleanup_start(struct cleanup *cleanup, int (*put_back)(void *argument),
		  void *argument, int keep)
{
	int ready[2], err;
	char byte;

	*cleanup = (struct cleanup){.alive = -1};
	if (pipe2(ready, O_CLOEXEC))
		return -errno;
	err = start(cleanup, put_back, argument, keep, ready[1]);
	if (err)
		close(ready[1]);
	else if (read(ready[0], &byte, 1) != 0) /* until its end is closed */
		err = -errno;
	close(ready[0]);
	return err;
}

int cleanup_end(struct cleanup *cleanup)
{
	pid_t pid = cleanup->pid;
	int status;

	if (pid == 0)
		return -ECHILD;
	cleanup->pid = 0;
	close(cleanup->alive);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -ESRCH;
}
