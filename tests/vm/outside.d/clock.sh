# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# A run in which the realtime clock was set twice: no record is at an impossible
# place. Sourced by tests/vm/outside.
# shellcheck disable=SC2154 # $out is its folder for results

check "clock: nothing is out of order" \
	python3 -B tests/tracer/order.py 30 <"$out/clock.jsonl"
is "clock: packets before, between and after the two steps" "$(awk '
	/^clock-set/ { set[++steps] = $3 * 1e9; next }
	/"type":"packet"/ && match($0, /"ts_ns":[0-9]+/) {
		at = substr($0, RSTART + 8, RLENGTH - 8) + 0
		seen[(at > set[1]) + (at > set[2])] = 1
	}
	END { print steps, seen[0], seen[1], seen[2] }' \
	"$out/clock.out" "$out/clock.jsonl")" "2 1 1 1"
