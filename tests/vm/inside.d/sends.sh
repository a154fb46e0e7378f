# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Every way of sending: length and peer. Looked at in tests/vm/outside.d.
# Sourced by tests/vm/inside.
# shellcheck disable=SC2154 # $out and $status are its

for at in udp/127.0.0.1 udp/::1 tcp/127.0.0.1 tcp/::1; do
	name=sends-$(tr -d /:. <<<"$at")
	trace "$name" "${at%/*}" --record "$out/$name.jsonl" -- \
		build/tests/sends "${at%/*}" "${at#*/}"
	expect "$name" 0 '^PASS'
done
