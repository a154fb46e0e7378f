/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The parts of echo-client: the options, the channel to the server, and one
 * round trip of a message on either protocol.
 */
#ifndef ECHO_CLIENT_H
#define ECHO_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "net.h"

struct client_options {
	int type; /* SOCK_DGRAM or SOCK_STREAM */
	struct net_name peer;
	const char *message; /* NULL: messages come from standard input */
	long count;          /* how often the message is sent */
	long timeout_ms;     /* for connecting, and again for each message */
	long interval_ms;    /* between two messages */
	size_t buffer_bytes;
	bool unconnected; /* UDP: sendto and recvfrom, no connect */
};

struct channel {
	const struct client_options *options;
	int fd; /* -1: none */
	struct sockaddr_storage peer;
	socklen_t peer_len;
	char buffer[NET_BUFFER_MOST]; /* buffer_bytes of it are used */
	char *line;                   /* from standard input, line_bytes */
	size_t line_bytes;
	const char *doing; /* the call under way; NULL: reading input */
};

/*
 * Parses the command line; the options point into it. Reports bad usage on
 * standard error and exits with 64 (EX_USAGE); --help exits with 0.
 */
void client_options_parse(struct client_options *o, int argc, char **argv);

/*
 * Sends the message and takes its echo, printing a line for each packet.
 * 0 when the same bytes came back, else -errno: -ETIME at the deadline,
 * -EOVERFLOW if the echo is larger than the buffer, on TCP -ENODATA if the peer
 * closed before the end and -EBADMSG if other bytes came.
 */
int client_udp_echo(struct channel *c, const char *message, size_t len);
int client_tcp_echo(struct channel *c, const char *message, size_t len);

#endif
