# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 21, wrong worlds: connections without a cookie, and other ways to send at once.
# See course.sh.
# shellcheck disable=SC2154 # run

worlds()
{
	local second='^FAIL  the second: connect\(2\) = 0, and no packet'
	local cookie='^FAIL  the first connection: three packets, and a cookie'
	local syn='got +0, SYN 0 bytes, SYN-ACK 0 bytes, ACK 0 bytes'

	unknown
	world no-cookie LAB_WITH_WORLD=no-cookie
	says 1 "$cookie" 'got +SYN: no option; SYN-ACK: no option' "$second" "$syn" \
		'^PASS  a closed port'
	world server-off LAB_WITH_WORLD=server-off
	says 1 "$cookie" 'got +SYN: asks for one; SYN-ACK: no option' "$second" "$syn" \
		'^FAIL  a closed port' 'got +ECONNREFUSED, SYN 0 bytes, RST-ACK'
	world no-option LAB_WITH_WORLD=no-option
	says 1 "$cookie" 'got +SYN: asks for one; SYN-ACK: no option' "$second" \
		'^FAIL  the server.s program' 'bytes read, in the state ESTABLISHED'
	world sendto LAB_WITH_WORLD=sendto
	says 1 "$second" 'got +not called, nothing' 'client: no connect\(2\) to' \
		'client: sendto\(2\), MSG_FASTOPEN, of [0-9]+ bytes' \
		'^PASS  write\(2\) sends the SYN'
	world nonblocking LAB_WITH_WORLD=nonblocking
	says 1 "$second" 'got +EINPROGRESS, SYN 0 bytes' \
		'^FAIL  a closed port'

	forged blind
	head -c 24 "$run/capture.pcap" >"$run/empty"
	mv "$run/empty" "$run/capture.pcap"
	says 2 'because +the capture saw nothing of this'
	# the first packet is said to have left during connect(2)
	forged at-once
	sed -i '/"trial": "second"/s/"left": [0-9]*/"left": 9999999999999999999/' \
		"$run/trials.jsonl"
	says 1 "$second" 'got +0, SYN [0-9]+ bytes, SYN-ACK'
}
