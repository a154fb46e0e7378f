# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 03, wrong worlds. See course.sh.

worlds()
{
	world absent LAB_WITH_SERVER=tests/labs/worlds/absent
	says 1 'FAIL  the tracer: connect' 'got .*connect = -111 ECONNREFUSED' \
		'FAIL  the capture: three packets' 'got +SYN, RST-ACK' \
		'INCONCLUSIVE  nobody has accepted'
	world accepts LAB_WITH_SERVER=tests/labs/worlds/accepts
	says 1 'FAIL  nobody has accepted' 'got +Recv-Q 0'
	world no-data LAB_WITH_SERVER=tests/labs/worlds/no-data
	says 1 'FAIL  HELLO is acknowledged' 'got +5 bytes'
	world elsewhere LAB_WITH_IFACE=lo
	says 2 'because +the capture saw nothing of this'
}
