// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A client of a wrong world: it sends while connect(2) is under way.
 *
 *   window ADDRESS PORT
 *
 * One thread sends datagrams without pause, the other connects the same socket
 * again and again, so that some datagram leaves between the entry and the exit
 * of some connect. The verdict must not be that connect is silent.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define DATAGRAMS 300 /* sent while the other thread connects */

static struct sockaddr_in peer = {.sin_family = AF_INET};
static int fd;
static atomic_int sent;
static atomic_bool done;

static void *keep_sending(void *unused)
{
	while (!done) {
		sendto(fd, "x", 1, 0, (struct sockaddr *)&peer, sizeof(peer));
		sent++;
	}
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t sender;

	if (argc < 3 || inet_pton(AF_INET, argv[1], &peer.sin_addr) != 1) {
		fprintf(stderr, "usage: window ADDRESS PORT\n");
		return 64;
	}
	peer.sin_port = htons(atoi(argv[2]));
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || pthread_create(&sender, NULL, keep_sending, NULL)) {
		perror("window");
		return 1;
	}
	while (sent < DATAGRAMS)
		if (connect(fd, (struct sockaddr *)&peer, sizeof(peer)))
			perror("connect");
	done = true;
	pthread_join(sender, NULL);
	close(fd);
	return 0;
}
