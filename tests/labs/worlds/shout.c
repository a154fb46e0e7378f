// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A wrong world for lab 01: a server that answers other bytes than it got.
 * LD_PRELOAD puts this sendto() before libc's.
 */
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

ssize_t sendto(int fd, const void *buf, size_t len, int flags,
	       const struct sockaddr *peer, socklen_t peer_len)
{
	char other[1024];

	if (len > sizeof(other))
		return -1;
	memset(other, '!', len);
	(void)buf;
	return syscall(SYS_sendto, fd, other, len, flags, peer, peer_len);
}
