/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The parts of echo-server: its open descriptors, its counters, and what each
 * protocol does when one of its descriptors is ready.
 */
#ifndef ECHO_SERVER_H
#define ECHO_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "net.h"

#define SERVER_SOCKETS 16 /* addresses of one name, times two protocols */

struct server;

/*
 * What epoll(7) watches: a descriptor, and what to do when it is ready. The
 * function returns 0, or -errno if the server cannot continue.
 */
struct watched {
	int fd;
	int (*ready)(struct server *s, struct watched *w);
};

/* The last line that the server prints. */
struct server_totals {
	unsigned long long received, written; /* calls that moved bytes */
	unsigned long long bytes;             /* echoed */
	unsigned long long truncated;         /* larger than the buffer */
	unsigned long long ignored;           /* see server_udp_answers() */
	unsigned long long errors;
	unsigned long long connections, turned_away;
};

/* A socket bound to an address: for datagrams, or to accept connections. */
struct server_socket {
	struct watched watched; /* first: each points to the other */
	int type;               /* SOCK_DGRAM or SOCK_STREAM */
	uint16_t port;          /* host byte order */
};

/* The clients' ports begin here (ip(7), ip_local_port_range). */
#define SERVER_PORTS_END 32768

/* One TCP client. Its bytes wait here until it takes them back. */
struct connection {
	struct watched watched; /* first, as above */
	TAILQ_ENTRY(connection) link;
	int64_t deadline; /* when it has been idle for too long */
	uint32_t events;  /* that epoll waits for */
	struct sockaddr_storage peer;
	socklen_t peer_len;
	size_t start, waiting; /* buffer[start .. start + waiting) */
	char buffer[];         /* buffer_bytes */
};

struct server_options {
	size_t buffer_bytes;
	long idle_ms; /* that a TCP client may be idle; 0: forever */
	int types[2]; /* SOCK_DGRAM, SOCK_STREAM */
	int type_count;
	struct net_name address;
};

struct server {
	size_t buffer_bytes;
	long idle_ms;
	int epoll_fd;
	struct server_socket sockets[SERVER_SOCKETS];
	size_t socket_count;
	/* the client that has been idle for the longest time comes first */
	TAILQ_HEAD(connection_list, connection) connections;
	size_t connection_count;
	int spare_fd; /* closed to turn a client away; -1: none */
	struct server_totals totals;
	char buffer[NET_BUFFER_MOST]; /* buffer_bytes of it are used */
};

/*
 * Parses the command line. Reports bad usage on standard error and exits with
 * 64 (EX_USAGE); --help exits with 0.
 */
void server_options_parse(struct server_options *o, int argc, char **argv);

/*
 * Opens a socket of this type at each address of the name, and prints
 * "listening: udp 127.0.0.1:9007". 0, or -errno after it has printed why.
 */
int server_sockets_open(struct server *s, const struct net_name *name,
			int type);

/*
 * Tells epoll which events (EPOLLIN, EPOLLOUT, 0) to wait for on a descriptor;
 * `operation` is EPOLL_CTL_ADD or EPOLL_CTL_MOD. 0 or -errno.
 */
int server_watch(struct server *s, int operation, struct watched *w,
		 uint32_t events);

/*
 * Whether a server on `port` may answer a datagram from this source. It may not
 * if the source could be another echo server, or if its address is not that of
 * a single host.
 */
bool server_udp_answers(const struct sockaddr_storage *source, uint16_t port);

/*
 * Takes one datagram from a ready socket and sends it back. An error with one
 * peer is printed and counted. 0, or -errno if standard output is lost.
 */
int server_udp_echo(struct server *s, const struct server_socket *socket);

/* Accepts one client of a ready listening socket; never fails for good. */
void server_tcp_accept(struct server *s, const struct server_socket *socket);

/*
 * Closes the connections that have been idle for too long. Returns the
 * milliseconds until the next one has been, or -1 if there is no limit or no
 * client.
 */
int server_tcp_expire(struct server *s);

/* Closes a connection and frees it. */
void server_tcp_close(struct server *s, struct connection *c);

#endif
