// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The calls of play_program.c, and the line that each one writes to the log.
 *
 *   in:  one operation
 *   out: its effect on the socket table, a line on LOG_FD
 *
 * play_program.c has the list of operations.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "play.h"

#define FLOOD       20 /* datagrams back to back; judge.py knows it */
#define PAYLOAD_MAX 1400
#define PARTS       20 /* of a vector; the tracer reads 8 */

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in ipv4;
		struct sockaddr_in6 ipv6;
	};
	socklen_t len;
	const void *pointer; /* of any, but for "bad" */
};

static const struct kind {
	const char *name;
	int family, type, protocol;
} kinds[] = {
	{"udp4", AF_INET, SOCK_DGRAM, 0},
	{"udp6", AF_INET6, SOCK_DGRAM, 0},
	{"tcp4", AF_INET, SOCK_STREAM, 0},
	{"tcp6", AF_INET6, SOCK_STREAM, 0},
	{"udplite", AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE},
	{"ping", AF_INET, SOCK_DGRAM, IPPROTO_ICMP},
	{"raw-udp", AF_INET, SOCK_RAW, IPPROTO_UDP},
	{"raw-tcp", AF_INET, SOCK_RAW, IPPROTO_TCP},
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now); /* the clock of tcpdump */
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

static struct slot *slot_of(struct play *play, const struct op *op, int at)
{
	return &play->slot[(unsigned int)op_number(op, at) % SLOTS];
}

/* The address in words @at and @at + 1; none: length 0. */
static void read_address(struct address *a, const struct op *op, int at)
{
	const char *host = op_word(op, at);
	uint16_t port = htons(op_number(op, at + 1));

	memset(a, 0, sizeof(*a));
	a->pointer = &a->any;
	if (strcmp(host, "bad") == 0) {
		a->pointer = (const void *)8;
		a->len = sizeof(a->ipv4);
	} else if (strcmp(host, "short") == 0) {
		a->any.sa_family = AF_INET;
		a->len = 1;
	} else if (strcmp(host, "unspec") == 0) {
		a->len = sizeof(a->ipv4);
	} else if (inet_pton(AF_INET, host, &a->ipv4.sin_addr) == 1) {
		a->ipv4.sin_family = AF_INET;
		a->ipv4.sin_port = port;
		a->len = sizeof(a->ipv4);
	} else if (inet_pton(AF_INET6, host, &a->ipv6.sin6_addr) == 1) {
		a->ipv6.sin6_family = AF_INET6;
		a->ipv6.sin6_port = port;
		a->len = sizeof(a->ipv6);
	}
}

static int local_port(int fd)
{
	struct address a;

	a.len = sizeof(a.ipv6);
	if (getsockname(fd, &a.any, &a.len))
		return 0;
	/* sin_port and sin6_port have the same place */
	return ntohs(a.ipv4.sin_port);
}

/* One line: operation @at called @call, from @begin until now. */
static void report(int at, const char *call, const struct slot *slot, long ret,
		   uint64_t begin)
{
	uint64_t end = now_ns();
	int err = ret < 0 ? errno : 0;
	bool has_port = !strcmp(call, "bind") || !strcmp(call, "connect");
	char line[400];
	int len;

	len = snprintf(line, sizeof(line),
		       "{\"op\":%d,\"call\":\"%s\",\"pid\":%d,\"tid\":%ld,"
		       "\"fd\":%d,\"inode\":%" PRIu64 ",\"kind\":\"%s\","
		       "\"ret\":%ld,\"errno\":%d,\"begin\":%" PRIu64
		       ",\"end\":%" PRIu64 ",\"port\":%d}\n",
		       at, call, getpid(), syscall(SYS_gettid), slot->fd,
		       slot->inode, slot->kind, ret, err, begin, end,
		       has_port ? local_port(slot->fd) : 0);
	if (write(LOG_FD, line, len) != len)
		_exit(74);
}

static void do_socket(struct play *play, const struct op *op, int at)
{
	struct slot *slot = slot_of(play, op, 1);
	struct timeval limit = {.tv_usec = 300000};
	uint64_t begin = now_ns();
	struct stat about;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kinds[i].name, op_word(op, 2)))
			continue;
		slot->fd = socket(kinds[i].family, kinds[i].type,
				  kinds[i].protocol);
		slot->kind = kinds[i].name;
		slot->inode = 0;
		if (fstat(slot->fd, &about) == 0)
			slot->inode = about.st_ino;
		report(at, "socket", slot, slot->fd, begin);
		/* so that a blocking connect to a silent peer ends */
		setsockopt(slot->fd, SOL_SOCKET, SO_SNDTIMEO, &limit,
			   sizeof(limit));
	}
}

/* bind(2) or connect(2): both take a socket and an address. */
static void do_address(struct play *play, const struct op *op, int at,
		       const char *name,
		       int (*call)(int, const struct sockaddr *, socklen_t))
{
	struct slot slot = *slot_of(play, op, 1);
	struct address a;
	uint64_t begin;
	int ret;

	read_address(&a, op, 2);
	begin = now_ns();
	ret = call(slot.fd, a.pointer, a.len);
	report(at, name, &slot, ret, begin);
}

