# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Four programs, watched by strace, tcpdump and bpftrace as well. bpftrace takes
# so long to attach that one serves for all; it counts by program. Sourced by
# tests/vm/inside.
# shellcheck disable=SC2154 # $out, $client, $target, $port: inside's

bpftrace -e "$(python3 tests/vm/compare.py functions | sed 's/ /,kprobe:/g
	s/^/kprobe:/') { @[comm, func] = count(); }
	BEGIN { printf(\"ready\\n\"); }" >"$out/calls.bpftrace" 2>&1 &
bpftrace=$!
wait_for 60 grep -q '^ready' "$out/calls.bpftrace"

start_server both
dial="tests/vm/dial.py"
versus echo-udp udp "$client" udp "$target" HELLO
versus echo-tcp tcp "$client" tcp "$target" HELLO
versus python3-udp udp python3 $dial udp 127.0.0.1 "$port"
versus python3-tcp tcp python3 $dial tcp 127.0.0.1 "$port"
versus socat-udp udp sh -c "echo HELLO | socat -t 0.2 - UDP4:$target"
versus socat-tcp tcp sh -c "echo HELLO | socat -t 0.2 - TCP4:$target"
versus dial-udp udp build/tests/dial udp "$target"
versus dial-tcp tcp build/tests/dial tcp "$target"
stop_server
kill -INT $bpftrace
wait $bpftrace
