/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The UDP half of echo-server: receives one datagram and sends the same bytes
 * back to its sender. It needs no listen and no accept: the calls are those of
 * client_udp.c in the other order. Compare server_tcp.c for what a stream
 * needs.
 *
 * recvfrom(2) is used because read(2) discards the sender's address (lab 08).
 */
#include "server.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

/*
 * Anybody can put a false source address on a datagram. If it is that of
 * another echo server, the two would answer each other for ever (CVE-2024-2169:
 * 80,327 datagrams in 3 s). So a server answers only ports above its own. In a
 * loop the port would have to rise at every step, so there is no loop, with any
 * number of servers and hosts. Clients lose nothing: the kernel gives them
 * ports above 32767, and echo-server takes none of those. Services on
 * well-known ports, such as echo(7) and DNS, get no answer.
 */
static bool could_be_a_server(in_port_t source_port, uint16_t own_port)
{
	return ntohs(source_port) <= own_port;
}

bool server_udp_answers(const struct sockaddr_storage *source, uint16_t port)
{
	const struct sockaddr_in *in = (const void *)source;
	const struct sockaddr_in6 *in6 = (const void *)source;
	uint32_t address;

	if (source->ss_family == AF_INET6)
		return !could_be_a_server(in6->sin6_port, port) &&
		       !IN6_IS_ADDR_MULTICAST(&in6->sin6_addr) &&
		       !IN6_IS_ADDR_UNSPECIFIED(&in6->sin6_addr);
	if (source->ss_family != AF_INET)
		return false;
	address = ntohl(in->sin_addr.s_addr);
	return !could_be_a_server(in->sin_port, port) &&
	       !IN_MULTICAST(address) && address != INADDR_BROADCAST &&
	       address != INADDR_ANY;
}

/* Prints the error and continues, because other clients wait. */
static void udp_warn(struct server *s, const struct server_socket *socket,
		     const char *call, const struct sockaddr_storage *peer,
		     socklen_t peer_len)
{
	s->totals.errors++;
	net_warn(call, SOCK_DGRAM, socket->watched.fd, peer, peer_len,
		 strerror(errno));
}

int server_udp_echo(struct server *s, const struct server_socket *socket)
{
	struct sockaddr_storage peer = {0};
	socklen_t peer_len = sizeof(peer);
	struct sockaddr *to = (struct sockaddr *)&peer;
	ssize_t n;
	int err;

	/* MSG_TRUNC: give the datagram's length, also where the buffer ends */
	n = recvfrom(socket->watched.fd, s->buffer, s->buffer_bytes, MSG_TRUNC,
		     to, &peer_len);
	if (n < 0) {
		/* EAGAIN: its checksum was wrong (select(2), BUGS) */
		if (errno != EAGAIN && errno != EINTR)
			udp_warn(s, socket, "recvfrom", NULL, 0);
		return 0;
	}
	if ((size_t)n > s->buffer_bytes) {
		s->totals.truncated++; /* a part is not an echo */
		return net_report("packet-truncated", (size_t)n, "from", &peer,
				  peer_len);
	}
	if (!server_udp_answers(&peer, socket->port)) {
		s->totals.ignored++;
		return net_report("packet-ignored", (size_t)n, "from", &peer,
				  peer_len);
	}
	s->totals.received++;
	err = net_report("packet-received", (size_t)n, "from", &peer, peer_len);
	if (err)
		return err;

	n = sendto(socket->watched.fd, s->buffer, (size_t)n, 0, to, peer_len);
	if (n < 0) {
		udp_warn(s, socket, "sendto", &peer, peer_len);
		return 0;
	}
	s->totals.written++;
	s->totals.bytes += (unsigned long long)n;
	return net_report("packet-written", (size_t)n, "to", &peer, peer_len);
}
