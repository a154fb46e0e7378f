// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A mixed load of connect(2), at a rate, for the soak test:
 *
 *   load RATE SECONDS      prints "UDP N TCP N" at its end: the calls it made
 *
 * UDP sockets that send one datagram, TCP sockets that are accepted and closed,
 * nonblocking ones that ask again, and processes that connect and exit without
 * close(2), under a name that would clear a terminal.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ADDRESSES 100 /* of 127.0.0.0/8: so that no port is lacking */
#define FORKS     20  /* one of so many is made by a process of its own */

static int listener, sink;
static struct sockaddr_in here = {.sin_family = AF_INET};
static unsigned long made_udp, made_tcp;

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* A socket that takes what comes to a port of any local address. */
static int open_server(int type, uint16_t port)
{
	int fd = socket(AF_INET, type | SOCK_NONBLOCK, 0);

	here.sin_port = htons(port);
	if (fd < 0 || bind(fd, (void *)&here, sizeof(here)) ||
	    (type == SOCK_STREAM && listen(fd, 128))) {
		perror("load: server");
		exit(1);
	}
	return fd;
}

static int dial(int type, unsigned long number, uint16_t port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + number % ADDRESSES),
	};
	int fd = socket(AF_INET, type, 0);

	if (fd < 0 ||
	    (connect(fd, (void *)&to, sizeof(to)) && errno != EINPROGRESS)) {
		perror("load: connect");
		exit(1);
	}
	if (type & SOCK_NONBLOCK && connect(fd, (void *)&to, sizeof(to)) &&
	    errno != EISCONN && errno != EALREADY) {
		perror("load: connect again");
		exit(1);
	}
	return fd;
}

static void by_udp(unsigned long number, bool leave_open)
{
	int fd = dial(SOCK_DGRAM, number, 9007);
	char none[16];

	made_udp++;
	send(fd, "HELLO", 5, 0);
	while (recv(sink, none, sizeof(none), 0) >= 0)
		;
	if (!leave_open)
		close(fd);
}

/* Without TIME_WAIT: a RST ends it. */
static void by_tcp(unsigned long number, bool nonblocking)
{
	const struct linger at_once = {.l_onoff = 1};
	int fd = dial(SOCK_STREAM | (nonblocking ? SOCK_NONBLOCK : 0), number,
		      9007);
	int accepted = accept(listener, NULL, NULL);

	made_tcp += 1 + nonblocking;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
	if (accepted >= 0)
		close(accepted);
}

static void by_child(unsigned long number)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_NAME, "\033[2J\n\xff");
		by_udp(number, true);
		_exit(0);
	}
	made_udp++;
	waitpid(pid, NULL, 0);
}

static void make_one(unsigned long number)
{
	if (number % FORKS == 0)
		by_child(number);
	else if (number % 2)
		by_udp(number, false);
	else
		by_tcp(number, number % 5 == 2);
}

int main(int argc, char **argv)
{
	double rate = argc == 3 ? atof(argv[1]) : 0;
	double seconds = argc == 3 ? atof(argv[2]) : 0;
	int64_t begin;

	if (rate <= 0 || seconds <= 0)
		return 64;
	sink = open_server(SOCK_DGRAM, 9007);
	listener = open_server(SOCK_STREAM, 9007);
	begin = now_ns();
	for (unsigned long i = 0; i < (unsigned long)(rate * seconds); i++) {
		int64_t due = begin + (int64_t)(i / rate * 1e9) - now_ns();

		if (due > 0)
			nanosleep(&(struct timespec){.tv_nsec = due}, NULL);
		make_one(i);
	}
	printf("UDP %lu TCP %lu\n", made_udp, made_tcp);
	return 0;
}
