# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Nobody listens: each witness of packets reports the error that comes back.
# Sourced by tests/vm/inside.
# shellcheck disable=SC2154 # $out, $client, $port are its

# errors NAME: witness and direction of each, one a line.
errors()
{
	jq -r 'select(.type == "icmp" and .error == "port unreachable" and
		.proto == "udp" and (.dst | endswith(":'"$port"'"))) |
		"\(.witness) \(.direction)"' "$out/$1.jsonl" | sort
}

for tier in kprobe tracepoint; do
	for address in 127.0.0.1 '[::1]'; do
		name=icmp-$tier-$(tr -d '[]:.' <<<"$address")
		trace "$name" udp --tier $tier --record "$out/$name.jsonl" -- \
			"$client" udp "$address:$port" HELLO
		like "$name: the view has it" "$(cat "$out/$name.txt")" \
			'ICMP from .*: port unreachable, for UDP .* → '
		passed_over "$name" || is "$name: exit status" "$status" 0
		is "$name: told by each witness" "$(errors "$name")" \
			$'kernel in\nkernel out\nwire in'
	done
done
