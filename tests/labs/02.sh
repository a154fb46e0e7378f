# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 02, wrong worlds. See course.sh.
# shellcheck disable=SC2154 # out, run

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
		'got +UDP 10.0.0.1:[0-9]+ → 10.0.0.2:9007 1 bytes' \
		'FAIL  the counters: OutDatagrams' \
		'^PASS  the tracer: between entry and exit'
	world bound LAB_WITH_CLIENT="$preload/bound.so $client"
	says 1 'FAIL  getsockname' 'got +local 10.0.0.1:5005'
	# the capture is where nothing passes
	world elsewhere LAB_WITH_IFACE=lo
	says 2 'because +the capture saw nothing of this' \
		'because +the tracer.s verdict is inconclusive: .*on lo'

	# evidence that is put together from two runs, or edited
	forged two-runs
	cp "$out/02-bound/02/run/capture.pcap" "$run/"
	says 1 '^FAIL  the witnesses agree' 'tracer.s records, in capture' \
		'got +10.0.0.1:5005'
	forged port
	sed -i 's/10\.0\.0\.1:[0-9]*/10.0.0.1:1234/' "$run/program.txt"
	says 1 '^FAIL  the witnesses agree' "tracer's records, in program" \
		'got +10.0.0.1:1234'
	forged time
	records 'if .type == "meta" then
		.realtime_minus_monotonic_ns += 3000000000 else . end'
	says 1 '^FAIL  the witnesses agree' \
		'got +[23][0-9]{3} ms apart'
	forged verdict # it says PASS, but the records have the packet in the call
	records 'if .type == "exit" and .name == "connect" then
		.ts_ns += 1000000000 else . end'
	says 1 '^FAIL  the witnesses agree' 'PASS: 0 packets of this socket' \
		'got +10.0.0.1:[0-9]+ → 10.0.0.2:9007'
	forged few
	records 'select(.type != "control")'
	says 2 'because +run.jsonl has no self-test'
	forged kernel
	echo 4.19.0 >"$run/kernel"
	says 1 '^FAIL  the witnesses agree' 'kernel 4.19.0, as the experiment'
}
