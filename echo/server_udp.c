/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The UDP half of echo-server: receives one datagram and sends the same bytes
 * back to its sender. It needs no listen and no accept: the calls are those of
 * client_udp.c in the other order. Compare server_tcp.c for what a stream
 * needs.
 *
 * recvmsg(2) is used because read(2) discards the sender's address (lab 08), and
 * recvfrom(2) does not give the address that a datagram was sent to.
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

/*
 * Whether the datagram was sent to this host only. Broadcasts and multicasts get
 * no answer: one datagram with a false source would bring its victim the answers
 * of all hosts (RFC 1122, 4.1.3.5 and 3.2.2). The kernel gives the address in the
 * header, and for IPv4 also the address that this host would answer from. These
 * are equal only for an address of this host (fib_compute_spec_dst()).
 */
static bool udp_sent_to_us(struct msghdr *message)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(message);
	struct in6_pktinfo to6;
	struct in_pktinfo to;

	for (; c; c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&to, CMSG_DATA(c), sizeof(to));
			return to.ipi_addr.s_addr == to.ipi_spec_dst.s_addr;
		}
		if (c->cmsg_level == IPPROTO_IPV6 &&
		    c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&to6, CMSG_DATA(c), sizeof(to6));
			return !IN6_IS_ADDR_MULTICAST(&to6.ipi6_addr);
		}
	}
	return false;
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
	_Alignas(struct cmsghdr) char
		control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	struct sockaddr_storage peer = {0};
	struct iovec bytes = {s->buffer, s->buffer_bytes};
	struct msghdr message = {
		.msg_name = &peer,
		.msg_namelen = sizeof(peer),
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	socklen_t peer_len;
	ssize_t n;
	int err;

	/* MSG_TRUNC: give the datagram's length, also where the buffer ends */
	n = recvmsg(socket->watched.fd, &message, MSG_TRUNC);
	peer_len = message.msg_namelen;
	if (n < 0) {
		/* EAGAIN: its checksum was wrong (select(2), BUGS) */
		if (errno != EAGAIN && errno != EINTR)
			udp_warn(s, socket, "recvmsg", NULL, 0);
		return 0;
	}
	if ((size_t)n > s->buffer_bytes) {
		s->totals.truncated++; /* half an echo would be a lie */
		return net_report("packet-truncated", (size_t)n, "from", &peer,
				  peer_len);
	}
	if (!server_udp_answers(&peer, socket->port) ||
	    !udp_sent_to_us(&message)) {
		s->totals.ignored++;
		return net_report("packet-ignored", (size_t)n, "from", &peer,
				  peer_len);
	}
	s->totals.received++;
	err = net_report("packet-received", (size_t)n, "from", &peer, peer_len);
	if (err)
		return err;

	n = sendto(socket->watched.fd, s->buffer, (size_t)n, 0,
		   (struct sockaddr *)&peer, peer_len);
	if (n < 0) {
		udp_warn(s, socket, "sendto", &peer, peer_len);
		return 0;
	}
	s->totals.written++;
	s->totals.bytes += (unsigned long long)n;
	return net_report("packet-written", (size_t)n, "to", &peer, peer_len);
}
