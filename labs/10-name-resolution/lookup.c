/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Looks a name up and prints its addresses, best first. It opens no socket and
 * sends nothing: every call that strace or the tracer sees is getaddrinfo(3)'s.
 *
 *	lookup NAME PORT
 *
 * Compare ../../echo/net.c, net_lookup: the echo pair does the same, and then
 * tries the addresses in this order.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	/* one type of socket, or each address would come three times */
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list;
	char text[INET6_ADDRSTRLEN];
	int err;

	if (argc != 3) {
		fprintf(stderr, "usage: lookup NAME PORT\n");
		return 64;
	}
	err = getaddrinfo(argv[1], argv[2], &hints, &list);
	if (err) {
		fprintf(stderr, "lookup: %s: %s\n", argv[1], gai_strerror(err));
		return EXIT_FAILURE;
	}
	for (const struct addrinfo *at = list; at; at = at->ai_next)
		if (!getnameinfo(at->ai_addr, at->ai_addrlen, text,
				 sizeof(text), NULL, 0, NI_NUMERICHOST))
			printf("%s\n", text);
	freeaddrinfo(list);
	return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
