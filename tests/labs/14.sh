# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 14, wrong worlds: programs that reach the second peer in another way.
# shellcheck source=tests/labs/wrong.sh
. tests/labs/wrong.sh

# shellcheck disable=SC2034 # inside reads it
shipped='got .*your program.s last line: connect: Invalid argument'

worlds()
{
	local dissolve='	if (connect(fd, &nobody, sizeof(nobody)) < 0)
		return -errno;'

	# another socket with the same number
	wrong new-socket "$dissolve" '	int kind, new_fd;
	socklen_t len = sizeof(kind);

	(void)nobody;
	getsockopt(fd, SOL_SOCKET, SO_TYPE, &kind, &len);
	new_fd = socket(AF_INET, kind, 0);
	if (dup2(new_fd, fd) < 0)
		return -errno;
	close(new_fd);'
	says 1 '^FAIL  it is the same socket' 'expected +one socket\(2\)' \
		'got +2: a new socket is not the same one' \
		'^FAIL  a port that bind\(2\) has chosen' \
		'^FAIL  UDP: dissolving sends nothing' \
		'^PASS  dissolved: no peer' '^PASS  reconnected'

	# nothing is dissolved: the same network, so it connects, with the old source
	wrong again-only "$dissolve" '	(void)nobody;
	(void)fd;'
	says 1 '^FAIL  dissolved' '^FAIL  a port that bind' \
		'got +dissolve: local 10.0.0.1:[0-9]+, peer 10.0.0.2:'

	# TCP where UDP was asked for
	wrong tcp 'udp ? SOCK_DGRAM : SOCK_STREAM' 'SOCK_STREAM'
	says 1 '^FAIL  dissolved' \
		'got +none; your program.s last line: connect: Connection refused'

	# bound, so it does not lose its address
	wrong bound '	if (fd < 0 ||' '	own.sin_family = AF_INET;
	own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (argc == 7 && first.sin_addr.s_addr == own.sin_addr.s_addr &&
	    bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0)
		return 1;
	if (fd < 0 ||'
	says 1 '^FAIL  dissolved' 'last line: connect: Invalid argument'

	wrong queue-kept '	while ((n = recv(' '	while (0 && (n = recv('
	says 1 '^FAIL  the old peer.s answer' 'got +answer: [0-9]{3} bytes' \
		'^PASS  the old peer.s refusal'

	wrong error-kept '	getsockopt(fd, SOL_SOCKET, SO_ERROR' \
		'	err = 0;
	if (0)
		getsockopt(fd, SOL_SOCKET, SO_ERROR' \
		'	while ((n = recv(' '	while (0 && (n = recv('
	says 1 '^FAIL  the old peer.s refusal' \
		'got +none; your program.s last line: ask: Connection refused'
}
