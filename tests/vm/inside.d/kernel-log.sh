# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash disable=SC2154 # out, of ../inside
# Lab 07 in the kernel's own log, which only the lab VM has to itself: as
# its handout shows it.

mkdir -p "$out/kernel-log"
LAB_OUT=$out/kernel-log LAB_TIER=none labs/net run \
	labs/07-packet-triggers/experiment >"$out/kernel-log/said" 2>&1
is "kernel-log: lab 07's experiment" $? 0
is "kernel-log: two firewall rules, four lines of TCP, none of UDP's dial" \
	"$(sed -E 's/ (LEN|TOS|PREC|TTL|ID|WINDOW|RES|URGP)=[^ ]*//g; s/ $//
		/ DPT=9007/s/SPT=[0-9]+/SPT=<PORT>/
		/ DPT=9/s/SPT=[0-9]+/SPT=<PORT2>/' "$out/kernel-log/kernel.log")" \
	"$(grep '^\[[TU][CD]P\] IN=' labs/07-packet-triggers/README.md)"
