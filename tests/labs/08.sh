# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 08, wrong worlds: echo servers that do not answer the sender.
# shellcheck source=tests/labs/wrong.sh
. tests/labs/wrong.sh

# shellcheck disable=SC2034 # inside reads it
shipped="last line: answer: Destination address$"

worlds()
{
	local send='	n = sendto(fd, buffer'

	wrong fixed-port "$send" "	peer.sin_port = htons(9);
$send"
	says 1 'expected +"HELLO" back at 10.0.0.1' \
		'got +nothing; .* packet-written: bytes=5' 'to=10.0.0.1:9'

	wrong room-of-none 'socklen_t peer_len = sizeof(peer);' \
		'socklen_t peer_len = 0;'
	says 1 'got +nothing; your program.s last line: answer: Invalid'

	wrong one-short "$send, (size_t)n," "$send, n ? (size_t)n - 1 : 0,"
	says 1 'got +"HELL"; your'

	wrong the-first-for-ever 'struct sockaddr_in peer = {' \
		'static struct sockaddr_in first; struct sockaddr_in peer = {' \
		"$send" "	if (!first.sin_port)
		first = peer;
	peer = first;
$send"
	says 1 '^FAIL  each of two clients' 'expected +"BERTHA" back at' \
		'^PASS  who writes'

	wrong a-string "$send, (size_t)n," "$send, strnlen(buffer, (size_t)n),"
	says 1 '^FAIL  the answer has the bytes that came' 'got +0 bytes'

	wrong empty-is-the-end 'if (n < 0) { /* 0' 'if (n <= 0) { /* 0'
	says 1 '^FAIL  an empty datagram is' 'expected +0 bytes back' \
		'^FAIL  6 of 7|^FAIL  5 of 7'

	wrong empty-ends-it 'if (n < 0) { /* 0' 'if (n == 0)
		exit(0);
	if (n < 0) { /* 0'
	says 1 '^FAIL  an empty datagram is' 'got +nothing'

	wrong nul-behind '	report("packet-received"' \
		'	buffer[n] = 0;
	report("packet-received"'
	says 1 '^FAIL  a full buffer' 'got .*out of bounds|got .*overflow' \
		'expected +no byte read or written outside'

	wrong another-socket "$send" \
		'	fd = socket(AF_INET, SOCK_DGRAM, 0);
	n = sendto(fd, buffer'
	says 1 '^FAIL  the answer comes from' \
		'expected +an answer from 10.0.0.2:9007' 'got +10.0.0.2:'

	wrong never-reads '	n = recvfrom(' '	for (;;)
		pause();
	n = recvfrom('
	says 1 'got +nothing; .*listening: udp'

	# no more is wrong with it than a child that keeps its output open
	wrong leaves-a-child '	fd = bound_socket(&address);' \
		'	if (fork() == 0)
		for (;;)
			pause();
	fd = bound_socket(&address);'
	says 1 '^TODO  6 of 7' # its question has no answer yet

	wrong cut-off '/* nobody yet */' '/* right; what was kept is not */'
	sed -i '/"trial": "one"/s/.$//' "$(kept)"
	says 2 'because +trials.jsonl, line [0-9]: not JSON'
	rm "$(kept)"
	says 2 'because +trials.jsonl cannot be read: No such file'

	wrong never-there '	fd = bound_socket(&address);' '	fd = -EACCES;'
	says 1 "expected +a line 'listening...'" 'Permission denied'
}
