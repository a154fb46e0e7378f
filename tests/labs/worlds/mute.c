// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A wrong world for lab 01: a server that says it has answered and has not.
 * LD_PRELOAD puts this sendto() before libc's.
 */
#include <sys/socket.h>

ssize_t sendto(int fd, const void *buf, size_t len, int flags,
	       const struct sockaddr *peer, socklen_t peer_len)
{
	(void)fd, (void)buf, (void)flags, (void)peer, (void)peer_len;
	return (ssize_t)len;
}
