# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 05, wrong worlds. See course.sh, and worlds/dial.
# shellcheck disable=SC2154 # said, out

worlds()
{
	local dial=tests/labs/worlds/dial

	world swapped LAB_WITH_DIAL="$dial swapped"
	says 1 'expected +udp_init_sock among' 'expected +no tcp_ function' \
		'got +tcp_v4_connect 0, tcp_connect 0' \
		'expected +__tcp_transmit_skb three times' \
		'expected +more than 0 functions tcp_'
	world talking LAB_WITH_DIAL="$dial talking"
	says 1 'got +udp_sendmsg, udp_send_skb'
	# a count that was cut off
	sed -i '/"verdict"/d' "$out/05-talking/05/run/udp.jsonl"
	says 2 'because +udp.jsonl has no verdict'

	lab 05 answers 05 udp=0
	like "05: a wrong answer gets its hint" "$said" 'hint +table udp, first'
}
