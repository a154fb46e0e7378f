# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 16, wrong worlds: programs for which UDP is a stream, or a file.
# shellcheck source=tests/labs/wrong.sh
. tests/labs/wrong.sh

# shellcheck disable=SC2034 # inside reads it
shipped='got +message: 3 bytes, 3 kept: ONE / end of file'

worlds()
{
	local long='^FAIL  a message that is too long'
	local recv='	ssize_t n = recv(fd, buffer, size, MSG_TRUNC);'

	name=16 # as shipped: three messages
	says 1 'because +your program has not sent it as one message yet' \
		"client: ip link set eth0 mtu ... \\(your cable's\\)$"

	# TCP instead: every second word of this lab is wrong
	wrong stream '	fd = socket(AF_INET, SOCK_DGRAM, 0);' \
		'	fd = socket(AF_INET, SOCK_STREAM, 0);' \
		'	return receives ? receive_all' '	if (receives)
		listen(fd, 1);
	return receives ? receive_all'
	says 1 "$long" '^FAIL  a message of 0 bytes' '^FAIL  three pieces' \
		'got +end of file' 'got +nothing; .*socket: Connection refused'

	wrong loops "$recv" '	ssize_t n = 0, part;

	do {
		part = read(fd, buffer, size);
		n += part > 0 ? part : 0;
	} while (part == (ssize_t)size);'
	says 1 "$long" '^FAIL  a message that fills the buffer' \
		'got +nothing; your program.s last line: listening'

	wrong large-buffer '	char *buffer = malloc(size);' \
		'	char *buffer = malloc(size = 65536);'
	says 1 "$long" 'expected +message: [0-9]+ bytes, [0-9] kept' \
		'got +message: ([0-9]+) bytes, \1 kept' '^PASS  a message that fills'

	wrong peeks "$recv" '	static int turns;
	ssize_t n = turns++ < 9 ? recv(fd, buffer, size, MSG_TRUNC | MSG_PEEK) : -1;'
	says 1 '^FAIL  a message of 0 bytes' \
		'got +message: 3 bytes, 3 kept: ONE / message: 3 bytes, 3 kept: ONE'

	wrong trusts-the-length 'message->length < size ? message->length : size' \
		'message->length'
	says 1 "$long" 'expected +no byte read or written outside|got +message: ([0-9]+) bytes, \1 k'
}
