/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An echo server: sends back to each peer the bytes that came from it.
 *
 * 	./echo-server udp 127.0.0.1:9007
 * 	./echo-server both localhost:9007
 *
 * One process with one epoll_wait(2) serves any number of clients. This file
 * only waits. server_sockets.c opens the sockets; server_udp.c and server_tcp.c
 * do the echo. echo-client.c is the other end.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "server.h"

#define READY_MOST 64 /* descriptors that one epoll_wait(2) reports */

static int stop_pipe[2]; /* a signal writes, epoll sees it: no race */

static void on_signal(int signal_number)
{
	int saved = errno;
	ssize_t n = write(stop_pipe[1], "", 1);

	(void)signal_number;
	(void)n; /* a full pipe is readable, too */
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

int server_watch(struct server *s, int operation, struct watched *w,
		 uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = w};

	return epoll_ctl(s->epoll_fd, operation, w->fd, &event) ? -errno : 0;
}

/* A signal came: serve() ends, without an error. */
static int stop(struct server *s, struct watched *w)
{
	(void)s;
	(void)w;
	return -ECANCELED;
}

/* Makes the epoll instance, and watches for a signal. 0 or -errno. */
static int watch_signals(struct server *s, struct watched *signals)
{
	*signals = (struct watched){.fd = stop_pipe[0], .ready = stop};
	s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (s->epoll_fd < 0)
		return -errno;
	return server_watch(s, EPOLL_CTL_ADD, signals, EPOLLIN);
}

/*
 * Serves until a signal comes. Each ready descriptor gets one step and then waits
 * for its next turn, so that no client waits for another. A step closes no
 * connection but its own, so no pointer in `ready` is stale. 0 or -errno.
 */
static int serve(struct server *s)
{
	struct epoll_event ready[READY_MOST];
	struct watched *w;
	int n, err = 0;

	while (!err) {
		n = epoll_wait(s->epoll_fd, ready, READY_MOST,
			       server_tcp_expire(s));
		if (n < 0 && errno != EINTR)
			err = -errno;
		for (int i = 0; i < n && !err; i++) {
			w = ready[i].data.ptr;
			err = w->ready(s, w);
		}
	}
	return err == -ECANCELED ? 0 : err;
}

/* Closes everything and prints the totals. 0 or -errno. */
static int server_finish(struct server *s)
{
	const struct server_totals *t = &s->totals;
	struct connection *c, *next;

	for (c = TAILQ_FIRST(&s->connections); c; c = next) {
		next = TAILQ_NEXT(c, link);
		server_tcp_close(s, c);
	}
	while (s->socket_count)
		close(s->sockets[--s->socket_count].watched.fd);
	close(s->spare_fd);
	close(s->epoll_fd);
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
	static struct server s = {
		.connections = TAILQ_HEAD_INITIALIZER(s.connections)};
	struct server_options options;
	struct watched signals;
	int err = net_standard_streams();

	server_options_parse(&options, argc, argv);
	s.buffer_bytes = options.buffer_bytes;
	s.idle_ms = options.idle_ms;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!err)
		err = catch_signals();
	if (!err)
		err = watch_signals(&s, &signals);
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
