// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Connects a TCP socket, and reads two values before and after: the socket's
 * local address (getsockname(2)), and the number of connections that this
 * network namespace has opened (Tcp: ActiveOpens in /proc/net/snmp).
 *
 *	tcp-connect 10.0.0.2 9007 [MESSAGE]
 *
 * Then it writes MESSAGE (HELLO) and waits, a second at most, until the peer has
 * acknowledged all of it (SIOCOUTQ, tcp(7)). Compare listen-only.c at the other
 * end, and ../02-udp-connect/udp-connect.c.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "tcp-connect: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

/* The fifth column of "Tcp:": a line of names, then a line of numbers. */
static unsigned long active_opens(void)
{
	FILE *file = fopen("/proc/net/snmp", "re");
	unsigned long opens = 0;
	char line[512];

	if (!file)
		die("/proc/net/snmp");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "Tcp: %*d %*d %*d %*d %lu", &opens) == 1)
			break;
	fclose(file);
	return opens;
}

static void look(int fd, const char *when)
{
	struct sockaddr_in local = {0};
	socklen_t len = sizeof(local);
	char address[INET_ADDRSTRLEN];

	if (getsockname(fd, (struct sockaddr *)&local, &len))
		die("getsockname");
	inet_ntop(AF_INET, &local.sin_addr, address, sizeof(address));
	printf("%-15s local %s:%u, ActiveOpens %lu\n", when, address,
	       ntohs(local.sin_port), active_opens());
}

/* Bytes that the peer has not acknowledged, after a second at most. */
static int unacknowledged(int fd)
{
	struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
	int bytes = 0;

	for (int tries = 0; tries < 100; tries++) {
		if (ioctl(fd, SIOCOUTQ, &bytes))
			die("SIOCOUTQ");
		if (bytes == 0)
			break;
		nanosleep(&pause, NULL);
	}
	return bytes;
}

int main(int argc, char **argv)
{
	struct sockaddr_in peer = {.sin_family = AF_INET};
	const char *message = argc == 4 ? argv[3] : "HELLO";
	size_t bytes = strlen(message);
	int fd;

	if (argc < 3 || argc > 4 ||
	    inet_pton(AF_INET, argv[1], &peer.sin_addr) != 1) {
		fprintf(stderr, "usage: tcp-connect ADDRESS PORT [MESSAGE]\n");
		return 64;
	}
	peer.sin_port = htons((unsigned short)atoi(argv[2]));
	setlinebuf(stdout); /* in order with what stderr says */
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket");

	look(fd, "before connect:");
	if (connect(fd, (struct sockaddr *)&peer, sizeof(peer)))
		die("connect");
	look(fd, "after connect:");
	if (write(fd, message, bytes) != (ssize_t)bytes)
		die("write");
	printf("%-15s %zu bytes written, %d not acknowledged\n",
	       "after write:", bytes, unacknowledged(fd));
	return 0;
}
