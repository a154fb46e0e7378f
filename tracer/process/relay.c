// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Passes on what the traced command prints. See relay.h.
 *
 *   in:  a pipe, or the master of a terminal
 *   out: the same lines on standard output, marked
 */
#include "relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

#include "ascii.h"
#include "privileges.h"

#define PROMPT_MS 100 /* half a line that nothing follows is a prompt */

struct relay {
	int from;
	const char *mark;
	char line[4096];
	size_t len;
	bool inside; /* a part of the line has been written */
};

/* One write(2), so that no line of the tracer comes between. */
static bool relay_write(struct relay *relay)
{
	struct iovec parts[] = {
		{(void *)relay->mark, relay->inside ? 0 : strlen(relay->mark)},
		{relay->line, relay->len},
	};
	ssize_t wrote;

	if (!relay->len)
		return true;
	relay->inside = relay->line[relay->len - 1] != '\n';
	relay->len = 0;
	do
		wrote = writev(STDOUT_FILENO, parts, 2);
	while (wrote < 0 && errno == EINTR);
	return wrote == (ssize_t)(parts[0].iov_len + parts[1].iov_len);
}

static bool relay_take(struct relay *relay, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		relay->line[relay->len++] = bytes[i];
		if ((bytes[i] == '\n' || relay->len == sizeof(relay->line)) &&
		    !relay_write(relay))
			return false;
	}
	return true;
}

/* Until the last writer has closed its end, or nobody reads ours. */
static void relay_run(struct relay *relay)
{
	struct pollfd from = {.fd = relay->from, .events = POLLIN};
	char bytes[4096];

	for (;;) {
		ssize_t size;

		if (relay->len && poll(&from, 1, PROMPT_MS) == 0 &&
		    !relay_write(relay))
			return;
		size = read(relay->from, bytes, sizeof(bytes));
		if (size < 0 && errno == EINTR)
			continue;
		if (size <= 0) /* EIO: of a terminal */
			break;
		if (!relay_take(relay, bytes, (size_t)size))
			return;
	}
	if ((relay->len || relay->inside) && relay->len < sizeof(relay->line))
		relay->line[relay->len++] = '\n';
	relay_write(relay);
}

/* Raw: what the command writes comes through as it is. */
static int open_terminal(int *from, int *into)
{
	struct termios raw;
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return -errno;
	if (tcgetattr(STDOUT_FILENO, &raw))
		return -errno;
	cfmakeraw(&raw);
	if (openpty(from, into, NULL, &raw, &size))
		return -errno;
	fcntl(*from, F_SETFD, FD_CLOEXEC);
	fcntl(*into, F_SETFD, FD_CLOEXEC);
	return 0;
}

static int open_pipe(int *from, int *into)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	*from = ends[0];
	*into = ends[1];
	return 0;
}

static void be_relay(int from)
{
	struct relay relay = {.from = from,
			      .mark = ascii_is_wanted() ? "| " : "│ "};

	prctl(PR_SET_NAME, "tracer-output");
	signal(SIGPIPE, SIG_IGN);
	/* it lives as long as the command does, also after Ctrl-C */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	if (!privileges_of_command())
		relay_run(&relay);
	_exit(0);
}

pid_t relay_start(int *into, int *done)
{
	int from = -1, ends[2], err;
	pid_t pid = -1;

	err = isatty(STDOUT_FILENO) ? open_terminal(&from, into) : -ENOTTY;
	if (err)
		err = open_pipe(&from, into);
	if (err)
		return err;
	if (pipe2(ends, O_CLOEXEC)) {
		err = -errno;
		goto out;
	}
	pid = fork();
	if (pid == 0) {
		close(*into);
		close(ends[0]);
		be_relay(from);
	}
	if (pid < 0)
		err = -errno;
	close(ends[1]);
	*done = ends[0];
	if (err)
		close(ends[0]);
	else
		setvbuf(stdout, NULL, _IOLBF, 0);
out:
	close(from);
	if (err)
		close(*into);
	return err ? err : pid;
}
