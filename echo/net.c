/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Addresses: text to sockaddr and back.
 *
 * Names are resolved here, before the programs open any socket of their own.
 * Compare the two cases under strace: for "127.0.0.1:9007" getaddrinfo(3) makes
 * no system call at all; for a name with several addresses it connects a UDP
 * socket to each of them. That sends nothing; it only shows which source
 * address the kernel would choose (lab 10).
 */
#include "net.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int net_parse(const char *text, struct net_name *name)
{
	const char *colon = strrchr(text, ':'), *host = text;
	size_t host_len, port_len;

	if (!colon)
		return -EINVAL;
	host_len = (size_t)(colon - text);
	if (host_len >= 2 && text[0] == '[' && colon[-1] == ']') {
		host++;
		host_len -= 2;
	} else if (memchr(text, ':', host_len)) {
		return -EINVAL; /* is the end of ::1:9007 a port? */
	}
	port_len = strlen(colon + 1);
	if (!host_len || host_len >= sizeof(name->host) || !port_len ||
	    port_len >= sizeof(name->port) ||
	    strspn(colon + 1, "0123456789") != port_len ||
	    atoi(colon + 1) > 65535) /* getaddrinfo would take it modulo 2^16 */
		return -EINVAL;
	memcpy(name->host, host, host_len);
	name->host[host_len] = '\0';
	memcpy(name->port, colon + 1, port_len + 1);
	return 0;
}

int net_lookup(const struct net_name *name, int type, struct addrinfo **list)
{
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = type, /* else each address comes three times */
		.ai_flags = AI_NUMERICSERV,
	};

	return getaddrinfo(name->host, name->port, &hints, list);
}

const char *net_text(const struct sockaddr_storage *address, socklen_t len,
		     char text[static NET_TEXT_BYTES])
{
	char host[NET_TEXT_BYTES - 10], port[NET_PORT_BYTES];
	const char *form = address->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s";

	if (getnameinfo((const struct sockaddr *)address, len, host,
			sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV))
		snprintf(text, NET_TEXT_BYTES, "?");
	else
		snprintf(text, NET_TEXT_BYTES, form, host, port);
	return text;
}

const char *net_proto(int type)
{
	return type == SOCK_DGRAM ? "udp" : "tcp";
}

int net_report(const char *event, size_t bytes, const char *relation,
	       const struct sockaddr_storage *peer, socklen_t len)
{
	char text[NET_TEXT_BYTES];
	int n;

	if (peer)
		n = printf("%s: bytes=%zu %s=%s\n", event, bytes, relation,
			   net_text(peer, len, text));
	else
		n = printf("%s: bytes=%zu\n", event, bytes);
	return n < 0 ? -errno : 0;
}

void net_warn(const char *call, int type, int fd,
	      const struct sockaddr_storage *peer, socklen_t peer_len,
	      const char *reason)
{
	struct sockaddr_storage local = {0};
	socklen_t len = sizeof(local);
	char from[NET_TEXT_BYTES] = "", to[NET_TEXT_BYTES] = "";

	if (fd >= 0 && !getsockname(fd, (struct sockaddr *)&local, &len))
		net_text(&local, len, from);
	if (peer)
		net_text(peer, peer_len, to);
	fprintf(stderr, "%s %s %s%s%s: %s\n", call, net_proto(type), from,
		*from && *to ? "->" : "", to, reason);
}

long net_milliseconds(const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	/* strtod(3) would take " 5", 0x5, 5e0 and inf as well */
	if (end == text || *end || text[strspn(text, "0123456789.")] ||
	    !(seconds <= 86400))
		return -1;
	return (long)(seconds * 1000 + 0.5);
}

/* open(2) takes the lowest number that is free, which is fd. */
int net_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null",
			 fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return -errno;
	return 0;
}

int64_t net_deadline(long ms)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000 + ms;
}

int net_left_ms(int64_t deadline)
{
	int64_t left = deadline - net_deadline(0);

	return left > 0 ? (int)left : 0;
}

/*
 * Why not SO_RCVTIMEO, which needs no call before each read? It counts every
 * read(2) anew: a peer that sends a byte now and then could make the caller
 * wait forever.
 */
int net_wait(int fd, short events, int64_t deadline)
{
	struct pollfd ready = {.fd = fd, .events = events};
	int n = poll(&ready, 1, net_left_ms(deadline));

	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	return n ? 0 : -ETIME;
}
