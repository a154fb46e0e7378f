/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An echo client: connects, writes a message, waits for the same bytes.
 *
 * 	./echo-server udp &
 * 	./echo-client udp 127.0.0.1:9007 HELLO
 *
 * It demonstrates that connect(2) does two very different things: on a UDP
 * socket it sends nothing, on a TCP socket it exchanges three packets. Run it
 * with "udp", with "-u udp" (no connect at all), then with "tcp", and compare.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "client.h"

/*
 * Opens the socket and connects it. The socket is still blocking while it
 * connects, so that the whole handshake is inside the system call; SO_SNDTIMEO
 * limits that, and the call then fails with EINPROGRESS (socket(7)).
 */
static int connect_one(struct channel *c, const struct addrinfo *at,
		       int64_t deadline)
{
	int left_ms = net_left_ms(deadline);
	struct timeval limit = {left_ms / 1000, left_ms % 1000 * 1000};
	const int on = 1;

	memcpy(&c->peer, at->ai_addr, at->ai_addrlen);
	c->peer_len = at->ai_addrlen;
	if (!left_ms) /* for the kernel, 0 is no limit */
		return -ETIME;
	c->fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return -errno;
	/* TCP_NODELAY: the end of a message does not wait for an ACK (Nagle) */
	if (at->ai_socktype == SOCK_STREAM &&
	    (setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &limit,
			sizeof(limit)) ||
	     setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on))))
		return -errno;
	if (!c->options->unconnected &&
	    connect(c->fd, at->ai_addr, at->ai_addrlen))
		return errno == EINPROGRESS ? -ETIME : -errno;
	if (fcntl(c->fd, F_SETFL, O_NONBLOCK)) /* from here on, poll waits */
		return -errno;
	return 0;
}

/*
 * Connects to the first address that accepts it. With UDP that is always the
 * first one: a connect that sends nothing cannot know whether a server is
 * there.
 */
static int client_dial(struct channel *c, const struct addrinfo *list)
{
	int64_t deadline = net_deadline(c->options->timeout_ms);
	int err = -EADDRNOTAVAIL;

	c->doing = "dial";
	for (const struct addrinfo *at = list; at; at = at->ai_next) {
		err = connect_one(c, at, deadline);
		if (!err)
			return 0;
		if (c->fd >= 0)
			close(c->fd);
		c->fd = -1;
	}
	return err;
}

/*
 * Finds the next message: 1 and where it is, 0 at the end, or -errno. Standard
 * input is read into c->line: on UDP each line is a message; on TCP, which has
 * no messages, the result of one read(2).
 */
static int next_message(struct channel *c, long number, const char **message,
			size_t *len)
{
	const struct client_options *o = c->options;
	ssize_t n;

	if (o->message) {
		*message = o->message;
		*len = strlen(o->message);
		return number < o->count;
	}
	if (o->type == SOCK_DGRAM) {
		n = getline(&c->line, &c->line_bytes, stdin);
		if (n < 0)
			return feof(stdin) ? 0 : -errno;
		if (n > 0 && c->line[n - 1] == '\n')
			n--;
	} else {
		if (!c->line && !(c->line = malloc(o->buffer_bytes)))
			return -ENOMEM;
		n = read(STDIN_FILENO, c->line, o->buffer_bytes);
		if (n <= 0)
			return n ? -errno : 0;
	}
	*message = c->line;
	*len = (size_t)n;
	return 1;
}

/* Sends every message and waits for its echo. 0 or -errno. */
static int echo_all(struct channel *c)
{
	const struct client_options *o = c->options;
	const struct timespec pause = {o->interval_ms / 1000,
				       o->interval_ms % 1000 * 1000000};
	const char *message = NULL;
	size_t len = 0;
	int err;

	for (long i = 0;; i++) {
		c->doing = NULL;
		err = next_message(c, i, &message, &len);
		if (err <= 0)
			return err;
		if (i > 0)
			nanosleep(&pause, NULL);
		err = o->type == SOCK_DGRAM ? client_udp_echo(c, message, len) :
					      client_tcp_echo(c, message, len);
		if (err)
			return err;
	}
}

/* Prints why the client stopped. */
static void client_warn(const struct channel *c, int err)
{
	const char *reason = strerror(-err);

	if (err == -ETIME)
		reason = "i/o timeout";
	else if (err == -ENODATA)
		reason = "the peer closed before the whole echo arrived";
	else if (err == -EBADMSG)
		reason = "the reply is not what was sent";
	else if (err == -EOVERFLOW)
		reason = "only part of the echo fits the buffer (-b)";

	if (c->doing)
		net_warn(c->doing, c->options->type, c->fd, &c->peer,
			 c->peer_len, reason);
	else
		fprintf(stderr, "echo-client: standard input: %s\n", reason);
}

int main(int argc, char **argv)
{
	struct client_options options;
	struct channel c = {.options = &options, .fd = -1};
	struct addrinfo *list;
	int err = net_standard_streams();

	if (err) {
		fprintf(stderr, "echo-client: /dev/null: %s\n", strerror(-err));
		return EXIT_FAILURE;
	}
	client_options_parse(&options, argc, argv);
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN); /* a closed peer becomes EPIPE */
	signal(SIGXFSZ, SIG_IGN); /* output that is too long becomes EFBIG */

	err = net_lookup(&options.peer, options.type, &list);
	if (err) {
		fprintf(stderr, "lookup %s: %s\n", options.peer.host,
			gai_strerror(err));
		return EXIT_FAILURE;
	}
	err = client_dial(&c, list);
	freeaddrinfo(list);
	if (!err)
		err = echo_all(&c);

	if (ferror(stdout))
		fprintf(stderr, "echo-client: standard output: %s\n",
			strerror(-err));
	else if (err)
		client_warn(&c, err);
	if (c.fd >= 0)
		close(c.fd);
	free(c.line);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
