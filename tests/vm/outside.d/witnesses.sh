# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Four programs: connects, packets and calls, by the tracer and by three that
# are not ours. Sourced by tests/vm/outside.
# shellcheck disable=SC2154 # $out and $port are its

for name in echo-udp echo-tcp python3-udp python3-tcp socat-udp socat-tcp \
	dial-udp dial-tcp; do
	compare "$name: connects equal strace's" connects \
		"$out/$name.jsonl" "$out/$name.strace"
	compare "$name: packets equal tcpdump's" packets \
		"$out/$name.jsonl" "$out/$name.pcap" "$port"
done
for who in echo-client python3 socat dial; do
	compare "$who: calls equal bpftrace's" calls "$out/calls.bpftrace" \
		"$who" "$out/${who%-client}-udp.jsonl" \
		"$out/${who%-client}-tcp.jsonl"
done
