// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sends the self-test packets. See selftest.h.
 */
#include "selftest.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "wire/clock.h"

/*
 * Groups for documentation (RFC 6676 2 and 3), the second of link-local scope
 * (RFC 4291 2.7), and the discard port (RFC 863): no host listens.
 */
#define MULTICAST_ADDR  "233.252.0.1"
#define MULTICAST_ADDR6 "ff02::db8:0:1"
#define MULTICAST_PORT  9

/* Allowed for the difference between the capture's clock and ours. */
#define CLOCK_SLACK_NS 100000

static int selftest_error(void)
{
	return errno == EAGAIN ? -ETIMEDOUT : -errno;
}

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static union address address_of(enum selftest_family family)
{
	union address address = {0};

	if (family == FAMILY_IPV4) {
		address.in.sin_family = AF_INET;
		address.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return address;
	}
	address.in6.sin6_family = AF_INET6;
	inet_pton(AF_INET6, family == FAMILY_IPV6 ? "::1" : "::ffff:127.0.0.1",
		  &address.in6.sin6_addr);
	return address;
}

static void set_end(struct selftest_end *end, const union address *address)
{
	end->end = (struct endpoint){.family = address->any.sa_family};
	if (address->any.sa_family == AF_INET) {
		end->end.port = ntohs(address->in.sin_port);
		memcpy(end->end.addr, &address->in.sin_addr, 4);
	} else {
		end->end.port = ntohs(address->in6.sin6_port);
		memcpy(end->end.addr, &address->in6.sin6_addr, 16);
	}
	end->from_ns = clock_now_ns();
	end->until_ns = UINT64_MAX; /* until the walk is over */
}

static int set_options(int fd, int family)
{
	struct timeval patience = {.tv_sec = 2};
	int no = 0;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)))
		return -errno;
	/* for the mapped address, whatever net.ipv6.bindv6only says */
	if (family == AF_INET6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no)))
		return -errno;
	return 0;
}

/* A socket at the loopback address, with a port of its own: *@address. */
static int bound_socket(struct selftest *selftest, enum selftest_family family,
			int type, union address *address)
{
	socklen_t len = sizeof(*address);
	int fd, err;

	*address = address_of(family);
	fd = socket(address->any.sa_family, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	err = set_options(fd, address->any.sa_family);
	if (!err && (bind(fd, &address->any, sizeof(*address)) ||
		     getsockname(fd, &address->any, &len)))
		err = -errno;
	if (err) {
		close(fd);
		return err;
	}
	/* the latest are enough: older packets were captured long ago */
	set_end(&selftest->ends[selftest->ends_len++ % SELFTEST_ENDS], address);
	return fd;
}

/* Up to Linux 6.4 splicing has functions of its own (bpf/steps.def). */
static bool splice_byte(int fd)
{
	int ends[2];
	bool done;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	done = write(ends[1], "s", 1) == 1 &&
	       splice(ends[0], NULL, fd, NULL, 1, 0) == 1;
	close(ends[0]);
	close(ends[1]);
	return done;
}

static int walk_udp(struct selftest *selftest, enum selftest_family family)
{
	struct sockaddr nobody = {.sa_family = AF_UNSPEC};
	union address here, there;
	int receiver, sender = -1, err = 0;
	char byte = 's';

	receiver = bound_socket(selftest, family, SOCK_DGRAM, &there);
	if (receiver < 0)
		return receiver;
	sender = bound_socket(selftest, family, SOCK_DGRAM, &here);
	if (sender < 0)
		err = sender;
	else if (connect(sender, &there.any, sizeof(there)) ||
		 send(sender, &byte, 1, 0) != 1 ||
		 recv(receiver, &byte, 1, 0) != 1 || !splice_byte(sender) ||
		 recv(receiver, &byte, 1, 0) != 1 ||
		 connect(sender, &nobody, sizeof(nobody)))
		err = selftest_error();
	if (sender >= 0)
		close(sender);
	close(receiver);
	return err;
}

static int walk_tcp(struct selftest *selftest, enum selftest_family family)
{
	union address here, there;
	int listener, client = -1, server = -1, err = 0;
	char byte = 's';

	listener = bound_socket(selftest, family, SOCK_STREAM, &there);
	if (listener < 0)
		return listener;
	client = bound_socket(selftest, family, SOCK_STREAM, &here);
	if (client < 0)
		err = client;
	else if (listen(listener, 1) ||
		 connect(client, &there.any, sizeof(there)))
		err = selftest_error();
	else if ((server = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0 ||
		 send(client, &byte, 1, 0) != 1 ||
		 recv(server, &byte, 1, 0) != 1 || !splice_byte(client) ||
		 recv(server, &byte, 1, 0) != 1)
		err = selftest_error();
	if (client >= 0)
		close(client); /* first: the FIN is part of the walk */
	if (!err && recv(server, &byte, 1, 0) != 0)
		err = selftest_error();
	if (server >= 0)
		close(server);
	close(listener);
	return err;
}

static int selftest_walk_family(struct selftest *selftest,
				enum selftest_family family)
{
	int err = 0;

	if (selftest->udp)
		err = walk_udp(selftest, family);
	if (!err && selftest->tcp)
		err = walk_tcp(selftest, family);
	return err;
}

void selftest_init(struct selftest *selftest, bool udp, bool tcp)
{
	int err;

	*selftest = (struct selftest){.udp = udp, .tcp = tcp};
	selftest->second = FAMILY_IPV6;
	err = selftest_walk_family(selftest, FAMILY_IPV6);
	if (!err)
		return;
	snprintf(selftest->no_ipv6, sizeof(selftest->no_ipv6), "::1: %s",
		 strerror(-err));
	selftest->second = FAMILY_MAPPED;
	if (selftest_walk_family(selftest, FAMILY_MAPPED))
		selftest->second = FAMILY_NONE;
}

static union address multicast_address(int family)
{
	union address to = {0};

	to.any.sa_family = family;
	if (family == AF_INET6) {
		to.in6.sin6_port = htons(MULTICAST_PORT);
		inet_pton(AF_INET6, MULTICAST_ADDR6, &to.in6.sin6_addr);
	} else {
		to.in.sin_port = htons(MULTICAST_PORT);
		to.in.sin_addr.s_addr = inet_addr(MULTICAST_ADDR);
	}
	return to;
}

static int leave_by(int fd, int family, int ifindex)
{
	struct ip_mreqn via = {.imr_ifindex = ifindex};

	if (family == AF_INET6) /* ipv6(7) */
		return setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &ifindex,
				  sizeof(ifindex));
	return setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &via, sizeof(via));
}

