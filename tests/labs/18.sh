# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 18, wrong worlds: connections that end in another way. See course.sh.
# shellcheck disable=SC2154 # out, run

worlds()
{
	unknown
	lab 18 packets 18 # for those who have no tshark
	is "18: labs/lab packets has the numbers that tshark has" \
		"$(sed -En 's/.*, seq ([0-9]+), ack ([0-9]+).*/\1 \2/p' <<<"$said")" \
		"$(tshark -o tcp.relative_sequence_numbers:FALSE -Y tcp.flags.ack==1 \
			-r "$out/18/18/run/capture.pcap" -T fields -E separator=' ' \
			-e tcp.seq -e tcp.ack 2>"$out/tshark.err")"
	like "18: labs/lab packets: the MSS of a SYN" "$said" \
		' SYN, 0 bytes, seq [0-9]+, MSS 1[0-9]{3}$'
	world server-first LAB_WITH_WORLD=server-first
	says 1 '^FAIL  the end that closes first' \
		'expected +TIME-WAIT at the client and' 'got +server (5[0-9]|60) s' \
		'server: close\(2\), then client: close'
	world linger LAB_WITH_WORLD=linger
	says 1 '^FAIL  each byte takes' 'expected +a segment of the client with FIN' \
		'got +SYN, ACK, PSH-ACK, RST-ACK' 'got +TIME-WAIT at neither end' \
		'client: SO_LINGER with 0 s'
	world half-close LAB_WITH_WORLD=half-close
	says 1 '^FAIL  each byte takes' \
		'expected +no data of the server after the client.s FIN' \
		'got +TCP 10.0.0.2:[0-9]+ → 10.0.0.1:[0-9]+ PSH-ACK' \
		'client: shutdown\(2\), then server: write'
	world mtu LAB_WITH_WORLD=mtu
	says 1 '^FAIL  each end announces' 'expected +the SYN announces' \
		'got +[0-9]+, 1460' \
		'client: ip link set eth0 mtu [0-9]+$'
	world refused LAB_WITH_WORLD=refused
	says 1 '^FAIL  handshake' 'expected +SYN is answered with SYN-ACK' \
		'got +TCP 10.0.0.2:[0-9]+ → 10.0.0.1:[0-9]+ RST-ACK' \
		'because +the server has not accepted'
	world elsewhere LAB_WITH_IFACE=lo
	says 2 'because +the capture saw nothing of this'

	# edited evidence: numbers of somebody else, and four minutes
	forged other-numbers
	sed -i 's/"bytes": [0-9]*/"bytes": 99/' "$run/trials.jsonl"
	says 1 '^FAIL  each byte takes' 'expected +the last ack of the server is'
	forged four-minutes
	sed -i 's/timewait,[0-9]*sec/timewait,239sec/' "$run/trials.jsonl"
	says 1 '^FAIL  the end that closes first' 'expected +from 60 s downwards' \
		'got +client 239 s'
}
