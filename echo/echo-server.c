/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An echo server: sends back to each peer the bytes that came from it.
 *
 * 	./echo-server udp 127.0.0.1:7007
 * 	./echo-server both localhost:7007
 *
 * One process with one poll(2) serves any number of clients. This file only
 * waits. server_sockets.c opens the sockets; server_udp.c and server_tcp.c do
 * the echo. echo-client.c is the other end.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server.h"

#define ROUND_CLIENTS 64

static int stop_pipe[2]; /* a signal writes, poll(2) sees it: no race */

static void on_signal(int signal_number)
{
	int saved = errno;
	ssize_t n = write(stop_pipe[1], "", 1);

	(void)signal_number;
	(void)n; /* a full pipe says it just as well */
	errno = saved;
}

static int catch_signals(void)
{
	struct sigaction stop = {.sa_handler = on_signal};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	if (pipe2(stop_pipe, O_CLOEXEC | O_NONBLOCK) ||
	    sigaction(SIGINT, &stop, NULL) || sigaction(SIGTERM, &stop, NULL) ||
	    sigaction(SIGPIPE, &ignore, NULL) || /* write(2): EPIPE instead */
	    sigaction(SIGXFSZ, &ignore, NULL))   /* and EFBIG */
		return -errno;
	return 0;
}

/*
 * Takes one datagram or client from a ready socket. With very many clients it
 * takes several: each round of poll is longer then, and new clients must be
 * accepted faster. An empty queue is not an error. 0 or -errno.
 */
static int serve_socket(struct server *s, const struct server_socket *socket)
{
	size_t turns = 1 + s->connection_count / ROUND_CLIENTS;
	int err = 0;

	while (turns-- && !err)
		if (socket->type == SOCK_DGRAM)
			err = server_udp_echo(s, socket);
		else
			server_tcp_accept(s, socket);
	return err;
}

/*
 * Does what poll found, in the order in which it was asked: connections first,
 * for an accept changes their list. 0, or -errno if standard output is lost.
 */
static int serve_ready(struct server *s, const struct pollfd *ready)
{
	struct connection *c, *next;
	int err = 0;

	for (c = LIST_FIRST(&s->connections); c && !err; c = next, ready++) {
		next = LIST_NEXT(c, link);
		if (ready->revents)
			err = server_tcp_echo(s, c);
	}
	for (size_t i = 0; i < s->socket_count && !err; i++, ready++)
		if (ready->revents)
			err = serve_socket(s, &s->sockets[i]);
	return err;
}

/* What poll shall wait for, `fds` having room for all. How many it is. */
static nfds_t server_gather(const struct server *s, struct pollfd *fds)
{
	const struct connection *c;
	nfds_t n = 0;

	fds[n++] = (struct pollfd){stop_pipe[0], POLLIN, 0};
	LIST_FOREACH (c, &s->connections, link)
		fds[n++] = (struct pollfd){c->fd, server_tcp_events(c), 0};
	for (size_t i = 0; i < s->socket_count; i++) {
		const struct server_socket *at = &s->sockets[i];
		bool wait = at->type == SOCK_STREAM && s->spare_fd < 0;

		/*
		 * poll skips -1: clients that cannot be turned away must wait
		 */
		fds[n++] = (struct pollfd){wait ? -1 : at->fd, POLLIN, 0};
	}
	return n;
}

/* Until a signal comes: 0; or -errno. */
static int serve(struct server *s)
{
	struct pollfd *fds = NULL, *grown;
	size_t room;
	int err = 0;

	while (!err) {
		room = 1 + s->connection_count + s->socket_count;
		grown = realloc(fds, room * sizeof(*fds));
		if (!grown) {
			err = -ENOMEM;
			break;
		}
		fds = grown;
		if (poll(fds, server_gather(s, fds), -1) < 0)
			err = errno == EINTR ? 0 : -errno;
		else if (fds[0].revents)
			break;
		else
			err = serve_ready(s, fds + 1);
	}
	free(fds);
	return err;
}

/* Closes everything and prints the totals. 0 or -errno. */
static int server_finish(struct server *s)
{
	const struct server_totals *t = &s->totals;

	while (!LIST_EMPTY(&s->connections))
		server_tcp_close(s, LIST_FIRST(&s->connections));
	while (s->socket_count)
		close(s->sockets[--s->socket_count].fd);
	close(s->spare_fd);
	if (printf("totals: received=%llu written=%llu bytes=%llu "
		   "truncated=%llu ignored=%llu errors=%llu "
		   "connections=%llu turned-away=%llu\n",
		   t->received, t->written, t->bytes, t->truncated, t->ignored,
		   t->errors, t->connections, t->turned_away) < 0)
		return -errno;
	return 0;
}

int main(int argc, char **argv)
{
	static struct server s;
	struct server_options options;
	int err = net_standard_streams();

	server_options_parse(&options, argc, argv);
	s.buffer_bytes = options.buffer_bytes;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!err)
		err = catch_signals();
	s.spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	for (int i = 0; i < options.type_count && !err; i++)
		if (server_sockets_open(&s, &options.address, options.types[i]))
			return EXIT_FAILURE;
	if (!err)
		err = serve(&s);
	if (!err)
		err = server_finish(&s);
	if (err)
		fprintf(stderr, "echo-server: %s%s\n",
			ferror(stdout) ? "standard output: " : "",
			strerror(-err));
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
