/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lab 09: three ways not to wait for ever.
 *
 *	program timeo   ADDRESS PORT MS    UDP: read(2) under SO_RCVTIMEO
 *	program poll    ADDRESS PORT MS    UDP: poll(2), then recv(2)
 *	program connect ADDRESS PORT MS    TCP: connect(2) that does not wait
 *
 * A datagram may be lost, and so may its answer: a read without a deadline then
 * waits for ever. In: at most one answer. Out: a line that says how the call
 * ended, and after how many milliseconds.
 *
 * Compare echo/net.c, net_wait(), and why the echo pair uses that one; and
 * echo/client_tcp.c for a connect under a deadline.
 *
 * The solution, from which start.c is cut. After each part that was YOURS to
 * write comes the code that it WAS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Milliseconds of a clock that nobody sets (clock_gettime(2)). */
static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/*
 * Reads once; the kernel keeps the time. Bytes read, or -errno: -EAGAIN when
 * nothing came within `ms`, which must be above 0.
 */
static ssize_t read_timeo(int fd, void *buffer, size_t size, long ms)
{
	ssize_t n;

	/* YOURS 1: limit each read of this socket (SO_RCVTIMEO, socket(7)). */
	const struct timeval limit = {
		.tv_sec = ms / 1000,
		.tv_usec = ms % 1000 * 1000, /* a million would be EDOM */
	};

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) < 0)
		return -errno;
	/* WAS: (void)ms; */
	n = read(fd, buffer, size);
	return n < 0 ? -errno : n;
}

/*
 * Waits until a socket is ready for one of poll(2)'s `events`, or has failed.
 * 0, -ETIMEDOUT when `ms` are over, or -errno. A signal does not prolong it.
 */
static int wait_ready(int fd, short events, long ms)
{
	/* YOURS 2: wait, but not for ever (poll(2)); handle EINTR. */
	const int64_t end = now_ms() + ms;
	struct pollfd ready = {.fd = fd, .events = events};
	int64_t left;
	int n;

	do {
		left = end - now_ms(); /* after a signal: what is left of it */
		n = poll(&ready, 1, left > 0 ? (int)left : 0);
	} while (n < 0 && errno == EINTR);
	if (n == 0) /* poll(2) has no error for it: we choose one */
		return -ETIMEDOUT;
	return n < 0 ? -errno : 0;
	/*
	 * WAS:
	 * (void)fd;
	 * (void)events;
	 * (void)ms;
	 * return 0;
	 */
}

/* Reads once; we keep the time. Bytes read, -ETIMEDOUT, or -errno. */
static ssize_t read_poll(int fd, void *buffer, size_t size, long ms)
{
	int err = wait_ready(fd, POLLIN, ms);
	ssize_t n;

	if (err)
		return err;
	n = recv(fd, buffer, size, 0);
	return n < 0 ? -errno : n;
}

/*
 * Connects a TCP socket within `ms`, and leaves it as it was: blocking.
 * 0, -ETIMEDOUT when the time is over, or -errno: -ECONNREFUSED...
 */
static int connect_within(int fd, const struct sockaddr_in *to, long ms)
{
	int err = 0;

	/*
	 * YOURS 3: let connect(2) only begin (O_NONBLOCK, fcntl(2)), wait with
	 * your wait_ready() until the socket is writable, and ask how it went
	 * (SO_ERROR, socket(7)).
	 */
	const int flags = fcntl(fd, F_GETFL);
	socklen_t err_len = sizeof(err);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0)
		err = errno;
	if (err == EINPROGRESS) /* the SYN is sent, and we do not sleep */
		err = -wait_ready(fd, POLLOUT, ms);
	if (!err) /* writable means: it is decided. Which way? */
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &err_len);
	if (fcntl(fd, F_SETFL, flags) < 0) /* else later reads do not wait */
		return -errno;
	/*
	 * WAS:
	 * (void)ms;
	 * if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0)
	 *	err = errno;
	 */
	return -err;
}

/* Says how a call ended: "poll: 5 bytes after 100 ms". 0 if it succeeded. */
static int report(const char *call, ssize_t result, int64_t began_ms)
{
	const long long after = now_ms() - began_ms;

	if (result < 0)
		printf("%s: %s after %lld ms\n", call, strerror((int)-result),
		       after);
	else
		printf("%s: %zd bytes after %lld ms\n", call, result, after);
	return result < 0;
}

/* UDP: asks, and waits for the answer in one of the two ways. */
static int ask(int fd, const char *way, const struct sockaddr_in *to, long ms)
{
	char answer[1024];
	int64_t began = now_ms();
	ssize_t n;

	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0 ||
	    write(fd, "HELLO", 5) < 0)
		return report("ask", -errno, began);
	if (!strcmp(way, "poll"))
		n = read_poll(fd, answer, sizeof(answer), ms);
	else
		n = read_timeo(fd, answer, sizeof(answer), ms);
	return report(way, n, began);
}

/* TCP: connects, and then waits as long again for the server's first words. */
static int dial(int fd, const struct sockaddr_in *to, long ms)
{
	char greeting[1024];
	int64_t began = now_ms();
	ssize_t n = connect_within(fd, to, ms);

	if (report("connect", n, began))
		return 1;
	began = now_ms();
	n = read_timeo(fd, greeting, sizeof(greeting), ms);
	return report("greeting", n, began);
}

static void on_signal(int signo)
{
	(void)signo; /* nothing to do: the signal ends poll(2) with EINTR */
}

int main(int argc, char **argv)
{
	const struct sigaction usr1 = {.sa_handler = on_signal};
	struct sockaddr_in to = {.sin_family = AF_INET};
	int fd, tcp;
	long ms;

	if (argc != 5 || inet_pton(AF_INET, argv[2], &to.sin_addr) != 1 ||
	    (ms = atol(argv[4])) <= 0) {
		fprintf(stderr,
			"usage: %s timeo|poll|connect ADDRESS PORT MS\n",
			argv[0]);
		return 64;
	}
	to.sin_port = htons((uint16_t)atoi(argv[3]));
	tcp = !strcmp(argv[1], "connect");
	sigaction(SIGUSR1, &usr1, NULL);
	setvbuf(stdout, NULL, _IOLBF, 0); /* writes each line at once */

	fd = socket(AF_INET, tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
	if (fd < 0)
		return report("socket", -errno, now_ms());
	return tcp ? dial(fd, &to, ms) : ask(fd, argv[1], &to, ms);
}
