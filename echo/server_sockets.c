/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Opens the sockets that echo-server listens on: one for each address of a
 * name.
 *
 *   in:  a name and a type of socket
 *   out: bound descriptors, and a line for each: from then on no packet is lost
 *
 * Compare open_one() for the two types: UDP ends with bind(2), TCP continues
 * with listen(2).
 */
#include "server.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define FIRST_PORT    9007 /* where the search for a free port begins */
#define ROUND_CLIENTS 64

/* The port of an IPv4 or IPv6 address, as the kernel wants it. */
static in_port_t *port_of(struct sockaddr_storage *address)
{
	return address->ss_family == AF_INET6 ?
		       &((struct sockaddr_in6 *)address)->sin6_port :
		       &((struct sockaddr_in *)address)->sin_port;
}

static bool is_loopback(const struct sockaddr_storage *address)
{
	uint32_t ipv4;

	if (address->ss_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(
			&((const struct sockaddr_in6 *)address)->sin6_addr);
	ipv4 = ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr);
	return ipv4 >> 24 == IN_LOOPBACKNET;
}

/*
 * Lets in only datagrams that were sent to this host alone: a filter that the
 * kernel runs before it queues a datagram (socket(7), SO_ATTACH_FILTER). One
 * datagram to a broadcast or multicast address with a false source would
 * otherwise bring its victim the answers of all hosts (RFC 1122 4.1.3.5, 3.2.2).
 * lo marks no packet as a broadcast, hence the test of 127.255.255.255.
 */
static int refuse_broadcasts(int fd, int family)
{
	const __u32 destination = (__u32)SKF_NET_OFF + 16;  /* RFC 791 3.1 */
	const __u32 destination6 = (__u32)SKF_NET_OFF + 24; /* RFC 8200 3 */
	const __u32 packet_type = (__u32)(SKF_AD_OFF + SKF_AD_PKTTYPE);
	struct sock_filter ipv4[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, packet_type),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_HOST, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, destination),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x7fffffff, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xe0000000, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX), /* all of it */
		BPF_STMT(BPF_RET | BPF_K, 0),          /* drop it */
	};
	struct sock_filter ipv6[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, destination6),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xff, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog filter =
		family == AF_INET6 ?
			(struct sock_fprog){sizeof(ipv6) / sizeof(*ipv6),
					    ipv6} :
			(struct sock_fprog){sizeof(ipv4) / sizeof(*ipv4), ipv4};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter,
			  sizeof(filter));
}

/*
 * Makes a socket and binds it. A descriptor or -errno. SO_REUSEADDR is for TCP
 * only: there it ignores connections in TIME_WAIT; on UDP it would let two
 * servers share a port and lose each other's datagrams. Accepted sockets
 * inherit TCP_NODELAY: every write is sent at once and does not wait for the
 * ACK of the one before (Nagle), which the client may delay by 40 ms.
 */
static int open_one(const struct sockaddr_storage *address, socklen_t len,
		    int type)
{
	const int on = 1;
	int fd = socket(address->ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC,
			0);
	int err;

	if (fd < 0)
		return -errno;
	/* [::] must not take IPv4 as well: each family has its own socket */
	if (address->ss_family == AF_INET6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)))
		goto failed;
	if (type == SOCK_DGRAM && refuse_broadcasts(fd, address->ss_family))
		goto failed;
	if (type == SOCK_STREAM &&
	    (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	     setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on))))
		goto failed;
	if (bind(fd, (const struct sockaddr *)address, len))
		goto failed;
	if (type == SOCK_STREAM && listen(fd, SOMAXCONN))
		goto failed;
	return fd;
failed:
	err = -errno;
	close(fd);
	return err;
}

/*
 * Takes one datagram or client from a ready socket. With very many clients it
 * takes several: the socket's next turn comes later then, and new clients must be
 * accepted faster. An empty queue is not an error. 0 or -errno.
 */
static int serve_socket(struct server *s, struct watched *w)
{
	const struct server_socket *socket = (struct server_socket *)w;
	size_t turns = 1 + s->connection_count / ROUND_CLIENTS;
	int err = 0;

	while (turns-- && !err)
		if (socket->type == SOCK_DGRAM)
			err = server_udp_echo(s, socket);
		else
			server_tcp_accept(s, socket);
	return err;
}

/* Opens one address for one protocol and prints it. 0 or -errno. */
static int open_at(struct server *s, const struct addrinfo *at)
{
	struct server_socket *socket = &s->sockets[s->socket_count];
	struct sockaddr_storage address = {0};
	char text[NET_TEXT_BYTES];
	in_port_t *port;
	bool search;
	int fd, err;

	memcpy(&address, at->ai_addr, at->ai_addrlen);
	port = port_of(&address);
	search = *port == 0;
	if (search)
		*port = htons(FIRST_PORT);
	for (;;) {
		fd = open_one(&address, at->ai_addrlen, at->ai_socktype);
		socket->port = ntohs(*port);
		if (!search || fd != -EADDRINUSE ||
		    socket->port + 1 == SERVER_PORTS_END)
			break;
		*port = htons(socket->port + 1);
	}
	net_text(&address, at->ai_addrlen, text);
	socket->type = at->ai_socktype;
	socket->watched = (struct watched){fd, serve_socket};
	err = fd;
	if (fd >= 0)
		err = server_watch(s, EPOLL_CTL_ADD, &socket->watched, EPOLLIN);
	if (err) {
		fprintf(stderr, "echo-server: %s %s: %s\n",
			net_proto(socket->type), text, strerror(-err));
		if (fd >= 0)
			close(fd);
		return err;
	}
	s->socket_count++;
	if (!is_loopback(&address))
		fprintf(stderr,
			"echo-server: warning: %s is not loopback, "
			"other machines may reach it\n",
			text);
	if (printf("listening: %s %s\n", net_proto(socket->type), text) < 0) {
		err = -errno;
		fprintf(stderr, "echo-server: standard output: %s\n",
			strerror(-err));
		return err;
	}
	return 0;
}

/* An address that this host does not have: ::1 of a name where IPv6 is off. */
static bool not_here(int err)
{
	return err == -EADDRNOTAVAIL || err == -EAFNOSUPPORT;
}

int server_sockets_open(struct server *s, const struct net_name *name, int type)
{
	struct addrinfo *list;
	const size_t before = s->socket_count;
	int err = net_lookup(name, type, &list);

	if (err) {
		fprintf(stderr, "lookup %s: %s\n", name->host,
			gai_strerror(err));
		return -ENOENT;
	}
	for (const struct addrinfo *at = list; at; at = at->ai_next) {
		if (s->socket_count == SERVER_SOCKETS)
			break;
		err = open_at(s, at);
		if (err && !not_here(err))
			break;
	}
	freeaddrinfo(list);
	return not_here(err) && s->socket_count > before ? 0 : err;
}
