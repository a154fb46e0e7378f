// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Connects a UDP socket, and reads two values before and after: the socket's
 * local address (getsockname(2)), and the number of datagrams that this network
 * namespace has sent (Udp: OutDatagrams in /proc/net/snmp).
 *
 *	udp-connect 10.0.0.2 9007 [MESSAGE]
 *
 * Then it sends MESSAGE (HELLO) and reads the echo, to show that the counter counts.
 * Compare ../03-tcp-connect/tcp-connect.c.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "udp-connect: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

/* The column "OutDatagrams": a line of names, then a line of numbers. */
static unsigned long out_datagrams(void)
{
	unsigned long in, no_port, in_errors, out = 0;
	FILE *file = fopen("/proc/net/snmp", "re");
	char line[512];

	if (!file)
		die("/proc/net/snmp");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "Udp: %lu %lu %lu %lu", &in, &no_port,
			   &in_errors, &out) == 4)
			break;
	fclose(file);
	return out;
}

static void look(int fd, const char *when)
{
	struct sockaddr_in local = {0};
	socklen_t len = sizeof(local);
	char address[INET_ADDRSTRLEN];

	if (getsockname(fd, (struct sockaddr *)&local, &len))
		die("getsockname");
	inet_ntop(AF_INET, &local.sin_addr, address, sizeof(address));
	printf("%-15s local %s:%u, OutDatagrams %lu\n", when, address,
	       ntohs(local.sin_port), out_datagrams());
}

int main(int argc, char **argv)
{
	struct sockaddr_in peer = {.sin_family = AF_INET};
	const char *message = argc == 4 ? argv[3] : "HELLO";
	size_t bytes = strlen(message);
	struct timeval limit = {.tv_sec = 5};
	char buffer[1024];
	ssize_t n;
	int fd;

	if (argc < 3 || argc > 4 ||
	    inet_pton(AF_INET, argv[1], &peer.sin_addr) != 1) {
		fprintf(stderr, "usage: udp-connect ADDRESS PORT [MESSAGE]\n");
		return 64;
	}
	peer.sin_port = htons((unsigned short)atoi(argv[2]));
	setlinebuf(stdout); /* in order with what stderr says */
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));

	look(fd, "before connect:");
	if (connect(fd, (struct sockaddr *)&peer, sizeof(peer)))
		die("connect");
	look(fd, "after connect:");
	if (write(fd, message, bytes) != (ssize_t)bytes)
		die("write");
	look(fd, "after write:");
	n = read(fd, buffer, sizeof(buffer));
	if (n < 0)
		die("read");
	printf("%-15s %zd bytes\n", "read:", n);
	return 0;
}
