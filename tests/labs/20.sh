# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 20, wrong worlds: programs for which a call is a packet, and devices that cut
# elsewhere.
# shellcheck disable=SC2154 # folder, run
# shellcheck source=tests/labs/wrong.sh
. tests/labs/wrong.sh

# shellcheck disable=SC2034 # inside reads it
shipped='got +\+[0-9]+; your program.s last line: segments: sent$'

worlds()
{
	local solution=$folder/solution/pieces.c
	local off='	if (setsockopt(fd, IPPROTO_UDP, UDP_CORK, &off, sizeof(off)) < 0)
		return -errno;'

	unknown
	program "$solution"
	world gso-off LAB_WITH_WORLD=gso-off
	says 1 '^PASS  one call, many datagrams' \
		'^FAIL  the captures show one packet' \
		'expected +1 packet of [0-9]+ bytes in the capture of the client' \
		'^FAIL  longer than the MTU' '^PASS  a device without offload'
	program "$solution"
	world gro LAB_WITH_WORLD=gro
	says 1 '^FAIL  one call, many datagrams' 'got +1: [0-9]+ bytes' \
		'^PASS  the captures show one packet'
	is "$name: one message" "$(field .observed.sentence)" \
		'1 write; 1 message at the receiver; 1 in the capture; OutDatagrams +1'

	# one mistake in each part: never uncorked, a loop of writes, TCP_NODELAY
	wrong each-part "$off" '	(void)off;' \
		'	if (setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)) < 0)
		return -errno;
	return write(fd, bytes, total) < 0 ? -errno : 0;' '	for (; total > (size_t)size; total -= (size_t)size)
		if (write(fd, bytes, (size_t)size) < 0)
			return -errno;
	return write(fd, bytes, total) < 0 ? -errno : 0;' \
		'	if (setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof(on)) < 0)' \
		'	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0)'
	says 1 '^FAIL  many calls, one datagram' 'got +nothing; your' \
		'^FAIL  one call, many datagrams' 'expected +OutDatagrams \+1' \
		'got +\+[0-9]+; your' '^FAIL  the captures show one packet' \
		'^FAIL  TCP: many calls, one segment' \
		'expected +1 segment with [0-9]+ bytes' 'got +[0-9]+: [0-9]+, [0-9]+,'

	wrong tcp 'stream ? SOCK_STREAM : SOCK_DGRAM' 'SOCK_STREAM'
	says 1 '^FAIL  many calls' 'got +nothing; .*connect: Connection refused'

	solved blind
	head -c 24 "$run/capture.pcap" >"$run/empty"
	mv "$run/empty" "$run/capture.pcap"
	says 2 'because +the capture saw nothing of this' \
		'^PASS  one call, many datagrams'
}