/*
 * Sends one datagram through the captured interface, to a group without
 * members: a capture on an interface other than lo must have something to see,
 * too. For a group the TTL is 1 (ip(7)), and the IPv6 group is link-local.
 */
static int send_multicast(int family, int ifindex)
{
	union address to = multicast_address(family);
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (leave_by(fd, family, ifindex) ||
	    sendto(fd, "s", 1, 0, &to.any, sizeof(to)) != 1)
		err = -errno;
	close(fd);
	return err;
}

void selftest_multicast_on(struct selftest *selftest, const char *iface)
{
	int err;

	selftest->multicast_ifindex = (int)if_nametoindex(iface);
	err = send_multicast(AF_INET6, selftest->multicast_ifindex);
	if (err)
		snprintf(selftest->no_multicast6,
			 sizeof(selftest->no_multicast6), "%s: %s", iface,
			 strerror(-err));
}

const char *selftest_no_ipv6(const struct selftest *selftest)
{
	return selftest->no_ipv6[0] ? selftest->no_ipv6 :
				      selftest->no_multicast6;
}

int selftest_walk(struct selftest *selftest)
{
	int err;

	err = selftest_walk_family(selftest, FAMILY_IPV4);
	if (!err && selftest->second != FAMILY_NONE)
		err = selftest_walk_family(selftest, selftest->second);
	if (!err && selftest->multicast_ifindex)
		err = send_multicast(AF_INET, selftest->multicast_ifindex);
	/* no check: if IPv6 has gone since, the control shows it */
	if (!err && selftest->multicast_ifindex && !selftest->no_multicast6[0])
		send_multicast(AF_INET6, selftest->multicast_ifindex);
	for (unsigned int i = 0; i < SELFTEST_ENDS; i++)
		if (selftest->ends[i].until_ns == UINT64_MAX)
			selftest->ends[i].until_ns = clock_now_ns();
	if (!err)
		selftest->sent++;
	return err;
}

void selftest_why(const struct selftest *selftest, int err, char *why,
		  size_t size)
{
	const char *question = "is lo up? ip link set lo up";

	if (err == -EPERM || err == -EACCES || err == -ECONNREFUSED)
		question = "does a firewall rule of this machine reject it? "
			   "nft list ruleset, iptables -S";
	else if (err == -ETIMEDOUT)
		question = "does a firewall rule of this machine, or a qdisc "
			   "of lo, drop it? nft list ruleset, iptables -S, tc "
			   "qdisc show dev lo";
	else if (selftest->multicast_ifindex)
		question = "does the captured interface exist, and is it up?";
	snprintf(why, size, "the self-test's own traffic fails (%s): %s",
		 strerror(-err), question);
}

static bool is_multicast_selftest(const struct endpoint *to)
{
	union address group;

	if (to->port != MULTICAST_PORT)
		return false;
	group = multicast_address(to->family);
	if (to->family == AF_INET6)
		return memcmp(to->addr, &group.in6.sin6_addr, 16) == 0;
	return to->family == AF_INET &&
	       memcmp(to->addr, &group.in.sin_addr, 4) == 0;
}

bool selftest_owns(const struct selftest *selftest, const struct record *packet)
{
	const struct endpoint *to = &packet->peer;

	if (is_multicast_selftest(to))
		return true;
	for (unsigned int i = 0; i < SELFTEST_ENDS; i++) {
		const struct selftest_end *end = &selftest->ends[i];

		if (end->end.port &&
		    packet->ts_ns + CLOCK_SLACK_NS >= end->from_ns &&
		    packet->ts_ns <= end->until_ns + CLOCK_SLACK_NS &&
		    (endpoint_equal(&end->end, &packet->local) ||
		     endpoint_equal(&end->end, to)))
			return true;
	}
	return false;
}
