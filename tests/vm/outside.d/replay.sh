# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Every recording of the boot, compared with its own replay. Sourced by
# tests/vm/outside.
# shellcheck disable=SC2154 # $out is its folder for results

for recording in "$out"/*.jsonl; do
	name=$(basename "$recording" .jsonl)
	options=()
	case $name in
	window | burst) options=(-q) ;;
	stack | nested) options=(--stack) ;;
	filter-*) options=('--view=story,verdict') ;;
	esac
	tracer/tracer replay "${options[@]}" "$recording" \
		>"$out/$name.again" 2>"$out/$name.again.err"
	check "$name: replays to the byte" \
		cmp "$out/$name.txt" "$out/$name.again"
done
