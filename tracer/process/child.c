// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Runs the traced command. See child.h.
 *
 * Two pipes: one makes the child wait until the tracer is ready, the other is
 * closed by a successful exec and carries errno from a failed one.
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "privileges.h"
#include "relay.h"
#include "warn.h"

static bool is_same_file(int a, int b)
{
	struct stat one, other;

	return !fstat(a, &one) && !fstat(b, &other) &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* 0 or -errno */
static int redirect(enum child_output output, int into)
{
	bool both = is_same_file(STDOUT_FILENO, STDERR_FILENO);

	if (output == CHILD_STDERR && dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return -errno;
	if (output != CHILD_MARKED)
		return 0;
	if (dup2(into, STDOUT_FILENO) < 0 ||
	    (both && dup2(into, STDERR_FILENO) < 0))
		return -errno;
	return 0;
}

static void run_held(int go, int error, char *const argv[],
		     enum child_output output, int into)
{
	sigset_t none;
	char nothing;
	int err;

	/* before it waits, so that the tracer can end it meanwhile */
	err = privileges_of_command();
	/* end of file: the tracer has died, and nothing would be traced */
	if (read(go, &nothing, 1) != 1)
		_exit(126);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (!err)
		err = redirect(output, into);
	if (!err) {
		execvp(argv[0], argv);
		err = -errno;
	}
	/* so few bytes always fit, or the tracer is gone */
	if (write(error, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

/* Would execve(2) take the file? A folder is EACCES for it. */
static int child_try(const char *path)
{
	struct stat file;

	if (stat(path, &file))
		return -errno;
	if (!S_ISREG(file.st_mode))
		return -EACCES;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) ? -errno : 0;
}

/*
 * As execvp(3) of glibc: without PATH it searches confstr(_CS_PATH), and an empty
 * element is the working directory. It goes on after these errors, and reports
 * EACCES if there was one; after any other it stops.
 */
int child_find(const char *command)
{
	const char *dir = getenv("PATH");
	char path[PATH_MAX], standard[256] = "/bin:/usr/bin";
	int err, result = -ENOENT;
	int len;

	if (!*command)
		return -ENOENT;
	if (strchr(command, '/'))
		return child_try(command);
	if (!dir)
		confstr(_CS_PATH, standard, sizeof(standard));
	for (dir = dir ? dir : standard;; dir += len + 1) {
		len = (int)strcspn(dir, ":");
		err = -ENAMETOOLONG;
		if (snprintf(path, sizeof(path), "%.*s%s%s", len, dir,
			     len ? "/" : "", command) < (int)sizeof(path))
			err = child_try(path);
		if (!err)
			return 0;
		if (err == -EACCES)
			result = -EACCES;
		else if (err != -ENOENT && err != -ENOTDIR &&
			 err != -ENAMETOOLONG && err != -ESTALE &&
			 err != -ENODEV && err != -ETIMEDOUT)
			return err;
		if (!dir[len])
			return result;
	}
}

static int fork_held(struct child *child, char *const argv[],
		     enum child_output output)
{
	int go[2], error[2], into = -1, fork_errno, err;

	*child = (struct child){.name = argv[0],
				.pidfd = -1,
				.go = -1,
				.error = -1,
				.passed = -1};
	/* first, so that it has no end of the other pipes */
	if (output == CHILD_MARKED) {
		child->relay = relay_start(&into, &child->passed);
		if (child->relay < 0)
			return child->relay;
	}
	err = pipe2(go, O_CLOEXEC) ? -errno : 0;
	if (!err && pipe2(error, O_CLOEXEC)) {
		err = -errno;
		close(go[0]);
		close(go[1]);
	}
	if (err) {
		if (into >= 0)
			close(into);
		return err;
	}
	child->pid = fork();
	fork_errno = errno;
	if (child->pid == 0) {
		close(go[1]);
		close(error[0]);
		run_held(go[0], error[1], argv, output, into);
	}
	if (into >= 0)
		close(into);
	close(go[0]);
	close(error[1]);
	child->go = go[1];
	child->error = error[0];
	if (child->pid < 0) {
		child->pid = 0;
		return -fork_errno; /* close(2) may have changed it */
	}
	/* the wrapper came with glibc 2.36; Debian 11 has 2.31 */
	child->pidfd = syscall(SYS_pidfd_open, child->pid, 0);
	return child->pidfd < 0 ? -errno : 0;
}

int child_cannot_run(const char *command, int err)
{
	warn_line("cannot run %s: %s", *command ? command : "''",
		  strerror(-err));
	return err == -ENOENT ? 127 : 126;
}

int child_hold(struct child *child, struct target *target,
	       enum child_output output)
{
	int err;

	if (!target->command)
		return EX_OK;
	err = child_find(target->command[0]);
	if (!err)
		err = fork_held(child, target->command, output);
	if (err)
		return child_cannot_run(target->command[0], err);
	target->pid = child->pid;
	target->children = true;
	return EX_OK;
}

int child_run(struct child *child)
{
	int err = 0;

	if (write(child->go, "", 1) != 1)
		return -errno;
	close(child->go);
	child->go = -1;
	if (read(child->error, &err, sizeof(err)) != sizeof(err))
		err = 0; /* closed by exec */
	if (err)
		child->name = NULL;
	close(child->error);
	child->error = -1;
	return err;
}

/* SIGTERM, and a second later SIGKILL. 0 when it has ended, or -errno. */
static int end_running(struct child *child)
{
	struct pollfd ended = {.fd = child->pidfd, .events = POLLIN};

	if (poll(&ended, 1, 0) > 0)
		return 0;
	child->name = NULL; /* we end it: do not report how */
	if (kill(child->pid, SIGTERM))
		return -errno;
	if (poll(&ended, 1, 1000) == 0 && kill(child->pid, SIGKILL))
		return -errno;
	return 0;
}

static void reap(const struct child *child)
{
	int status;

	if (waitpid(child->pid, &status, 0) != child->pid || !child->name)
		return;
	/* of its own output's pipe, and then of ours: `| head` */
	if (child->relay && WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE)
		return;
	if (WIFSIGNALED(status))
		warn_line("%s was ended by signal %d (%s)", child->name,
			  WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		warn_line("%s exited with status %d", child->name,
			  WEXITSTATUS(status));
}

#define SETTLE_MS 200

void child_settle(struct child *child)
{
	struct pollfd passed = {.fd = child->passed, .events = POLLIN};

	if (child->passed <= 0)
		return;
	if (poll(&passed, 1, SETTLE_MS) > 0)
		waitpid(child->relay, NULL, 0); /* it is ending */
	close(child->passed);
	child->passed = -1;
}

bool child_ended(const struct child *child, struct record_ended *ended)
{
	siginfo_t info = {0};

	if (child->pid <= 0 || !child->name ||
	    waitid(P_PID, child->pid, &info, WEXITED | WNOHANG | WNOWAIT) ||
	    info.si_pid != child->pid)
		return false;
	*ended = (struct record_ended){0};
	*(info.si_code == CLD_EXITED ? &ended->status : &ended->signal) =
		(uint32_t)info.si_status;
	return true;
}

void child_end(struct child *child)
{
	const char *name = child->name;

	if (child->go >= 0) { /* it never ran: end of file ends it */
		close(child->go);
		child->name = NULL;
	}
	if (child->pid > 0) {
		if (end_running(child) == 0)
			reap(child);
		else
			warn_line("%s now runs as another user and cannot be "
				  "killed; it is still running",
				  name);
	}
	child_settle(child);
	if (child->pidfd >= 0)
		close(child->pidfd);
	if (child->error >= 0)
		close(child->error);
	*child = (struct child){.pidfd = -1, .go = -1, .error = -1};
}