static void do_bind(struct play *play, const struct op *op, int at)
{
	do_address(play, op, at, "bind", bind);
}

static void do_connect(struct play *play, const struct op *op, int at)
{
	do_address(play, op, at, "connect", connect);
}

/* The vector that writev(2) and sendmsg(2) take: 20 parts, the last is long. */
static int split(struct iovec part[PARTS], char *payload, size_t len)
{
	int parts = 0;

	while (len && parts < PARTS - 1) {
		part[parts++] = (struct iovec){payload++, 1};
		len--;
	}
	if (len)
		part[parts++] = (struct iovec){payload, len};
	return parts;
}

/* Back to back, with one line in the log: some arrive in another call. */
static long flood(int fd, const char *payload, size_t len,
		  const struct address *a)
{
	for (int i = 0; i < FLOOD; i++)
		sendto(fd, payload, len, 0, &a->any, a->len);
	return FLOOD;
}

static long send_as(const char *form, int fd, char *payload, size_t len,
		    struct address *a)
{
	struct iovec part[PARTS];
	int parts = split(part, payload, len);
	struct mmsghdr message[3] = {0};

	for (int i = 0; i < 3; i++)
		message[i].msg_hdr =
			(struct msghdr){.msg_name = a->len ? &a->any : NULL,
					.msg_namelen = a->len,
					.msg_iov = part,
					.msg_iovlen = parts};
	if (strcmp(form, "send") == 0)
		return send(fd, payload, len, 0);
	if (strcmp(form, "sendto") == 0)
		return sendto(fd, payload, len, 0, a->len ? &a->any : NULL,
			      a->len);
	if (strcmp(form, "sendmsg") == 0)
		return sendmsg(fd, &message->msg_hdr, 0);
	if (strcmp(form, "sendmmsg") == 0)
		return sendmmsg(fd, message, 3, 0);
	if (strcmp(form, "flood") == 0)
		return flood(fd, payload, len, a);
	if (strcmp(form, "writev") == 0)
		return writev(fd, part, parts);
	return write(fd, payload, len);
}

static void do_send(struct play *play, const struct op *op, int at)
{
	struct slot slot = *slot_of(play, op, 1);
	size_t len = op_number(op, 3);
	char payload[PAYLOAD_MAX + 1];
	struct address a;
	uint64_t begin;
	long ret;

	if (len > PAYLOAD_MAX)
		len = PAYLOAD_MAX;
	memset(payload, '.', sizeof(payload));
	snprintf(payload, sizeof(payload), "P%015" PRIx64, slot.inode);
	read_address(&a, op, 4);
	begin = now_ns();
	ret = send_as(op_word(op, 2), slot.fd, payload, len, &a);
	report(at, op_word(op, 2), &slot, ret, begin);
}

static void do_option(struct play *play, const struct op *op, int at)
{
	int fd = slot_of(play, op, 1)->fd;
	const char *name = op_word(op, 2);
	struct linger reset = {.l_onoff = 1};
	int on = 1;

	(void)at;
	if (strcmp(name, "nonblock") == 0) {
		fcntl(fd, F_SETFL, O_NONBLOCK);
	} else if (strcmp(name, "reuse") == 0) {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	} else if (strcmp(name, "fastopen") == 0) {
		setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on,
			   sizeof(on));
	} else if (strcmp(name, "linger") == 0) {
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	}
}

static void do_dup(struct play *play, const struct op *op, int at)
{
	struct slot *from = slot_of(play, op, 1), *to = slot_of(play, op, 2);
	struct slot copy = *from;

	(void)at;
	copy.fd = dup(from->fd);
	*to = copy;
}

static void do_close(struct play *play, const struct op *op, int at)
{
	struct slot slot = *slot_of(play, op, 1);
	uint64_t begin = now_ns();
	int ret = close(slot.fd);

	report(at, "close", &slot, ret, begin);
	slot_of(play, op, 1)->fd = -1;
}

static void do_wait(struct play *play, const struct op *op, int at)
{
	struct pollfd wanted = {.fd = slot_of(play, op, 1)->fd,
				.events = POLLOUT};

	(void)at;
	poll(&wanted, 1, 100);
}

static const struct verb {
	const char *name;
	void (*perform)(struct play *play, const struct op *op, int at);
} verbs[] = {
	{"socket", do_socket}, {"bind", do_bind}, {"connect", do_connect},
	{"send", do_send},     {"dup", do_dup},   {"option", do_option},
	{"close", do_close},   {"wait", do_wait},
};

void play_call(struct play *play, int at)
{
	const struct op *op = &play->op[at];

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (strcmp(verbs[i].name, op_word(op, 0)) == 0)
			verbs[i].perform(play, op, at);
}
