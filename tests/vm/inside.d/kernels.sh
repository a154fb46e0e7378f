# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# What tracer doctor chooses on this kernel; tests/vm/outside.d compares it with
# the README's table. Sourced by tests/vm/inside.
# shellcheck disable=SC2154 # $tracer and $out are its

"$tracer" doctor >"$out/doctor"
is "doctor: every probe that there should be is live" $? 0
