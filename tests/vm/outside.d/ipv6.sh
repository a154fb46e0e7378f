# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# The runs over IPv6 and with IPv4-mapped addresses, against strace and tcpdump.
# Sourced by tests/vm/outside.
# shellcheck disable=SC2154 # $out and $port are its

for name in ipv6 mapped; do
	compare "$name: connects equal strace's" connects \
		"$out/$name.jsonl" "$out/$name.strace"
	compare "$name: packets equal tcpdump's" packets \
		"$out/$name.jsonl" "$out/$name.pcap" "$port"
done
