/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Dials as Go's net.Dial does, which the article uses: the socket is
 * non-blocking, so connect(2) returns at once, and poll(2) waits for the
 * result. Then it closes; with a MESSAGE it writes that first.
 *
 *	dial [-b] udp|tcp ADDRESS PORT [MESSAGE]
 *
 * -b: the socket blocks. Out: "dialled: udp LOCAL->PEER". Labs 05 and 07 use
 * it, too. Compare ../../echo/echo-client.c, whose socket blocks while it
 * connects.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIMIT_MS 5000

static void die(const char *what, int err)
{
	fprintf(stderr, "dial: %s: %s\n", what, strerror(err));
	exit(EXIT_FAILURE);
}

/* Waits until the handshake has ended, and asks how. 0 or an errno. */
static int finish_connect(int fd)
{
	struct pollfd writable = {.fd = fd, .events = POLLOUT};
	int result = 0, ready;
	socklen_t len = sizeof(result);

	ready = poll(&writable, 1, LIMIT_MS);
	if (ready <= 0)
		return ready ? errno : ETIMEDOUT;
	/* writable: it has succeeded or failed (connect(2), EINPROGRESS) */
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &result, &len))
		return errno;
	return result;
}

/* A connected socket. UDP and TCP differ in nothing but type. */
static int dial(int type, const struct sockaddr_in *peer)
{
	int fd, err = 0;

	fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket", errno);
	if (connect(fd, (const struct sockaddr *)peer, sizeof(*peer)))
		err = errno == EINPROGRESS ? finish_connect(fd) : errno;
	if (err)
		die("connect", err);
	return fd;
}

/* Prints both ends: the address that connect(2) chose, and the peer. */
static void report(int fd, char **argv)
{
	struct sockaddr_in local = {0};
	socklen_t len = sizeof(local);
	char text[INET_ADDRSTRLEN];

	if (getsockname(fd, (struct sockaddr *)&local, &len))
		die("getsockname", errno);
	inet_ntop(AF_INET, &local.sin_addr, text, sizeof(text));
	printf("dialled: %s %s:%u->%s:%s\n", argv[1], text,
	       ntohs(local.sin_port), argv[2], argv[3]);
}

static void usage(void)
{
	fprintf(stderr, "usage: dial [-b] udp|tcp ADDRESS PORT [MESSAGE]\n");
	exit(64);
}

int main(int argc, char **argv)
{
	struct sockaddr_in peer = {.sin_family = AF_INET};
	int type = SOCK_NONBLOCK, fd;

	if (argc > 1 && strcmp(argv[1], "-b") == 0) {
		type = 0;
		argc--;
		argv++;
	}
	if (argc < 4 || argc > 5 ||
	    inet_pton(AF_INET, argv[2], &peer.sin_addr) != 1)
		usage();
	if (strcmp(argv[1], "tcp") == 0)
		type |= SOCK_STREAM;
	else if (strcmp(argv[1], "udp") == 0)
		type |= SOCK_DGRAM;
	else
		usage();
	peer.sin_port = htons((unsigned short)atoi(argv[3]));

	fd = dial(type, &peer);
	report(fd, argv);
	if (argc == 5 && write(fd, argv[4], strlen(argv[4])) < 0)
		die("write", errno);
	close(fd);
	return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
