# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 04, wrong worlds. See course.sh, and worlds/dial.
# shellcheck disable=SC2154,SC2034 # said, out, run; name

worlds()
{
	local dial=tests/labs/worlds/dial

	world otherwise LAB_WITH_DIAL="$dial otherwise"
	says 1 'expected +SOCK_DGRAM in the place of SOCK_STREAM' \
		'got +socket\(AF_INET, SOCK_DGRAM\|SOCK_CLOEXEC\|SOCK_NONBLOCK,' \
		'got +-1 ENETUNREACH' 'expected +-1 EINPROGRESS'
	world unseen LAB_WITH_DIAL="$dial unseen"
	says 1 'expected +the same descriptor, peer and result' \
		"got +strace .*10.0.0.2:9007', '0'\), tracer .*10.0.0.2:9008" \
		'expected +0 packets on the wire for UDP' 'got +UDP connect'

	# the handshake ends before poll(2) is called, so the question may not say
	# that it waited
	name=04
	is "04: the handshake ended within connect(2)" \
		"$(right_answers inside)" inside=3
	like "04: what is asked is true of this run" \
		"$(field '.questions[] | select(.name == "waits").ask')" \
		'would have waited, had the handshake not ended'
	lab 04 answers 04 waits=sleep
	like "04: a wrong answer gets its hint" "$said" \
		'hint +tcp.strace, the line below connect'

	# edited evidence
	forged port
	sed -i '/^getsockname/s/htons([0-9]*)/htons(1234)/' "$run/udp.strace"
	says 1 '^FAIL  the witnesses agree' "tracer's records, in strace" \
		'got +10.0.0.1:1234'
	forged verdict
	records 'select((.type == "packet" and .flags == ["SYN", "ACK"]) | not)'
	says 1 '^FAIL  the witnesses agree' 'PASS: SYN, SYN-ACK, ACK in the'
}
