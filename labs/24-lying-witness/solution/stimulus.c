/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lab 24: something for four witnesses to see.
 *
 *	program ADDRESS PORT
 *
 * A witness that reports nothing may be right, or blind. To find out, do something
 * that it has to report, and note what you did: a control. Each event should
 * differ from the others, so that you can tell which of them a witness missed.
 *
 * Out: datagrams to ADDRESS, and a line for each. Compare tracer/, which sends
 * packets of its own before it believes that there were none.
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
#include <time.h>
#include <unistd.h>

/* Prints "sent 40 bytes at 1764374400.123456": seconds since 1970. */
static void say(size_t length)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	printf("sent %zu bytes at %lld.%06ld\n", length, (long long)now.tv_sec,
	       now.tv_nsec / 1000);
}

/* Gives the witnesses something to see. 0 or -errno. */
static int stimulate(int fd)
{
	/*
	 * YOURS 1: five datagrams or more, each of another length. Say what you
	 * have sent: say().
	 */
	static const char bytes[1000];
	size_t length;

	for (length = 10; length <= 70; length += 10) {
		if (write(fd, bytes, length) < 0)
			return -errno;
		say(length);
	}
	return 0;
	/*
	 * WAS:
	 * (void)fd;
	 * (void)say;
	 * return 0;
	 */
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	int fd, err;

	if (argc != 3 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
		fprintf(stderr, "usage: %s ADDRESS PORT\n", argv[0]);
		return 64;
	}
	to.sin_port = htons((uint16_t)atoi(argv[2]));
	setvbuf(stdout, NULL, _IOLBF, 0); /* writes each line at once */
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
		fprintf(stderr, "connect: %s\n", strerror(errno));
		return 1;
	}
	err = stimulate(fd);
	printf("end: %s\n", err ? strerror(-err) : "no error");
	close(fd);
	return err != 0;
}
