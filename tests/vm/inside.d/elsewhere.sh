# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# A connect(2) that was not seen is not silence: each way around the watched system
# calls is reported, alongside one that is seen.
# Sourced by tests/vm/inside.
# shellcheck disable=SC2154 # $out, $port are its

for way in compat socketcall io_uring; do
	trace "elsewhere-$way" udp -- build/tests/elsewhere $way "$port"
	expect "elsewhere-$way" 2 'elsewhere [0-9]+ reached [_a-z46]*_connect without'
	like "elsewhere-$way: the other one was seen" \
		"$(cat "$out/elsewhere-$way.txt")" \
		'^INCONCLUSIVE  UDP .*\(1 call;.*nothing lost'
	trace "elsewhere-$way-tp" udp --tier tracepoint -- \
		build/tests/elsewhere $way "$port"
	expect "elsewhere-$way-tp" 2 '1 call of followed programs may have been'
done
for way in nop unix; do
	trace "elsewhere-$way-tp" udp --tier tracepoint -- \
		build/tests/elsewhere $way "$port"
	expect "elsewhere-$way-tp" 0 '^PASS .*\(1 call;.*; nothing lost'
done
# MPTCP has TCP beneath it, and is followed as that; Debian's 5.10 has none
start_server tcp
trace elsewhere-mptcp tcp -- build/tests/elsewhere mptcp "$port"
if [ "${KERNEL:-}" = bullseye ]; then
	# loading no module may take so long that the exit has a line of its own
	expect elsewhere-mptcp 2 'socket\(.*\) = -1 EPROTONOSUPPORT'
else
	expect elsewhere-mptcp 0 '^PASS  TCP connect.*\(2 calls;'
fi
stop_server
