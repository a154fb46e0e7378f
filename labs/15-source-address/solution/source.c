/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lab 15: the address that this host would use to send to each of several others.
 *
 *	program ADDRESS...                     for example 10.0.0.2 127.0.0.99
 *
 * A host has an address for each interface, and more. Which one it uses depends on
 * the destination: the kernel looks it up in its routing tables. connect(2) on a
 * UDP socket makes that lookup, stores the result, and sends nothing.
 *
 * In: destinations. Out: a line for each, with the source address, or why there is
 * none. Compare 02-udp-connect/udp-connect.c.
 *
 * The solution, from which start.c is cut. After each part that was YOURS to
 * write comes the code that it WAS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * Finds the source address for datagrams to `destination`. 0; or -errno, if the
 * kernel's tables have no route there. It sends no packet.
 */
static int my_address_for(const struct in_addr *destination,
			  struct in_addr *own)
{
	/*
	 * YOURS: a UDP socket, connect(2) to the destination, at any port, and
	 * getsockname(2).
	 */
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons(9),
				      .sin_addr = *destination};
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_DGRAM, 0), err = 0;

	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, len) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) < 0)
		err = -errno;
	*own = address.sin_addr;
	close(fd);
	return err;
	/*
	 * WAS:
	 * struct ifaddrs *list, *at;
	 * int err = -ENETUNREACH;
	 *
	 * (void)destination;
	 * if (getifaddrs(&list) < 0)
	 *	return -errno;
	 * for (at = list; at && err; at = at->ifa_next) {
	 *	if (!at->ifa_addr || at->ifa_addr->sa_family != AF_INET ||
	 *	    (at->ifa_flags & IFF_LOOPBACK))
	 *		continue;
	 *	*own = ((struct sockaddr_in *)(void *)at->ifa_addr)->sin_addr;
	 *	err = 0;
	 * }
	 * freeifaddrs(list);
	 * return err;
	 */
}

int main(int argc, char **argv)
{
	struct in_addr destination, own;
	char text[INET_ADDRSTRLEN];
	int i, err;

	if (argc < 2) {
		fprintf(stderr, "usage: %s ADDRESS...\n", argv[0]);
		return 64;
	}
	for (i = 1; i < argc; i++) {
		if (inet_pton(AF_INET, argv[i], &destination) != 1) {
			fprintf(stderr, "%s is not an IPv4 address\n", argv[i]);
			return 64;
		}
		own.s_addr = INADDR_ANY;
		err = my_address_for(&destination, &own);
		printf("%s: %s\n", argv[i],
		       err ? strerror(-err) :
			     inet_ntop(AF_INET, &own, text, sizeof(text)));
	}
	return 0;
}
