# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# The README's transcripts, run; tests/vm/suite compares the output with README.
# Sourced by tests/vm/inside.
# shellcheck disable=SC2154 # $out is its folder for results

check "the README's transcripts can be run" \
	tests/labs/handout README.md "$out/readme"
