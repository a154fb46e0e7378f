// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A wrong world for lab 02: every socket has its address before connect(2).
 * LD_PRELOAD puts this socket() before libc's.
 */
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int socket(int domain, int type, int protocol)
{
	struct sockaddr_in own = {
		.sin_family = AF_INET,
		.sin_port = htons(5005),
		.sin_addr.s_addr = htonl(0x0a000001), /* 10.0.0.1 */
	};
	int fd = (int)syscall(SYS_socket, domain, type, protocol);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&own, sizeof(own)))
		return -1;
	return fd;
}
