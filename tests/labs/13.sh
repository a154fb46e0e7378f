# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 13, wrong worlds: filters that are not in the kernel, or not in UDP.
# shellcheck disable=SC2154 # folder, run
# shellcheck source=tests/labs/wrong.sh
. tests/labs/wrong.sh

# shellcheck disable=SC2034 # inside reads it
shipped='^FAIL  the client gets an answer'

worlds()
{
	local told='^FAIL  each stranger is refused'
	local connect='	if (connect(fd, (const struct sockaddr *)peer, sizeof(*peer)) < 0)
		return -errno;'

	wrong user-space "$connect" '	the_peer = *peer;' \
		'static void answer(' 'static struct sockaddr_in the_peer;
static void answer(' 'write(fd, bytes, count)' \
		'sendto(fd, bytes, count, 0, (struct sockaddr *)&the_peer,
		sizeof(the_peer))' \
		'	ssize_t n = read(fd, bytes, sizeof(bytes));' \
		'	struct sockaddr_in from;
	socklen_t len;
	ssize_t n;

	do {
		len = sizeof(from);
		n = recvfrom(fd, bytes, sizeof(bytes), 0,
			     (struct sockaddr *)&from, &len);
	} while (from.sin_port != peer->sin_port);'
	says 1 '^FAIL  the kernel refuses each stranger' "$told" \
		'got +NoPorts \+0: a program has read them, and the filter' \
		'^PASS  no stranger.s datagram reaches' '^PASS  a stranger.s datagram in the queue'

	unknown
	program "$folder/solution/one.c"
	world drop LAB_WITH_WORLD=drop
	says 1 '^FAIL  the kernel refuses each stranger' "$told" \
		'server: nft: drop, the datagrams of 8 bytes' \
		'got +NoPorts \+0: they are in the queue .* or' \
		'^PASS  no stranger.s datagram reaches'

	wrong queue-believed '	while ((n = recvfrom(' '	(void)len;
	(void)bytes;
	while (0 && (n = recvfrom('
	says 1 '^FAIL  a stranger.s datagram in the queue' \
		'expected +the client gets FIRST, SECOND' \
		'got +[0-9]+ bytes, FIRST, SECOND|got +FIRST, SECOND, [0-9]+ b' \
		'^PASS  the kernel refuses each stranger'

	wrong queue-emptied '		if (from.sin_port ==' \
		'		if (0 && from.sin_port =='
	says 1 '^FAIL  a stranger.s datagram in the queue' 'got +FIRST; your'

	# a second socket with the same port takes what is for no other
	wrong reuseport '	err = only_from(fd, &peer);' '	err = only_from(fd, &peer);
	struct sockaddr_in own;
	int second = socket(AF_INET, SOCK_DGRAM, 0), on = 1;

	len = sizeof(own);
	getsockname(fd, (struct sockaddr *)&own, &len);
	setsockopt(second, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (bind(second, (struct sockaddr *)&own, sizeof(own)))
		return -errno;' '	if (fd < 0 ||
	    bind(' '	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (fd < 0 ||
	    bind('
	says 1 '^FAIL  the kernel refuses each stranger' "$told" \
		'got +NoPorts \+0: they are in the queue of a socket, or'

	solved blind
	head -c 24 "$run/capture.pcap" >"$run/empty"
	mv "$run/empty" "$run/capture.pcap"
	says 2 'because +the capture saw nothing of this run'
}
