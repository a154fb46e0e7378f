# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# N round trips are N udp_sendmsg of the client and N of the server, and nothing
# is dropped with the ring as it is by default; 10,000 of them where there is
# time for it, in make test-kernels. Sourced by tests/vm/inside.
# shellcheck disable=SC2154 # $out, $client, $target: inside's

# sends_of COMM: how often its own calls reached udp_sendmsg with the payload.
sends_of()
{
	grep '"function": *"udp_sendmsg"' "$roundtrips" |
		grep '"context": *"task"' | grep "\"comm\": *\"$1\"" |
		grep -c '"len": *5[,}]'
}

start_server udp
scratch=$(mktemp -d)
roundtrips=$scratch/roundtrips.jsonl # too much of it to be kept
for n in 1 100 ${THOROUGH:+10000}; do
	rm -f "$roundtrips"
	trace "roundtrips-$n" udp -q -c echo-server --record "$roundtrips" -- \
		"$client" -n "$n" -i 0 udp "$target" HELLO
	is "$n round trips: every echo came back" \
		"$(grep -c '^packet-received: bytes=5 from=' \
			"$out/roundtrips-$n.out")" "$n"
	is "$n round trips: udp_sendmsg of the client" \
		"$(sends_of echo-client)" "$n"
	is "$n round trips: udp_sendmsg of the server" \
		"$(sends_of echo-server)" "$n"
	is "$n round trips: the recording is whole" \
		"$(grep -c '"type": *"verdict"' "$roundtrips")" 1
	# late is not lost: a machine that is short of time may be late
	is "$n round trips: nothing was dropped" "$(grep '"type": *"lost"' \
		"$roundtrips" | grep -c '"cause": *"dropped"')" 0
done
rm -rf "$scratch"
stop_server
