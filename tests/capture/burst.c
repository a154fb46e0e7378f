// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * burst COUNT BYTES [PID]: sends COUNT datagrams of BYTES bytes over
 * loopback to a socket of its own, as fast as it can, and then at once SIGINT
 * to PID. Prints the microseconds from the last send to the signal, and the
 * datagrams per second.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	static char bytes[65507];
	struct sockaddr_in to = {.sin_family = AF_INET};
	socklen_t length = sizeof(to);
	double begin, sent, signalled;
	long count, size, i;
	int sock;

	if (argc < 3)
		return 64;
	count = atol(argv[1]);
	size = atol(argv[2]);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	/* its own peer: nobody answers, and nobody says "port unreachable" */
	if (sock < 0 || bind(sock, (struct sockaddr *)&to, sizeof(to)) < 0 ||
	    getsockname(sock, (struct sockaddr *)&to, &length) < 0 ||
	    connect(sock, (struct sockaddr *)&to, sizeof(to)) < 0) {
		perror("burst");
		return 1;
	}
	begin = now();
	for (i = 0; i < count; i++) {
		if (send(sock, bytes, (size_t)size, 0) != size) {
			perror("burst: send");
			return 1;
		}
	}
	sent = now();
	if (argc > 3 && kill((pid_t)atol(argv[3]), SIGINT) < 0) {
		perror("burst: kill");
		return 1;
	}
	signalled = now();
	printf("%.0f us to the signal, %.0f a second\n",
	       (signalled - sent) * 1e6, (double)count / (sent - begin));
	return 0;
}
