/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The TCP half of echo-server: accepts clients and echoes each one's stream.
 *
 *   in:  a descriptor that poll(2) reports as ready
 *   out: at most one read and one write, so that no client waits for another
 *
 * Compare server_udp.c. A stream needs a state for each client: the bytes that
 * are not sent back yet, whether the client has closed its side, and errors.
 */
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void tcp_warn(struct server *s, const char *call, int fd,
		     const struct sockaddr_storage *peer, socklen_t peer_len,
		     int err)
{
	s->totals.errors++;
	net_warn(call, SOCK_STREAM, fd, peer, peer_len, strerror(-err));
}

/*
 * Without a free descriptor, a client can neither be accepted nor refused, and
 * poll reports it again and again. So the server keeps one descriptor in
 * reserve to accept such a client and close the connection.
 */
static void turn_away(struct server *s, const struct server_socket *socket)
{
	int fd;

	close(s->spare_fd);
	fd = accept(socket->fd, NULL, NULL);
	if (fd >= 0) {
		close(fd);
		s->totals.turned_away++;
		fprintf(stderr,
			"echo-server: out of descriptors at %zu "
			"clients: turned one away\n",
			s->connection_count);
	}
	s->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void server_tcp_accept(struct server *s, const struct server_socket *socket)
{
	struct connection *c;
	struct sockaddr_storage peer;
	socklen_t peer_len = sizeof(peer);
	int fd = accept4(socket->fd, (struct sockaddr *)&peer, &peer_len,
			 SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE)
			turn_away(s, socket);
		else if (errno != EAGAIN && errno != EINTR)
			/* often the client's own, given up while it waited */
			tcp_warn(s, "accept", socket->fd, NULL, 0, -errno);
		return;
	}
	c = malloc(sizeof(*c) + s->buffer_bytes);
	if (!c) {
		tcp_warn(s, "accept", fd, &peer, peer_len, -ENOMEM);
		close(fd);
		return;
	}
	*c = (struct connection){.fd = fd, .peer = peer, .peer_len = peer_len};
	LIST_INSERT_HEAD(&s->connections, c, link);
	s->connection_count++;
	s->totals.connections++;
}

void server_tcp_close(struct server *s, struct connection *c)
{
	LIST_REMOVE(c, link);
	s->connection_count--;
	close(c->fd);
	free(c);
	if (s->spare_fd < 0)
		s->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/*
 * While bytes wait, nothing more is read: a client that sends and never reads
 * costs one buffer, and TCP's window makes it wait.
 */
short server_tcp_events(const struct connection *c)
{
	return c->waiting ? POLLOUT : POLLIN;
}

/* Fills the empty buffer. Bytes, 0 at the client's end, or -errno. */
static ssize_t server_read_some(struct server *s, struct connection *c)
{
	ssize_t n = read(c->fd, c->buffer, s->buffer_bytes);

	if (n < 0)
		return -errno;
	c->start = 0;
	c->waiting = (size_t)n;
	return n;
}

/* Writes what the socket takes, which may be a part. Bytes or -errno. */
static ssize_t server_write_some(struct server *s, struct connection *c)
{
	ssize_t n = write(c->fd, c->buffer + c->start, c->waiting);

	if (n < 0)
		return -errno;
	c->start += (size_t)n;
	c->waiting -= (size_t)n;
	s->totals.written++;
	s->totals.bytes += (unsigned long long)n;
	return n;
}

/* Reports one client's error, unless it is normal; the others continue. */
static int broken(struct server *s, struct connection *c, const char *call,
		  ssize_t err)
{
	if (err == -EAGAIN || err == -EINTR)
		return 0; /* not ready after all; poll will report it */
	tcp_warn(s, call, c->fd, &c->peer, c->peer_len, (int)err);
	server_tcp_close(s, c);
	return 0;
}

int server_tcp_echo(struct server *s, struct connection *c)
{
	ssize_t n;
	int err;

	if (!c->waiting) {
		n = server_read_some(s, c);
		if (n < 0)
			return broken(s, c, "read", n);
		if (n == 0) {
			/* It has ended its half, perhaps only that one. Nothing
			 * waits, so all is echoed and our half may end too. */
			server_tcp_close(s, c);
			return 0;
		}
		s->totals.received++;
		err = net_report("packet-received", (size_t)n, "from", &c->peer,
				 c->peer_len);
		if (err)
			return err;
	}
	n = server_write_some(s, c);
	if (n < 0)
		return broken(s, c, "write", n);
	return net_report("packet-written", (size_t)n, "to", &c->peer,
			  c->peer_len);
}
