/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lab 08: an echo server that answers each sender.
 *
 *	program ADDRESS PORT                   for example 10.0.0.2 9007
 *
 * read(2) takes a datagram's bytes out of the socket, and discards the sender's
 * address. recvfrom(2) returns both. A socket that was never connected has no
 * peer of its own: each answer must name one.
 *
 * In: datagrams. Out: the same bytes to where each came from, and a line for
 * every datagram. Compare echo/server_udp.c, the same server for a network with
 * forged addresses, and echo/client_udp.c: the two calls in the other order.
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

#define BUFFER_BYTES 1024 /* what does not fit is cut off (recvfrom(2)) */

/* Prints "packet-received: bytes=5 from=10.0.0.1:40000", or "from=nobody". */
static void report(const char *event, ssize_t bytes, const char *relation,
		   const struct sockaddr_in *peer)
{
	char address[INET_ADDRSTRLEN];

	if (peer->sin_family != AF_INET) {
		printf("%s: bytes=%zd %s=nobody\n", event, bytes, relation);
		return;
	}
	inet_ntop(AF_INET, &peer->sin_addr, address, sizeof(address));
	printf("%s: bytes=%zd %s=%s:%u\n", event, bytes, relation, address,
	       ntohs(peer->sin_port));
}

/* Takes one datagram and sends it back; says what went wrong, and goes on. */
static void echo_once(int fd)
{
	char buffer[BUFFER_BYTES];
	struct sockaddr_in peer = {.sin_family = AF_UNSPEC}; /* nobody yet */
	ssize_t n;

	/*
	 * YOURS 1: take one datagram, and learn who sent it. recvfrom(2) writes
	 * an address into `peer`, if you pass it how much room there is.
	 */
	socklen_t peer_len = sizeof(peer); /* in: the room; out: what it took */

	n = recvfrom(fd, buffer, sizeof(buffer), 0, (struct sockaddr *)&peer,
		     &peer_len);
	/* WAS: n = read(fd, buffer, sizeof(buffer)); */
	if (n < 0) { /* 0 is not the end of file: a datagram may be empty */
		fprintf(stderr, "receive: %s\n", strerror(errno));
		return;
	}
	report("packet-received", n, "from", &peer);

	/* YOURS 2: send these bytes, as many as came, to that address. */
	n = sendto(fd, buffer, (size_t)n, 0, (struct sockaddr *)&peer,
		   peer_len);
	/* WAS: n = write(fd, buffer, (size_t)n); */
	if (n < 0) {
		fprintf(stderr, "answer: %s\n", strerror(errno));
		return;
	}
	report("packet-written", n, "to", &peer);
}

/* A UDP socket at this address. No listen, no accept: nobody is connected. */
static int bound_socket(const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0) {
		int err = errno; /* close(2) may change it */

		close(fd);
		return -err;
	}
	return fd;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	int fd;

	if (argc != 3 || inet_pton(AF_INET, argv[1], &address.sin_addr) != 1) {
		fprintf(stderr, "usage: %s ADDRESS PORT\n", argv[0]);
		return 64;
	}
	address.sin_port = htons((uint16_t)atoi(argv[2]));
	setvbuf(stdout, NULL, _IOLBF, 0); /* writes each line at once */

	fd = bound_socket(&address);
	if (fd < 0) {
		fprintf(stderr, "bind: %s\n", strerror(-fd));
		return 1;
	}
	printf("listening: udp %s:%s\n", argv[1], argv[2]);
	for (;;)
		echo_once(fd);
}
