# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Connects that end otherwise, and worlds in which the tracer must not say PASS.
# Sourced by tests/vm/inside.
# shellcheck disable=SC2154 # $out, $client, $target, $port, $status: inside's

# ---- connects that end otherwise -------------------------------------------

trace refused tcp --record "$out/refused.jsonl" -- "$client" tcp "$target" HELLO
expect refused 0 'ECONNREFUSED'
trace closed udp --record "$out/closed.jsonl" -- "$client" udp "$target" HELLO
expect closed 0 '^PASS  UDP connect\(2\)'

# kernel: 607 for 6.7
kernel()
{
	uname -r | awk -F. '{ print $1 * 100 + $2 }'
}

# ---- wrong worlds ----------------------------------------------------------

start_server both
trace never-fired udp --probe udp_connect=ip4_datagram_connect \
	--record "$out/never-fired.jsonl" -- "$client" udp "$target" HELLO
if [ "$(uname -r | cut -d. -f1)" -ge 7 ]; then
	expect never-fired 2 'ip4_datagram_connect is attached but never fired'
else
	expect never-fired 0 '^PASS  UDP connect\(2\)'
fi
trace nowhere udp --probe udp_connect=no_such_function -- \
	"$client" udp "$target" HELLO
expect nowhere 2 'no_such_function'
trace window udp -q --record "$out/window.jsonl" -- \
	build/tests/window 127.0.0.1 "$port"
is "window: exit status" "$status" 1
like "window: verdict" "$(cat "$out/window.txt")" '^FAIL'
trace burst udp -q --ring 4096 --record "$out/burst.jsonl" -- sh -c "
	for i in 1 2 3 4; do $client -n 500 -i 0 udp $target HELLO & done
	wait"
is "burst: exit status" "$status" 2
like "burst: the loss is told, with its number" "$(cat "$out/burst.txt")" \
	'[1-9][0-9]* (events|records).* lost|lost [1-9][0-9]*'
# A probe that each other probe comes upon when it asks for the stack, and for
# which the kernel runs no program then; since 6.7 it says how often.
trace nested udp --stack --probe udp_connect=get_perf_callchain \
	--record "$out/nested.jsonl" -- "$client" udp "$target" HELLO
expect nested 2 'get_perf_callchain is attached but never fired'
calls=
[ "$(kernel)" -lt 607 ] || calls=$(grep -c '"type":"call"' "$out/nested.jsonl")
is "nested: what was missed is told, where the kernel tells it" \
	"$(sed -n 's/.*"cause":"missed","count":\([0-9]*\).*/\1/p' \
		"$out/nested.jsonl")" "$calls"
ip link add wrong0 type dummy
ip link set wrong0 up
trace wrong udp -i wrong0 --record "$out/wrong.jsonl" -- \
	"$client" udp "$target" HELLO
expect wrong 2 'wrong0'
ip link del wrong0
stop_server
