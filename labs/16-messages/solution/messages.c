/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lab 16: UDP keeps the boundaries of messages.
 *
 *	program receive ADDRESS PORT BYTES     with a buffer of BYTES
 *	program send ADDRESS PORT BYTES        a body of BYTES, between two marks
 *	program largest ADDRESS PORT           the longest that needs no fragments
 *
 * One call sends one message, and one call takes one. What does not fit into the
 * buffer is discarded. A message may be empty. On TCP none of this is true.
 *
 * In: messages. Out: a line for each. Compare echo/server_udp.c, which reports a
 * message that is too long for its buffer.
 *
 * The solution, from which start.c is cut. After each part that was YOURS to
 * write comes the code that it WAS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define HEADERS_BYTES 28 /* IPv4 without options, and UDP */

struct message {
	size_t length; /* as it was sent */
	size_t kept;   /* bytes of it in the buffer */
};

/*
 * Takes one message. 1, 0 at the end, or -errno. Writes no byte past
 * buffer[size - 1].
 */
static int receive(int fd, char *buffer, size_t size, struct message *message)
{
	/*
	 * YOURS 1: the true length, also if the buffer is too small (MSG_TRUNC,
	 * recv(2)). Does a message of 0 bytes end anything?
	 */
	ssize_t n = recv(fd, buffer, size, MSG_TRUNC);

	if (n < 0)
		return -errno;
	message->length = (size_t)n;
	message->kept = message->length < size ? message->length : size;
	return 1;
	/*
	 * WAS:
	 * ssize_t n, all = 0;
	 *
	 * do {
	 *	n = read(fd, buffer, size);
	 *	if (n > 0)
	 *		all += n;
	 * } while (n == (ssize_t)size);
	 * message->length = (size_t)all;
	 * message->kept = n > 0 ? (size_t)n : 0;
	 * return n > 0;
	 */
}

/* Sends mark, body and mark as one message. Bytes sent, or -errno. */
static ssize_t send_pieces(int fd, char *body, size_t size)
{
	char begin[] = "<", end[] = ">";
	ssize_t n;

	/* YOURS 2: one message from three pieces (writev(2), sendmsg(2)). */
	const struct iovec pieces[] = {{begin, 1}, {body, size}, {end, 1}};

	n = writev(fd, pieces, 3);
	/*
	 * WAS:
	 * n = write(fd, begin, 1);
	 * if (n >= 0)
	 *	n = write(fd, body, size);
	 * if (n >= 0)
	 *	n = write(fd, end, 1);
	 */
	return n < 0 ? -errno : n;
}

/* The longest message to this peer that fits into one packet, or -errno. */
static ssize_t largest(int fd)
{
	/* YOURS 3: the kernel knows the path's MTU (IP_MTU, ip(7)). */
	int mtu;
	socklen_t len = sizeof(mtu);

	if (getsockopt(fd, IPPROTO_IP, IP_MTU, &mtu, &len) < 0)
		return -errno;
	return mtu - HEADERS_BYTES;
	/*
	 * WAS:
	 * (void)fd;
	 * return 1500 - HEADERS_BYTES;
	 */
}

/* Prints "message: 10 bytes, 4 kept: abcd" for each, until the end. */
static int receive_all(int fd, size_t size)
{
	char *buffer = malloc(size);
	struct message message = {0};

	if (!buffer)
		return 1;
	puts("listening");
	while (receive(fd, buffer, size, &message) > 0)
		printf("message: %zu bytes, %zu kept: %.*s\n", message.length,
		       message.kept, (int)message.kept, buffer);
	puts("end of file");
	free(buffer);
	return 0;
}

/* Prints "sent: 1472 bytes", or "send: Message too long". */
static int report(ssize_t sent)
{
	if (sent < 0)
		printf("send: %s\n", strerror((int)-sent));
	else
		printf("sent: %zd bytes\n", sent);
	return sent < 0;
}

static int send_body(int fd, size_t size)
{
	char *body = malloc(size + 1);
	int failed;

	if (!body)
		return 1;
	memset(body, 'x', size);
	failed = report(send_pieces(fd, body, size));
	free(body);
	return failed;
}

/* Sends the largest message, and one with a byte more, which must not leave. */
static int send_largest(int fd)
{
	const int never = IP_PMTUDISC_DO; /* no fragments */
	static char bytes[65536];
	ssize_t most = largest(fd);

	if (most < 0 || most >= (ssize_t)sizeof(bytes))
		return report(most < 0 ? most : -EMSGSIZE);
	printf("largest: %zd bytes\n", most);
	setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &never, sizeof(never));
	report(send(fd, bytes, (size_t)most, 0) < 0 ? -errno : most);
	report(send(fd, bytes, (size_t)most + 1, 0) < 0 ? -errno : most + 1);
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	int fd, receives, err;

	if (argc < 4 || inet_pton(AF_INET, argv[2], &address.sin_addr) != 1) {
		fprintf(stderr,
			"usage: %s receive|send|largest ADDRESS PORT [BYTES]\n",
			argv[0]);
		return 64;
	}
	address.sin_port = htons((uint16_t)atoi(argv[3]));
	setvbuf(stdout, NULL, _IOLBF, 0); /* writes each line at once */
	receives = !strcmp(argv[1], "receive");

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	err = fd < 0;
	if (!err)
		err = receives ? bind(fd, (struct sockaddr *)&address,
				      sizeof(address)) :
				 connect(fd, (struct sockaddr *)&address,
					 sizeof(address));
	if (err) {
		fprintf(stderr, "socket: %s\n", strerror(errno));
		return 1;
	}
	if (argc == 4)
		return send_largest(fd);
	return receives ? receive_all(fd, (size_t)atoi(argv[4])) :
			  send_body(fd, (size_t)atoi(argv[4]));
}
