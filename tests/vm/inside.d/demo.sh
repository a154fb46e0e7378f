# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# The demonstration: two namespaces, 10.0.0.1 and 10.0.0.2. Sourced by
# tests/vm/inside.
# shellcheck disable=SC2154 # $out is its folder for results

DIALTONE_DEMO=here labs/demo >"$out/demo.txt" 2>"$out/demo.err"
is "demo: exit status" $? 0
like "demo: UDP" "$(cat "$out/demo.txt")" '^PASS  UDP connect\(2\) put 0 packets'
like "demo: TCP" "$(cat "$out/demo.txt")" '^PASS  TCP connect\(2\) performed'
like "demo: the drawing's addresses" "$(cat "$out/demo.txt")" \
	'^UDP connect\(2\) to 10\.0\.0\.2:9007: 0 packets$'
like "demo: the datagram after it" "$(cat "$out/demo.txt")" \
	'─ UDP 5 B ─.*▶  udp_rcv\*$'
is "demo: nothing of the server is left out" "$(grep -c 'left out' "$out/demo.txt")" 0
CLICOLOR_FORCE=1 NO_COLOR=1 COLUMNS=100 DIALTONE_DEMO=here labs/demo \
	>"$out/demo-screen.txt" 2>"$out/demo-screen.err"
is "demo at a terminal: exit status" $? 0
is "demo at a terminal: verdicts, table and diagram in 30 rows, with the prompt" \
	"$(tail -n 29 "$out/demo-screen.txt" |
		grep -cE '^PASS|^  packets |^(UDP|TCP) connect|view=story')" 6
is "demo at a terminal: no line wraps" \
	"$(grep -E '^.{101}' "$out/demo-screen.txt")" ""
like "demo: it says where it runs" "$(cat "$out/demo.txt")" \
	"^On this kernel, Linux $(uname -r | sed 's/[.+]/\\&/g'):"
