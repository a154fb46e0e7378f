// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A wrong world for lab 02: a connect() that sends one byte. LD_PRELOAD puts
 * it before libc's.
 */
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int connect(int fd, const struct sockaddr *peer, socklen_t len)
{
	int result = (int)syscall(SYS_connect, fd, peer, len);

	if (result == 0 && send(fd, "?", 1, 0) != 1)
		return -1;
	return result;
}
