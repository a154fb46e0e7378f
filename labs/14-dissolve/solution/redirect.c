/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lab 14: one socket, two peers, one after the other.
 *
 *	program udp|tcp read|leave FIRST PORT SECOND PORT [OWN PORT]
 *	program udp read 127.0.0.1 9007 10.0.0.2 9008
 *
 * It connects to FIRST and asks it; the answer is read, or left in the queue.
 * Then it dissolves the connection, and asks SECOND with the same socket. With
 * OWN PORT the socket is bound before.
 *
 * connect(2) with the address family AF_UNSPEC dissolves a connection. The
 * library resolver does so while it sorts addresses (lab 10).
 *
 * In: at most two answers. Out: a line for each step, with both addresses of the
 * socket. Compare 02-udp-connect/udp-connect.c.
 *
 * The solution, from which start.c is cut. After each part that was YOURS to
 * write comes the code that it WAS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MS 1000

/* Prints "dissolve: local 0.0.0.0:0, peer none". */
static void look(int fd, const char *step)
{
	struct sockaddr_in local = {0}, peer = {0};
	socklen_t local_len = sizeof(local), peer_len = sizeof(peer);
	char address[INET_ADDRSTRLEN];

	getsockname(fd, (struct sockaddr *)&local, &local_len);
	inet_ntop(AF_INET, &local.sin_addr, address, sizeof(address));
	printf("%s: local %s:%u, ", step, address, ntohs(local.sin_port));
	if (getpeername(fd, (struct sockaddr *)&peer, &peer_len) < 0) {
		puts("peer none");
		return;
	}
	inet_ntop(AF_INET, &peer.sin_addr, address, sizeof(address));
	printf("peer %s:%u\n", address, ntohs(peer.sin_port));
}

/* Prints "write: Destination address required"; returns whether it failed. */
static int failed(const char *call, int err)
{
	if (err)
		printf("%s: %s\n", call, strerror(-err));
	return err != 0;
}

/* Dissolves the connection; the socket stays open. 0 or -errno. */
static int dissolve(int fd)
{
	/* YOURS 1: connect(2) to an address of the family AF_UNSPEC. */
	const struct sockaddr nobody = {.sa_family = AF_UNSPEC};

	if (connect(fd, &nobody, sizeof(nobody)) < 0)
		return -errno;
	/* WAS: (void)fd; */
	return 0;
}

/* Forgets what the old peer has left in a UDP socket. */
static void forget(int fd)
{
	/*
	 * YOURS 2: an error may be pending (SO_ERROR, socket(7)), and datagrams
	 * may be in the queue (recv(2), MSG_DONTWAIT). Both would be taken for
	 * the next peer's.
	 */
	char bytes[2048];
	int err;
	socklen_t len = sizeof(err);
	ssize_t n;

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len); /* this clears it */
	while ((n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) >= 0)
		printf("forgot: %zd bytes\n", n);
	/* WAS: (void)fd; */
}

/* Asks the peer. With `read` set it waits for the answer and reads it. */
static int ask(int fd, int read)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	char bytes[2048];
	ssize_t n;

	if (send(fd, "HELLO", 5, MSG_NOSIGNAL) < 0)
		return -errno;
	if (poll(&ready, 1, ANSWER_MS) == 0)
		return -ETIMEDOUT;
	if (!read)
		return 0;
	n = recv(fd, bytes, sizeof(bytes), 0);
	if (n < 0)
		return -errno;
	printf("answer: %zd bytes\n", n);
	return 0;
}

static int connect_to(int fd, const struct sockaddr_in *to)
{
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0)
		return -errno;
	look(fd, "connect");
	return 0;
}

/* The steps, with one socket. 0, or 1 if one has failed. */
static int both(int fd, int udp, int read, const struct sockaddr_in *first,
		const struct sockaddr_in *second)
{
	look(fd, "socket");
	if (failed("connect", connect_to(fd, first)) ||
	    failed("ask", ask(fd, read)) || failed("dissolve", dissolve(fd)))
		return 1;
	look(fd, "dissolve");
	if (udp && send(fd, "NOBODY", 6, MSG_NOSIGNAL) < 0)
		failed("write", -errno); /* it must fail */
	if (udp)
		forget(fd);
	return failed("connect", connect_to(fd, second)) ||
	       failed("ask", ask(fd, 1));
}

static int parse(struct sockaddr_in *address, char **words)
{
	address->sin_family = AF_INET;
	address->sin_port = htons((uint16_t)atoi(words[1]));
	return inet_pton(AF_INET, words[0], &address->sin_addr) != 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_in first, second, own;
	int fd, udp;

	memset(&own, 0, sizeof(own));
	if ((argc != 7 && argc != 9) || parse(&first, argv + 3) ||
	    parse(&second, argv + 5) || (argc == 9 && parse(&own, argv + 7))) {
		fprintf(stderr,
			"usage: %s udp|tcp read|leave FIRST PORT SECOND PORT "
			"[OWN PORT]\n",
			argv[0]);
		return 64;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* writes each line at once */
	udp = !strcmp(argv[1], "udp");
	fd = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
	if (fd < 0 ||
	    (argc == 9 && bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0)) {
		failed("bind", -errno);
		return 1;
	}
	return both(fd, udp, !strcmp(argv[2], "read"), &first, &second);
}
