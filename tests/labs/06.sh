# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 06, wrong worlds. See course.sh, and worlds/client.
# shellcheck disable=SC2154 # said, out

worlds()
{
	world swapped LAB_WITH_CLIENT='tests/labs/worlds/client swapped'
	says 1 'got +no stack of __tcp_transmit_skb' \
		'got +no stack of __ip4_datagram_connect' \
		'expected +ksys_write → vfs_write' '__x64_sys_sendto → __sys_sendto' \
		'expected +ksys_read → vfs_read' '__x64_sys_recvfrom → __sys_recvfrom' \
		'expected +__sys_recvfrom → udp_recvmsg' '→ ksys_read →' \
		'expected +each stack of ip_send_skb below ksys_write'
	# a run that was cut off
	sed -i '/"result"/d' "$out/06-swapped/06/run/tcp.jsonl"
	says 1 'because +tcp.jsonl has no result'

	lab 06 answers 06 fork=sys_connect
	like "06: a wrong answer gets its hint" "$said" 'hint +lay .stacks tcp'
}
