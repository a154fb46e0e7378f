// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sends datagrams as fast as the kernel takes them, and counts them itself: the
 * measure for what a tracer must have seen or declared lost.
 *
 *   flood SOCKETS SECONDS      prints "sent: N" and "refused: N"
 *
 * Each of the sockets is connected to a sink of its own on 127.0.0.1 that
 * nobody reads, so that what is sent is queued, or dropped at the receiver, and
 * never answered. One thread takes turns: order among the sockets is known.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define SOCKETS_MAX 64

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* A socket that is connected to a sink; the sink stays open. -1: errno. */
static int open_pair(void)
{
	struct sockaddr_in sink = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(sink);
	int in = socket(AF_INET, SOCK_DGRAM, 0);
	int out = socket(AF_INET, SOCK_DGRAM, 0);

	if (in < 0 || out < 0 || bind(in, (void *)&sink, len) ||
	    getsockname(in, (void *)&sink, &len) ||
	    connect(out, (void *)&sink, len))
		return -1;
	return out;
}

int main(int argc, char **argv)
{
	int count = argc == 3 ? atoi(argv[1]) : 0;
	double seconds = argc == 3 ? atof(argv[2]) : 0;
	unsigned long long sent = 0, refused = 0;
	int fds[SOCKETS_MAX];
	uint64_t end;

	if (count < 1 || count > SOCKETS_MAX || seconds <= 0)
		return 64;
	for (int i = 0; i < count; i++) {
		fds[i] = open_pair();
		if (fds[i] < 0) {
			perror("flood");
			return 1;
		}
	}
	end = now_ns() + (uint64_t)(seconds * 1e9);
	while (now_ns() < end)
		for (int i = 0; i < count; i++) {
			if (send(fds[i], "flood", 5, 0) == 5)
				sent++;
			else
				refused++;
		}
	printf("sent: %llu\nrefused: %llu\n", sent, refused);
	return 0;
}
