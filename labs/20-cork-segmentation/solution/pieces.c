/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lab 20: one packet from many calls, and many packets from one call.
 *
 *	program datagram ADDRESS PORT BYTES...      UDP: a piece of each length
 *	program segments ADDRESS PORT SIZE TOTAL    UDP: messages of SIZE bytes
 *	program stream ADDRESS PORT BYTES...        TCP: a piece of each length
 *
 * The kernel can hold back what is written until it is whole (UDP_CORK, TCP_CORK),
 * and it can cut what is written (UDP_SEGMENT). So the number of packets need not
 * be that of the calls.
 *
 * Out: what was sent. Compare lab 16, which makes one message of three pieces with
 * one call.
 *
 * The solution, from which start.c is cut. After each part that was YOURS to
 * write comes the code that it WAS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_PIECES 16

static char bytes[65536];

/* Writes each piece with a call of its own. 0 or -errno. */
static int write_each(int fd, const size_t *pieces, int count)
{
	int i;

	for (i = 0; i < count; i++)
		if (write(fd, bytes, pieces[i]) < 0)
			return -errno;
	return 0;
}

/* Sends all pieces as one datagram. 0 or -errno. */
static int send_datagram(int fd, const size_t *pieces, int count)
{
	/*
	 * YOURS 1: UDP_CORK, an option of IPPROTO_UDP (udp(7)). While it is 1,
	 * write(2) only collects. What makes the datagram leave?
	 */
	const int on = 1, off = 0;
	int err;

	if (setsockopt(fd, IPPROTO_UDP, UDP_CORK, &on, sizeof(on)) < 0)
		return -errno;
	err = write_each(fd, pieces, count);
	if (setsockopt(fd, IPPROTO_UDP, UDP_CORK, &off, sizeof(off)) < 0)
		return -errno;
	return err;
	/* WAS: return write_each(fd, pieces, count); */
}

/* Sends datagrams of `size` bytes, and a last one with the rest. 0 or -errno. */
static int send_segments(int fd, int size, size_t total)
{
	/*
	 * YOURS 2: one write(2) of all bytes. UDP_SEGMENT, an option of
	 * IPPROTO_UDP, has the size to which the kernel cuts (udp(7)).
	 */
	if (setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)) < 0)
		return -errno;
	return write(fd, bytes, total) < 0 ? -errno : 0;
	/*
	 * WAS:
	 * size_t part;
	 *
	 * for (; total; total -= part) {
	 *	part = total < (size_t)size ? total : (size_t)size;
	 *	if (write(fd, bytes, part) < 0)
	 *		return -errno;
	 * }
	 * return 0;
	 */
}

/* Sends all pieces in one segment. 0 or -errno. */
static int send_stream(int fd, const size_t *pieces, int count)
{
	/* YOURS 3: the same for TCP: TCP_CORK, an option of IPPROTO_TCP (tcp(7)). */
	const int on = 1, off = 0;
	int err;

	if (setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof(on)) < 0)
		return -errno;
	err = write_each(fd, pieces, count);
	if (setsockopt(fd, IPPROTO_TCP, TCP_CORK, &off, sizeof(off)) < 0)
		return -errno;
	return err;
	/* WAS: return write_each(fd, pieces, count); */
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	size_t pieces[MOST_PIECES];
	int fd, i, err, stream, count = argc - 4;

	if (count < 1 || count > MOST_PIECES ||
	    inet_pton(AF_INET, argv[2], &address.sin_addr) != 1) {
		fprintf(stderr,
			"usage: %s datagram|segments|stream ADDRESS PORT "
			"BYTES...\n",
			argv[0]);
		return 64;
	}
	address.sin_port = htons((uint16_t)atoi(argv[3]));
	for (i = 0; i < count; i++)
		pieces[i] = (size_t)atoi(argv[4 + i]) % sizeof(bytes);
	memset(bytes, 'x', sizeof(bytes));

	stream = !strcmp(argv[1], "stream");
	fd = socket(AF_INET, stream ? SOCK_STREAM : SOCK_DGRAM, 0);
	if (fd < 0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		fprintf(stderr, "connect: %s\n", strerror(errno));
		return 1;
	}
	if (stream)
		err = send_stream(fd, pieces, count);
	else if (!strcmp(argv[1], "segments") && count == 2)
		err = send_segments(fd, (int)pieces[0], pieces[1]);
	else
		err = send_datagram(fd, pieces, count);
	printf("%s: %s\n", argv[1], err ? strerror(-err) : "sent");
	close(fd);
	return err != 0;
}
