# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 03, wrong worlds. See course.sh.
# shellcheck disable=SC2154 # run

worlds()
{
	world absent LAB_WITH_SERVER=tests/labs/worlds/absent
	says 1 'FAIL  the tracer: connect' 'got .*connect = -111 ECONNREFUSED' \
		'FAIL  the capture: three packets' 'got +SYN, RST-ACK' \
		'INCONCLUSIVE  nobody has accepted'
	world accepts LAB_WITH_SERVER=tests/labs/worlds/accepts
	says 1 'FAIL  nobody has accepted' 'got +Recv-Q 0'
	world no-data LAB_WITH_SERVER=tests/labs/worlds/no-data
	says 1 'FAIL  the message is acknowledged' 'got +5 bytes'
	world elsewhere LAB_WITH_IFACE=lo
	says 2 'because +the capture saw nothing of this'

	# edited evidence
	forged port
	sed -i 's/10\.0\.0\.1:[0-9]*/10.0.0.1:1234/' "$run/program.txt"
	says 1 '^FAIL  the witnesses agree' "tracer's records, in program" \
		'got +10.0.0.1:1234'
	forged verdict # it says PASS, but no SYN-ACK is in the records
	records 'select((.type == "packet" and .flags == ["SYN", "ACK"]) | not)'
	says 1 '^FAIL  the witnesses agree' 'PASS: SYN, SYN-ACK, ACK in the' \
		'got +SYN, ACK, PSH-ACK'
	forged time
	records 'if .type == "meta" then
		.realtime_minus_monotonic_ns += 3000000000 else . end'
	says 1 '^FAIL  the witnesses agree' 'got +[23][0-9]{3} ms apart'
}
