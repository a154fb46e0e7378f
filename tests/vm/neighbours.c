// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Busy neighbours: processes and packets that have nothing to do with the
 * program under study.
 *
 *   neighbours PORT          until a signal ends it; prints "busy" once it is
 *
 * Every 5 ms (200 times a second):
 *   - it forks a child, which ends at once;
 *   - a stranger's UDP socket at 127.0.0.2:PORT, the same port at another
 *     address, sends a datagram to 127.0.0.1:PORT, and connects to it again;
 *   - one of two sockets that share 127.0.0.1:PORT + 10 by SO_REUSEPORT sends
 *     to that address, where the other one or itself receives it;
 * and every 100 ms it connects to 127.0.0.1:PORT over TCP and closes.
 *
 * The script next to it adds NAT, a qdisc, and a second tracer.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TICK_NS   5000000
#define TCP_TICKS 20

static struct sockaddr_in address(uint32_t host, int port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
				    .sin_port = htons(port),
				    .sin_addr.s_addr = htonl(host)};
}

/* A UDP socket that never blocks, bound; exits if it cannot be had. */
static int open_udp(uint32_t host, int port)
{
	struct sockaddr_in local = address(host, port);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	int on = 1;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) ||
	    bind(fd, (void *)&local, sizeof(local))) {
		perror("neighbours");
		exit(1);
	}
	return fd;
}

static void drain(int fd)
{
	char bytes[64];

	while (recv(fd, bytes, sizeof(bytes), 0) >= 0)
		;
}

static void send_and_connect(int fd, const struct sockaddr_in *peer)
{
	/* errors are answers to earlier datagrams: nobody may be there */
	sendto(fd, "stranger", 8, 0, (void *)peer, sizeof(*peer));
	connect(fd, (void *)peer, sizeof(*peer));
	drain(fd);
}

static void fork_once(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	if (child > 0)
		waitpid(child, NULL, 0);
}

static void connect_tcp(const struct sockaddr_in *peer)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	connect(fd, (void *)peer, sizeof(*peer));
	close(fd);
}

int main(int argc, char **argv)
{
	int port = argc == 2 ? atoi(argv[1]) : 0;
	struct timespec tick = {.tv_nsec = TICK_NS};
	struct sockaddr_in peer = address(INADDR_LOOPBACK, port);
	struct sockaddr_in both = address(INADDR_LOOPBACK, port + 10);
	int stranger, sharer[2];

	if (port < 1 || port > 65525) {
		fprintf(stderr, "usage: neighbours PORT\n");
		return 64;
	}
	stranger = open_udp(INADDR_LOOPBACK + 1, port);
	sharer[0] = open_udp(INADDR_LOOPBACK, port + 10);
	sharer[1] = open_udp(INADDR_LOOPBACK, port + 10);
	printf("busy\n");
	fflush(stdout);
	for (unsigned int i = 0;; i++) {
		fork_once();
		send_and_connect(stranger, &peer);
		sendto(sharer[i % 2], "shared", 6, 0, (void *)&both,
		       sizeof(both));
		drain(sharer[0]);
		drain(sharer[1]);
		if (i % TCP_TICKS == 0)
			connect_tcp(&peer);
		nanosleep(&tick, NULL);
	}
}
