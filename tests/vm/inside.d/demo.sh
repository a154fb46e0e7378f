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
	'▶ UDP 10\.0\.0\.1:[0-9]+ → 10\.0\.0\.2:7007  5 bytes'
like "demo: it says where it runs" "$(cat "$out/demo.txt")" \
	"^On this kernel, Linux $(uname -r | sed 's/[.+]/\\&/g'):"
