# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# The clock is set while packets are captured. Sourced by tests/vm/inside.

check "capture: the realtime clock may be set" \
	build/unit/test_step --set-the-clock
