/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sends one message to the server over a stream and reads it back.
 *
 *   in:  a connected socket and bytes
 *   out: a line for each call that transferred some of them
 *
 * Compare client_udp.c: there one write is one packet, and one read takes it. A
 * stream keeps bytes and their order but no message boundaries: the bytes of
 * one write(2) may come back in many pieces, so they are counted until all are
 * there.
 */
#include "client.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* Writes what the socket takes now. Bytes, 0 if it is full, or -errno. */
static ssize_t client_write_some(struct channel *c, const char *bytes,
				 size_t len)
{
	ssize_t n = write(c->fd, bytes, len);
	int err;

	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	err = net_report("packet-written", (size_t)n, NULL, NULL, 0);
	return err ? err : n;
}

/* Reads what is there and compares it. Bytes, 0 if none, or -errno. */
static ssize_t client_read_some(struct channel *c, const char *expected,
				size_t len)
{
	ssize_t n = read(c->fd, c->buffer, c->options->buffer_bytes);
	int err;

	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	if (n == 0)
		return -ENODATA;
	err = net_report("packet-received", (size_t)n, "from", &c->peer,
			 c->peer_len);
	if (err)
		return err;
	if ((size_t)n > len || memcmp(c->buffer, expected, (size_t)n) != 0)
		return -EBADMSG;
	return n;
}

/*
 * It reads while it still has bytes to write: a server that keeps no more than
 * one buffer stops reading until we take what it sends, and if we did the same,
 * both would wait for ever.
 */
int client_tcp_echo(struct channel *c, const char *message, size_t len)
{
	int64_t deadline = net_deadline(c->options->timeout_ms);
	size_t sent = 0, got = 0;
	ssize_t n;
	int err;

	while (got < len) {
		short events = POLLIN;

		if (sent < len) {
			c->doing = "write";
			n = client_write_some(c, message + sent, len - sent);
			if (n < 0)
				return (int)n;
			sent += (size_t)n;
		}
		if (sent < len)
			events |= POLLOUT;
		else
			c->doing = "read";
		err = net_wait(c->fd, events, deadline);
		if (err)
			return err;
		n = client_read_some(c, message + got, len - got);
		if (n < 0) {
			c->doing = "read";
			return (int)n;
		}
		got += (size_t)n;
	}
	return 0;
}
