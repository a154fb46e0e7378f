# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Every way of sending: what the program says against what the tracer saw.
# Sourced by tests/vm/outside.
# shellcheck disable=SC2154 # $out is its

for recording in "$out"/sends-*.jsonl; do
	name=$(basename "$recording" .jsonl)
	columns=$(python3 -B tests/vm/sends.py "$recording" "$out/$name.out")
	is "$name: length and peer of each call" $? 0
	printf '%s\n' "$columns" | sed 's/^/# /'
done
