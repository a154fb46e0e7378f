/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lab 13: a server that talks with one client: the first that writes to it.
 *
 *	program ADDRESS PORT                   for example 10.0.0.2 9007
 *
 * connect(2) on a UDP socket also limits what comes in. The kernel delivers only
 * datagrams from the peer's address and port. It does not check those that are in
 * the queue already.
 *
 * In: datagrams. Out: the same bytes to the one client, and a line for every
 * datagram. Compare 08-who-wrote-to-me, which answers each sender.
 *
 * The solution, from which start.c is cut. After each part that was YOURS to
 * write comes the code that it WAS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_BYTES 1024

/* Prints "discarded: 5 bytes, 10.0.0.1:40000". */
static void report(const char *event, ssize_t bytes,
		   const struct sockaddr_in *from)
{
	char address[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &from->sin_addr, address, sizeof(address));
	printf("%s: %zd bytes, %s:%u\n", event, bytes, address,
	       ntohs(from->sin_port));
}

/* Sends bytes back to the peer. Only a connected socket has one. */
static void answer(int fd, const char *bytes, size_t count)
{
	if (write(fd, bytes, count) < 0)
		fprintf(stderr, "answer: %s\n", strerror(errno));
}

/*
 * From now on this socket receives from the peer alone. Discards the strangers'
 * datagrams in its queue, each with a line; answers the peer's datagrams there.
 * 0 or -errno.
 */
static int only_from(int fd, const struct sockaddr_in *peer)
{
	/* YOURS 1: let the kernel refuse each stranger (connect(2)). */
	if (connect(fd, (const struct sockaddr *)peer, sizeof(*peer)) < 0)
		return -errno;
	/* WAS: (void)peer; */

	/*
	 * YOURS 2: the queue may hold datagrams that came before. Take them all,
	 * without waiting (recvfrom(2), MSG_DONTWAIT). Whose are they?
	 */
	char bytes[BUFFER_BYTES];
	struct sockaddr_in from = {0};
	socklen_t len = sizeof(from);
	ssize_t n;

	while ((n = recvfrom(fd, bytes, sizeof(bytes), MSG_DONTWAIT,
			     (struct sockaddr *)&from, &len)) >= 0) {
		if (from.sin_port == peer->sin_port &&
		    from.sin_addr.s_addr == peer->sin_addr.s_addr) {
			report("received", n, &from);
			answer(fd, bytes, (size_t)n);
		} else {
			report("discarded", n, &from);
		}
		len = sizeof(from);
	}
	/* WAS: (void)fd; */
	return 0;
}

/* Takes a datagram and answers it. The kernel has checked its sender. */
static void echo_once(int fd, const struct sockaddr_in *peer)
{
	char bytes[BUFFER_BYTES];
	ssize_t n = read(fd, bytes, sizeof(bytes));

	if (n < 0) { /* the peer's kernel may refuse an answer (lab 12) */
		fprintf(stderr, "receive: %s\n", strerror(errno));
		return;
	}
	report("received", n, peer);
	answer(fd, bytes, (size_t)n);
}

/* Waits for the first datagram, and serves its sender for ever. 0 or -errno. */
static int serve(int fd)
{
	struct sockaddr_in peer = {0};
	socklen_t len = sizeof(peer);
	char bytes[BUFFER_BYTES];
	ssize_t n = recvfrom(fd, bytes, sizeof(bytes), 0,
			     (struct sockaddr *)&peer, &len);
	int err;

	if (n < 0)
		return -errno;
	report("received", n, &peer);
	err = only_from(fd, &peer);
	if (err)
		return err;
	answer(fd, bytes, (size_t)n);
	for (;;)
		echo_once(fd, &peer);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	int fd, err;

	if (argc != 3 || inet_pton(AF_INET, argv[1], &address.sin_addr) != 1) {
		fprintf(stderr, "usage: %s ADDRESS PORT\n", argv[0]);
		return 64;
	}
	address.sin_port = htons((uint16_t)atoi(argv[2]));
	setvbuf(stdout, NULL, _IOLBF, 0); /* writes each line at once */

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		fprintf(stderr, "bind: %s\n", strerror(errno));
		return 1;
	}
	printf("listening: udp %s:%s\n", argv[1], argv[2]);
	err = serve(fd);
	fprintf(stderr, "serve: %s\n", strerror(-err));
	return 1;
}
