// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * sends udp|tcp ADDRESS: every way in which bytes get into a socket, once
 * each, with a length of its own; for the test of what the tracer says of them.
 *
 * Sends to a socket of its own at ADDRESS (127.0.0.1, ::1), reads what came,
 * and prints what a tracer should have seen: `sendmsg 18 127.0.0.1:40000`.
 * With udp the first half goes out unconnected, each call naming its peer.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static char bytes[64]; /* what is sent; none of it matters */
static union address to;
static int out, in; /* the two ends */

static void set_address(union address *address, const char *text)
{
	memset(address, 0, sizeof(*address));
	address->any.sa_family = strchr(text, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(address->any.sa_family, text,
		      address->any.sa_family == AF_INET ?
			      (void *)&address->in.sin_addr :
			      (void *)&address->in6.sin6_addr) != 1)
		errx(64, "no address: %s", text);
}

/* The next call sent @sent bytes; @expected is what it was given. */
static void check(const char *call, ssize_t sent, size_t expected)
{
	bool v6 = to.any.sa_family == AF_INET6;
	char host[INET6_ADDRSTRLEN], buffer[sizeof(bytes)];
	size_t got = 0;

	if (sent < 0 || (size_t)sent != expected)
		err(1, "%s: %zd of %zu", call, sent, expected);
	while (got < expected) {
		ssize_t n = read(in, buffer, expected - got);

		if (n <= 0)
			err(1, "%s: read", call);
		got += n;
	}
	inet_ntop(to.any.sa_family,
		  v6 ? (void *)&to.in6.sin6_addr : (void *)&to.in.sin_addr,
		  host, sizeof(host));
	printf(v6 ? "%s %zu [%s]:%u\n" : "%s %zu %s:%u\n", call, expected, host,
	       ntohs(to.in.sin_port)); /* at the same place in both */
}

static void send_vectors(const union address *peer, size_t count)
{
	static const size_t lengths[] = {5, 6, 7};
	struct iovec vectors[3];
	struct msghdr message = {
		.msg_name = (void *)peer,
		.msg_namelen = peer ? sizeof(*peer) : 0,
		.msg_iov = vectors,
		.msg_iovlen = count,
	};
	size_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		vectors[i] = (struct iovec){bytes, lengths[i]};
		sum += lengths[i];
	}
	check("sendmsg", sendmsg(out, &message, 0), sum);
	if (!peer)
		check("writev", writev(out, vectors, count), sum);
}

static void send_spliced(size_t len)
{
	int ends[2];

	if (pipe(ends) || write(ends[1], bytes, len) != (ssize_t)len)
		err(1, "pipe");
	check("splice", splice(ends[0], NULL, out, NULL, len, 0), len);
	close(ends[0]);
	close(ends[1]);
}

static void send_file(size_t len)
{
	int file = memfd_create("sends", 0);

	if (file < 0 || write(file, bytes, len) != (ssize_t)len ||
	    lseek(file, 0, SEEK_SET))
		err(1, "file");
	check("sendfile", sendfile(out, file, NULL, len), len);
	close(file);
}

int main(int argc, char **argv)
{
	socklen_t len = sizeof(to);
	int type, listener;

	if (argc != 3)
		errx(64, "usage: sends udp|tcp ADDRESS");
	type = strcmp(argv[1], "tcp") == 0 ? SOCK_STREAM : SOCK_DGRAM;
	set_address(&to, argv[2]);
	in = listener = socket(to.any.sa_family, type, 0);
	out = socket(to.any.sa_family, type, 0);
	if (in < 0 || out < 0 || bind(in, &to.any, sizeof(to)) ||
	    getsockname(in, &to.any, &len))
		err(1, "socket");
	if (type == SOCK_STREAM && listen(listener, 1))
		err(1, "listen");
	if (type == SOCK_DGRAM) {
		check("sendto", sendto(out, bytes, 11, 0, &to.any, sizeof(to)),
		      11);
		send_vectors(&to, 1);
		send_vectors(&to, 3);
	}
	if (connect(out, &to.any, sizeof(to)))
		err(1, "connect");
	if (type == SOCK_STREAM)
		in = accept(listener, NULL, NULL);
	check("sendto", send(out, bytes, 12, 0), 12); /* as libc does it */
	check("write", write(out, bytes, 13), 13);
	send_vectors(NULL, 1);
	send_vectors(NULL, 3);
	send_spliced(14);
	send_file(15);
	return 0;
}
