# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# This kernel's column of the README's table. Sourced by tests/vm/outside.
# shellcheck disable=SC2154 # $out is its folder for results

check "README: the functions and verdicts of this kernel" \
	python3 -B tests/kernels.py check README.md "$out"
