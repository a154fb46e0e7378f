// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A server that listens and never accepts.
 *
 *	listen-only ADDRESS PORT
 *
 * It prints "listening" when it does, and then waits for a signal to end it.
 * Lab 03 shows that clients connect to it all the same: the kernel performs the
 * handshake. Compare tcp-connect.c, and echo/server_tcp.c, which accepts.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
	struct sockaddr_in own = {.sin_family = AF_INET};
	int fd;

	if (argc != 3 || inet_pton(AF_INET, argv[1], &own.sin_addr) != 1) {
		fprintf(stderr, "usage: listen-only ADDRESS PORT\n");
		return 64;
	}
	own.sin_port = htons((unsigned short)atoi(argv[2]));
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("listen-only: socket");
	if (bind(fd, (struct sockaddr *)&own, sizeof(own)))
		die("listen-only: bind");
	if (listen(fd, 5)) /* from here on the kernel answers SYN */
		die("listen-only: listen");
	printf("listening\n");
	fflush(stdout);
	for (;;)
		pause();
}
