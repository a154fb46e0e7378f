/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sends one datagram to the server and receives one.
 *
 *   in:  a socket, connected or (-u) not, and a message
 *   out: a line for each datagram
 *
 * A connected UDP socket takes plain write(2) and read(2), like a file; without
 * connect(2) each call names its peer. Compare server_udp.c: the same calls in
 * the other order; and client_tcp.c: how much more code the same takes over a
 * stream.
 */
#include "client.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static ssize_t send_one(struct channel *c, const char *message, size_t len)
{
	if (c->options->unconnected)
		return sendto(c->fd, message, len, 0,
			      (struct sockaddr *)&c->peer, c->peer_len);
	return write(c->fd, message, len); /* len 0 is a datagram, too */
}

/* Also returns the sender's address, of *from_len bytes, in from. */
static ssize_t receive_one(struct channel *c, struct sockaddr_storage *from,
			   socklen_t *from_len)
{
	size_t size = c->options->buffer_bytes;

	if (c->options->unconnected) {
		*from_len = sizeof(*from);
		return recvfrom(c->fd, c->buffer, size, 0,
				(struct sockaddr *)from, from_len);
	}
	/*
	 * read(2) has no address; a connected socket receives only its peer's
	 */
	*from = c->peer;
	*from_len = c->peer_len;
	return read(c->fd, c->buffer, size);
}

int client_udp_echo(struct channel *c, const char *message, size_t len)
{
	int64_t deadline = net_deadline(c->options->timeout_ms);
	struct sockaddr_storage from;
	socklen_t from_len;
	ssize_t n;
	int err;

	c->doing = "write";
	n = send_one(c, message, len);
	if (n < 0)
		return -errno;
	err = net_report("packet-written", (size_t)n, NULL, NULL, 0);

	c->doing = "read";
	while (!err && !(err = net_wait(c->fd, POLLIN, deadline))) {
		n = receive_one(c, &from, &from_len);
		if (n < 0 && errno == EAGAIN)
			continue; /* its checksum was wrong: select(2), BUGS */
		if (n < 0)
			return -errno;
		err = net_report("packet-received", (size_t)n, "from", &from,
				 from_len);
		if (err ||
		    ((size_t)n == len && !memcmp(c->buffer, message, len)))
			return err;
		if ((size_t)n == c->options->buffer_bytes && (size_t)n < len)
			return -EOVERFLOW; /* truncated, and the call does not report it */
		fprintf(stderr, "echo-client: this datagram is not the echo; "
				"still waiting\n");
	}
	return err;
}
