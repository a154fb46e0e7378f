/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A server that adds two numbers, for the labs: a question, and its answer.
 *
 * 	./sum-server 127.0.0.1:9007
 *
 * 	{"A":7,"B":4}            {"Sum":11}
 * 	{"Id":3,"A":7,"B":4}     {"Id":3,"Sum":11}
 *
 * UDP only: a datagram is one question. The server ignores any other datagram,
 * so two such servers cannot keep each other busy. It prints nothing for a
 * question: compare echo-server, which does.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "net.h"

#define TEXT_BYTES 256

/* Reads one question. False if the text is anything else. */
static int sum_parse(const char *text, char *id, long *a, long *b)
{
	int end = 0;
	long number;

	*id = '\0';
	if (sscanf(text, "{\"Id\":%ld,\"A\":%ld,\"B\":%ld}%n", &number, a, b,
		   &end) == 3 &&
	    end)
		snprintf(id, TEXT_BYTES, "\"Id\":%ld,", number);
	else if (sscanf(text, "{\"A\":%ld,\"B\":%ld}%n", a, b, &end) != 2)
		return 0;
	return end > 0 && text[end] == '\0';
}

/* Answers one datagram. An error is that of one client: others wait. */
static void sum_answer(int fd)
{
	struct sockaddr_storage peer;
	socklen_t peer_len = sizeof(peer);
	char text[TEXT_BYTES], id[TEXT_BYTES];
	long a, b, sum;
	ssize_t n = recvfrom(fd, text, sizeof(text) - 1, 0,
			     (struct sockaddr *)&peer, &peer_len);

	if (n < 0)
		return;
	text[n] = '\0';
	if (strlen(text) != (size_t)n || !sum_parse(text, id, &a, &b) ||
	    __builtin_add_overflow(a, b, &sum))
		return;
	n = snprintf(text, sizeof(text), "{%s\"Sum\":%ld}", id, sum);
	if (sendto(fd, text, (size_t)n, 0, (struct sockaddr *)&peer, peer_len) <
	    0)
		net_warn("sendto", SOCK_DGRAM, fd, &peer, peer_len,
			 strerror(errno));
}

/* A UDP socket at the first address of the name, or -errno. */
static int sum_open(const struct net_name *name)
{
	struct addrinfo *at;
	int err = net_lookup(name, SOCK_DGRAM, &at), fd;

	if (err) {
		fprintf(stderr, "lookup %s: %s\n", name->host,
			gai_strerror(err));
		return -ENOENT;
	}
	fd = socket(at->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, at->ai_addr, at->ai_addrlen) < 0) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		fd = err;
	}
	freeaddrinfo(at);
	return fd;
}

int main(int argc, char **argv)
{
	struct net_name name;
	int fd;

	if (argc != 2 || net_parse(argv[1], &name)) {
		fprintf(stderr, "usage: sum-server ADDRESS:PORT\n");
		return EX_USAGE;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	fd = sum_open(&name);
	if (fd < 0) {
		fprintf(stderr, "sum-server: %s: %s\n", argv[1], strerror(-fd));
		return EXIT_FAILURE;
	}
	if (printf("listening: udp %s\n", argv[1]) < 0)
		return EXIT_FAILURE;
	for (;;)
		sum_answer(fd);
}
