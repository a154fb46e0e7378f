# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 02, wrong worlds. See course.sh.

worlds()
{
	local preload='env LD_PRELOAD=build/tests/labs'
	local client=build/labs/02-udp-connect/udp-connect

	# a datagram leaves between entry and exit of connect(2); with kprobes
	# those are far enough apart for it to be sure
	world window LAB_WITH_CLIENT=build/tests/window LAB_TIER=kprobe
	says 1 'FAIL  the tracer: between entry and exit'
	# libc sends one byte with each connect
	world loud LAB_WITH_CLIENT="$preload/loud.so $client"
	says 1 'FAIL  the capture: the first datagram' \
		'got +UDP 10.0.0.1:[0-9]+ → 10.0.0.2:7007 1 bytes' \
		'FAIL  the counters: OutDatagrams' \
		'^PASS  the tracer: between entry and exit'
	world bound LAB_WITH_CLIENT="$preload/bound.so $client"
	says 1 'FAIL  getsockname' 'got +local 10.0.0.1:5005'
	# the capture is where nothing passes
	world elsewhere LAB_WITH_IFACE=lo
	says 2 'because +the capture saw nothing of this' \
		'because +the tracer could not tell: .*on lo'
}
