# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# What tracer count and bpftrace made of the same runs, function by function.
# Sourced by tests/vm/outside.
# shellcheck disable=SC2154 # $out is its folder of results

# equal_figures NAME pid|comm WHOSE
equal_figures()
{
	local columns equal
	columns=$(python3 -B tests/vm/counts.py "$out/count.bpftrace" \
		"$out/count.probes" "$2" "$3" "$out/count-$1.json" 2>&1)
	equal=$?
	is "count: $1: figures equal bpftrace's" $equal 0
	printf '%s\n' "$columns" | sed 's/^/# /'
}

for dial in go-udp go-tcp python-udp python-tcp; do
	equal_figures "both-$dial" pid "$(cat "$out/count-both-$dial.pid")"
done
for named in named named-ftrace; do
	[ ! -e "$out/count-$named.json" ] ||
		equal_figures $named comm named-dial
done
