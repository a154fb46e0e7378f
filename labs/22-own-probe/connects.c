/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Calls connect(2) as often as asked, and lets a child do so, too.
 *
 *	connects PORT TIMES ... unspec TIMES inet6 TIMES child TIMES
 *
 * PORT is one of 127.0.0.1. The child calls connect(2) with the last PORT.
 *
 * Out: nothing; sockets of UDP, so nothing is sent. Exit status: 0; 1 if a call
 * fails.
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int dial(int family, int port, int times)
{
	struct sockaddr_in inet = {.sin_family = (sa_family_t)family,
				   .sin_port = htons((uint16_t)port),
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 inet6 = {.sin6_family = AF_INET6,
				     .sin6_port = inet.sin_port,
				     .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	const void *address = family == AF_INET6 ? (void *)&inet6 : &inet;
	int fd = socket(family == AF_INET6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0);
	int failed = fd < 0;

	/* 127.0.0.1 is there in every namespace, ::1 is not: that may fail */
	while (!failed && times--)
		failed = connect(fd, address,
				 family == AF_INET6 ? sizeof(inet6) :
						      sizeof(inet)) < 0 &&
			 family != AF_INET6;
	close(fd);
	return failed;
}

int main(int argc, char **argv)
{
	int i, times, port = 9, failed = 0;

	for (i = 1; i + 1 < argc; i += 2) {
		times = atoi(argv[i + 1]);
		if (!strcmp(argv[i], "unspec"))
			failed |= dial(AF_UNSPEC, 0, times);
		else if (!strcmp(argv[i], "inet6"))
			failed |= dial(AF_INET6, port, times);
		else if (strcmp(argv[i], "child") != 0)
			failed |= dial(AF_INET, port = atoi(argv[i]), times);
		else if (fork() == 0)
			_exit(dial(AF_INET, port, times));
	}
	while (wait(NULL) > 0)
		;
	return failed;
}
