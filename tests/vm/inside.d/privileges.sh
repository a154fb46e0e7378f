# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# The cases of tests/tracer/privileges.sh in this kernel, with its kprobes, and
# those of count and tree, which trace kernel functions only.
# Sourced by tests/vm/inside.
# shellcheck disable=SC2034,SC2154 # for the cases, and from inside

start_server both
(
	# what a user may run: a folder above the checkout may be closed
	mkdir -m 755 /run/programs
	install -m 755 "$tracer" "$client" /run/programs
	tracer=/run/programs/tracer client=/run/programs/echo-client
	tier=()
	# shellcheck source=tests/tracer/privileges.sh
	. tests/tracer/privileges.sh
	# shellcheck source=tests/vm/privileges_ftrace.sh
	. tests/vm/privileges_ftrace.sh
	echo "$tap_count" >"$out/privileges.count"
)
tap_count=$(cat "$out/privileges.count")
stop_server
