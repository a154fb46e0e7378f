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
		'got +192.0.2.7, 10.0.0.2, 2001:db8::7, fd00::2, ::1' \
		'got +no getsockname' \
		'expected +at the end 192.0.2.7, 2001:db8::7' \
		'expected +fd00::2 before 10.0.0.2'
	world noisy LAB_WITH_LOOKUP="$lookup noisy"
	says 1 'expected +0 packets while it connected' 'got +UDP connect' \
		'got +10.0.0.1:[0-9]+ → 10.0.0.2:9007' \
		'got +TCP 10.0.0.1:[0-9]+ → 10.0.0.2:9 SYN'
	world noisy6 LAB_WITH_LOOKUP="$lookup noisy6"
	says 1 'got +\[fd00::1\]:[0-9]+ → \[fd00::2\]:9' \
		'got +TCP \[fd00::1\]:[0-9]+ → \[fd00::2\]:9 SYN'
	world ipv4-first LAB_WITH_LOOKUP="$lookup ipv4-first"
	says 1 'expected +::1 before 127.0.0.1' \
		'got +127.0.0.1, 10.0.0.2, ::1'
	# every address has a route, and the capture is where none leads
	world routed LAB_WITH_ROUTE='default via 10.0.0.2' \
		LAB_WITH_ROUTE6='default via fd00::2' LAB_WITH_IFACE=lo
	says 2 'because +of these addresses all or none can be reached' \
		'because +the capture lacks CONTROL'
	# the lab as it was, with IPv4 alone
	grep -v : labs/10-name-resolution/hosts >"$out/hosts4"
	world ipv4-alone LAB_WITH_HOSTS="$out/hosts4"
	says 1 'expected +addresses of both families' \
		'because +no host was given with an address of each' \
		'because +fd00::2 was not connected to'

	lab 10 answers 10 sockets=6
	like "10: a wrong answer gets its hint" "$said" 'hint +run.txt: how often'

	# edited evidence
	forged one-family # the capture's control is of IPv4 alone
	tcpdump -nr "$out/10/10/run/capture.pcap" -w "$run/capture.pcap" ip \
		2>/dev/null
	says 2 'because +the capture lacks CONTROL, which was written over IPv6'
	forged fewer
	records 'select((.name == "connect" and .peer == "127.0.0.1:9007") | not)'
	says 1 '^FAIL  the witnesses agree' 'a record of each connect.2. of the'
	forged other-time
	records 'if .type == "meta" then
		.realtime_minus_monotonic_ns += 3000000000 else . end'
	says 1 '^FAIL  the witnesses agree' 'CONTROL in the capture within'

	# no IPv6: one line, and no evidence
	mkdir -p "$out/10-none"
	# shellcheck disable=SC2016 # the inner shell expands it
	said=$(LAB_OUT="$out/10-none" labs/net run sh -c '
		echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
		exec "$0"' labs/10-name-resolution/experiment 2>&1)
	is "10-none: the experiment's exit status" $? 77
	like "10-none: it says what to do" "$said" \
		'IPv6 is disabled on this kernel.*labs/lab run 10 --vm$'
}
