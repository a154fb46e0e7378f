# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Datagrams that IP cuts up, and the length that the functions beneath the calls
# report: that of the whole. Sourced by tests/vm/inside.
# shellcheck disable=SC2154 # $out, $status: inside's

# shellcheck source=tests/vm/fragments.sh
. tests/vm/fragments.sh

# whole STEP FAMILY: how many datagrams it took whole.
whole()
{
	jq "select(.type == \"call\" and .step == \"$1\" and
		.len == $part_bytes).len" "$out/parts$2.jsonl" | wc -l
}

small_lo
for family in 4 6; do
	cut_up $family
	expect parts$family 0 '^PASS  UDP connect\(2\) put 0 packets'
	like "parts$family: the account of the probes comes out even" \
		"$(tally "$out/parts$family.jsonl")" '^even [1-9]'
done
with_headers --tier kprobe
expect headers 0 '^PASS  UDP connect\(2\) put 0 packets'
is "parts4: udp_rcv is given them whole again" "$(whole udp_rcv 4)" 4
is "parts6: udpv6_rcv is given them whole again" "$(whole udp6_rcv 6)" 4
whole_lo
