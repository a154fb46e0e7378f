/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The TCP half of echo-server: accepts clients and echoes each one's stream.
 *
 *   in:  a descriptor that epoll(7) reports as ready
 *   out: at most one read and one write, so that no client waits for another
 *
 * Compare server_udp.c. A stream needs a state for each client: the bytes that
 * are not sent back yet, whether the client has closed its side, errors, and
 * the time of its last byte. Without that time, a client that is gone without a
 * FIN would keep its descriptor forever.
 */
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static void tcp_warn(struct server *s, const char *call, int fd,
		     const struct sockaddr_storage *peer, socklen_t peer_len,
		     int err)
{
	s->totals.errors++;
	net_warn(call, SOCK_STREAM, fd, peer, peer_len, strerror(-err));
}

/* Without a spare descriptor the server can turn no client away: all wait. */
static void listen_or_not(struct server *s)
{
	for (size_t i = 0; i < s->socket_count; i++)
		if (s->sockets[i].type == SOCK_STREAM)
			server_watch(s, EPOLL_CTL_MOD, &s->sockets[i].watched,
				     s->spare_fd < 0 ? 0 : EPOLLIN);
}

/*
 * Without a free descriptor, a client can neither be accepted nor refused, and
 * epoll reports it again and again. So the server keeps one descriptor in
 * reserve to accept such a client and close the connection.
 */
static void turn_away(struct server *s, int listening)
{
	int fd;

	close(s->spare_fd);
	fd = accept(listening, NULL, NULL);
	if (fd >= 0) {
		close(fd);
		s->totals.turned_away++;
		fprintf(stderr,
			"echo-server: out of descriptors at %zu "
			"clients: turned one away\n",
			s->connection_count);
	}
	s->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (s->spare_fd < 0)
		listen_or_not(s);
}

void server_tcp_close(struct server *s, struct connection *c)
{
	TAILQ_REMOVE(&s->connections, c, link);
	s->connection_count--;
	close(c->watched.fd); /* and epoll forgets it */
	free(c);
	if (s->spare_fd < 0) {
		s->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (s->spare_fd >= 0)
			listen_or_not(s);
	}
}

/* Moves a client that has moved bytes to the end of the list of idle clients. */
static void keep_alive(struct server *s, struct connection *c)
{
	c->deadline = net_deadline(s->idle_ms);
	TAILQ_REMOVE(&s->connections, c, link);
	TAILQ_INSERT_TAIL(&s->connections, c, link);
}

int server_tcp_expire(struct server *s)
{
	struct connection *c, *next;
	int left_ms;

	if (!s->idle_ms)
		return -1;
	for (c = TAILQ_FIRST(&s->connections); c; c = next) {
		next = TAILQ_NEXT(c, link);
		left_ms = net_left_ms(c->deadline);
		if (left_ms)
			return left_ms;
		s->totals.errors++;
		net_warn(c->waiting ? "write" : "read", SOCK_STREAM,
			 c->watched.fd, &c->peer, c->peer_len,
			 "idle for too long (-T)");
		server_tcp_close(s, c);
	}
	return -1;
}

/* Fills the empty buffer. Bytes, 0 at the client's end, or -errno. */
static ssize_t server_read_some(struct server *s, struct connection *c)
{
	ssize_t n = read(c->watched.fd, c->buffer, s->buffer_bytes);

	if (n < 0)
		return -errno;
	c->start = 0;
	c->waiting = (size_t)n;
	return n;
}

/* Writes what the socket takes, which may be a part. Bytes or -errno. */
static ssize_t server_write_some(struct server *s, struct connection *c)
{
	ssize_t n = write(c->watched.fd, c->buffer + c->start, c->waiting);

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
		return 0; /* not ready after all; epoll will report it */
	tcp_warn(s, call, c->watched.fd, &c->peer, c->peer_len, (int)err);
	server_tcp_close(s, c);
	return 0;
}

/*
 * While bytes wait, nothing more is read: a client that sends and never reads
 * costs one buffer, and TCP's window makes it wait.
 */
static int wait_for_client(struct server *s, struct connection *c)
{
	uint32_t events = c->waiting ? EPOLLOUT : EPOLLIN;

	if (events == c->events)
		return 0;
	c->events = events;
	return server_watch(s, EPOLL_CTL_MOD, &c->watched, events);
}

/*
 * Reads or writes once on a ready connection; ends and frees it when the client
 * has ended or broken it. 0, or -errno if standard output is lost.
 */
static int echo(struct server *s, struct watched *w)
{
	struct connection *c = (struct connection *)w;
	ssize_t n;
	int err;

	if (!c->waiting) {
		n = server_read_some(s, c);
		if (n < 0)
			return broken(s, c, "read", n);
		if (n == 0) {
			/* The client has ended its half, and may still read. Nothing
			 * waits, so all is echoed and our half may end too. */
			server_tcp_close(s, c);
			return 0;
		}
		s->totals.received++;
		keep_alive(s, c);
		err = net_report("packet-received", (size_t)n, "from", &c->peer,
				 c->peer_len);
		if (err)
			return err;
	}
	n = server_write_some(s, c);
	if (n < 0 && n != -EAGAIN && n != -EINTR)
		return broken(s, c, "write", n);
	err = wait_for_client(s, c);
	if (err || n < 0)
		return err;
	keep_alive(s, c);
	return net_report("packet-written", (size_t)n, "to", &c->peer,
			  c->peer_len);
}

void server_tcp_accept(struct server *s, const struct server_socket *socket)
{
	struct connection *c;
	struct sockaddr_storage peer;
	socklen_t peer_len = sizeof(peer);
	int listening = socket->watched.fd;
	int err, fd = accept4(listening, (struct sockaddr *)&peer, &peer_len,
			      SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE)
			turn_away(s, listening);
		else if (errno != EAGAIN && errno != EINTR)
			/* often the client's: it gave up while it waited */
			tcp_warn(s, "accept", listening, NULL, 0, -errno);
		return;
	}
	c = malloc(sizeof(*c) + s->buffer_bytes);
	err = c ? 0 : -ENOMEM;
	if (c) {
		*c = (struct connection){.watched = {fd, echo},
					 .events = EPOLLIN,
					 .peer = peer,
					 .peer_len = peer_len};
		err = server_watch(s, EPOLL_CTL_ADD, &c->watched, c->events);
	}
	if (err) {
		tcp_warn(s, "accept", fd, &peer, peer_len, err);
		free(c);
		close(fd);
		return;
	}
	c->deadline = net_deadline(s->idle_ms);
	TAILQ_INSERT_TAIL(&s->connections, c, link);
	s->connection_count++;
	s->totals.connections++;
}
