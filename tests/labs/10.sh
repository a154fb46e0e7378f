# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 10, wrong worlds. See course.sh, and worlds/lookup.
# shellcheck disable=SC2154 # said, out, run

worlds()
{
	local lookup=tests/labs/worlds/lookup

	world careless LAB_WITH_LOOKUP="$lookup careless"
	says 1 'expected +in some order 10.0.0.2, 127.0.0.1' \
		'got +none to 127.0.0.1' \
		'expected +connect to 192.0.2.7, AF_UNSPEC, 10.0.0.2' \
		'got +192.0.2.7, 10.0.0.2, 198.51.100.9' \
		'got +no getsockname' \
		'expected +at the end 192.0.2.7, 198.51.100.9'
	world noisy LAB_WITH_LOOKUP="$lookup noisy"
	says 1 'expected +0 packets while it connected' 'got +UDP connect' \
		'got +10.0.0.1:[0-9]+ → 10.0.0.2:9007' \
		'got +TCP 10.0.0.1:[0-9]+ → 10.0.0.2:9 SYN'
	# every address has a route, and the capture is where none leads
	world routed LAB_WITH_ROUTE='default via 10.0.0.2' LAB_WITH_IFACE=lo
	says 2 'because +of these addresses all or none can be reached' \
		'because +the capture lacks CONTROL'

	lab 10 answers 10 sockets=4
	like "10: a wrong answer gets its hint" "$said" 'hint +run.txt: how often'

	# edited evidence
	forged fewer
	records 'select((.name == "connect" and .peer == "127.0.0.1:9007") | not)'
	says 1 '^FAIL  the witnesses agree' 'a record of each connect.2. of the'
	forged other-time
	records 'if .type == "meta" then
		.realtime_minus_monotonic_ns += 3000000000 else . end'
	says 1 '^FAIL  the witnesses agree' 'CONTROL in the capture within'
}
