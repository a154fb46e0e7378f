// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sends the sentinels. See sentinel.h.
 */
#include "sentinel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* MCAST-TEST-NET (RFC 6676) and the discard port (RFC 863): nobody listens. */
#define KNOCK_ADDR "233.252.0.1"
#define KNOCK_PORT 9

/* Allowed for the difference between the capture's clock and ours. */
#define CLOCK_SLACK_NS 100000

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static int fail(void)
{
	return errno == EAGAIN ? -ETIMEDOUT : -errno;
}

/* A socket on 127.0.0.1 with a port of its own, which becomes known. */
static int bound_socket(struct sentinel *sentinel, int type,
			struct sockaddr_in *addr)
{
	struct timeval patience = {.tv_sec = 2};
	socklen_t len = sizeof(*addr);
	struct sentinel_end *end;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	*addr = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)) ||
	    bind(fd, (struct sockaddr *)addr, sizeof(*addr)) ||
	    getsockname(fd, (struct sockaddr *)addr, &len)) {
		int err = -errno;

		close(fd);
		return err;
	}
	/* the latest are enough: what is older has long been captured */
	end = &sentinel->ends[sentinel->ends_len++ % SENTINEL_ENDS];
	end->end = (struct endpoint){AF_INET, ntohs(addr->sin_port), {0}};
	memcpy(end->end.addr, &addr->sin_addr, 4);
	end->from_ns = now_ns();
	end->until_ns = UINT64_MAX; /* until the walk is over */
	return fd;
}

static int walk_udp(struct sentinel *sentinel)
{
	struct sockaddr nobody = {.sa_family = AF_UNSPEC};
	struct sockaddr_in here, there;
	int receiver, sender = -1, err = 0;
	char octet = 's';

	receiver = bound_socket(sentinel, SOCK_DGRAM, &there);
	if (receiver < 0)
		return receiver;
	sender = bound_socket(sentinel, SOCK_DGRAM, &here);
	if (sender < 0)
		err = sender;
	else if (connect(sender, (struct sockaddr *)&there, sizeof(there)) ||
		 send(sender, &octet, 1, 0) != 1 ||
		 recv(receiver, &octet, 1, 0) != 1 ||
		 connect(sender, &nobody, sizeof(nobody)))
		err = fail();
	if (sender >= 0)
		close(sender);
	close(receiver);
	return err;
}

static int walk_tcp(struct sentinel *sentinel)
{
	struct sockaddr_in here, there;
	int listener, client = -1, server = -1, err = 0;
	char octet = 's';

	listener = bound_socket(sentinel, SOCK_STREAM, &there);
	if (listener < 0)
		return listener;
	client = bound_socket(sentinel, SOCK_STREAM, &here);
	if (client < 0)
		err = client;
	else if (listen(listener, 1) ||
		 connect(client, (struct sockaddr *)&there, sizeof(there)))
		err = fail();
	else if ((server = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0 ||
		 send(client, &octet, 1, 0) != 1 ||
		 recv(server, &octet, 1, 0) != 1)
		err = fail();
	if (client >= 0)
		close(client); /* first: the FIN is part of the walk */
	if (!err && recv(server, &octet, 1, 0) != 0)
		err = fail();
	if (server >= 0)
		close(server);
	close(listener);
	return err;
}

/*
 * One datagram out of the captured interface, to where nobody is: a capture on
 * an interface other than lo must have something to see, too. TTL 1: it goes no
 * further than this link.
 */
static int knock(int ifindex)
{
	struct ip_mreqn via = {.imr_ifindex = ifindex};
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(KNOCK_PORT),
		.sin_addr.s_addr = inet_addr(KNOCK_ADDR),
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &via, sizeof(via)) ||
	    sendto(fd, "s", 1, 0, (struct sockaddr *)&to, sizeof(to)) != 1)
		err = -errno;
	close(fd);
	return err;
}

int sentinel_walk(struct sentinel *sentinel)
{
	int err = 0;

	if (sentinel->udp)
		err = walk_udp(sentinel);
	if (!err && sentinel->tcp)
		err = walk_tcp(sentinel);
	if (!err && sentinel->knock_ifindex)
		err = knock(sentinel->knock_ifindex);
	for (unsigned int i = 0; i < SENTINEL_ENDS; i++)
		if (sentinel->ends[i].until_ns == UINT64_MAX)
			sentinel->ends[i].until_ns = now_ns();
	if (!err)
		sentinel->sent++;
	return err;
}

bool sentinel_owns(const struct sentinel *sentinel, const struct record *packet)
{
	const struct endpoint *to = &packet->peer;

	if (to->family == AF_INET && to->port == KNOCK_PORT) {
		struct in_addr addr = {inet_addr(KNOCK_ADDR)};

		if (memcmp(to->addr, &addr, sizeof(addr)) == 0)
			return true;
	}
	for (unsigned int i = 0; i < SENTINEL_ENDS; i++) {
		const struct sentinel_end *end = &sentinel->ends[i];

		if (end->end.port &&
		    packet->ts_ns + CLOCK_SLACK_NS >= end->from_ns &&
		    packet->ts_ns <= end->until_ns + CLOCK_SLACK_NS &&
		    (endpoint_equal(&end->end, &packet->local) ||
		     endpoint_equal(&end->end, to)))
			return true;
	}
	return false;
}
