/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Addresses: from the text that a person types to the arguments of socket
 * calls, and back; and the line that client and server print for each packet.
 */
#ifndef ECHO_NET_H
#define ECHO_NET_H

#include <netdb.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define NET_DEFAULT "127.0.0.1:9007"

#define NET_BUFFER_MOST 65536 /* no datagram is larger (RFC 768) */

#define NET_HOST_BYTES 256 /* a DNS name is at most 253 (RFC 1035, 2.3.4) */
#define NET_PORT_BYTES 6   /* "65535" and the NUL */
#define NET_TEXT_BYTES 80  /* "[" 45 of IPv6 "%" 15 of interface "]:65535" */

struct net_name {
	char host[NET_HOST_BYTES]; /* a name or an address, no brackets */
	char port[NET_PORT_BYTES]; /* decimal */
};

/*
 * Splits "HOST:PORT" or "[IPV6]:PORT", without name resolution. 0, or -EINVAL
 * if the text is not of that form or the port above 65535.
 */
int net_parse(const char *text, struct net_name *name);

/*
 * Finds the addresses of a name, best first (RFC 6724); an address is taken as
 * it is. `type` is SOCK_DGRAM or SOCK_STREAM. 0, and the caller frees *list
 * with freeaddrinfo(3); or one of getaddrinfo(3)'s EAI_ codes.
 */
int net_lookup(const struct net_name *name, int type, struct addrinfo **list);

/* Writes an address as "10.0.0.1:9007" or "[::1]:9007"; returns `text`. */
const char *net_text(const struct sockaddr_storage *address, socklen_t len,
		     char text[static NET_TEXT_BYTES]);

/* "udp" for SOCK_DGRAM, "tcp" for SOCK_STREAM. */
const char *net_proto(int type);

/*
 * Prints "EVENT: bytes=BYTES" and, unless `peer` is NULL, " RELATION=PEER"
 * to standard output: packet-received: bytes=5 from=10.0.0.2:9007
 * 0, or -errno if standard output does not take it.
 */
int net_report(const char *event, size_t bytes, const char *relation,
	       const struct sockaddr_storage *peer, socklen_t len);

/*
 * Prints on standard error what failed between two addresses, in the form that
 * the article shows:
 *
 *     read udp 127.0.0.1:41745->127.0.0.1:9007: i/o timeout
 *
 * The local address is that of fd; it is left out if fd is -1. A NULL peer is
 * left out, too.
 */
void net_warn(const char *call, int type, int fd,
	      const struct sockaddr_storage *peer, socklen_t peer_len,
	      const char *reason);

/* Parses seconds, such as "0.5". Milliseconds, or -1 if not 0 to 86400 s. */
long net_milliseconds(const char *text);

/*
 * If a standard stream is closed, opens /dev/null in its place, for the other
 * direction, so that each use of it fails. Otherwise the first socket would get
 * its number, and messages would go to the peer. Returns 0 or -errno.
 */
int net_standard_streams(void);

/* A time `ms` from now, in milliseconds of CLOCK_MONOTONIC. */
int64_t net_deadline(long ms);

/* What is left until then, in milliseconds; 0: it has passed. */
int net_left_ms(int64_t deadline);

/*
 * Waits for one of poll(2)'s events on a socket. 0: it is ready, or a signal
 * came: call again what would block; -ETIME: the deadline has passed; -errno.
 */
int net_wait(int fd, short events, int64_t deadline);

#endif
