# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 07, wrong worlds. See course.sh.
# shellcheck disable=SC2154 # said, out

# rules NAME SED-SCRIPT: the lab's rules, otherwise
rules()
{
	sed "$2" labs/07-packet-triggers/rules.nft >"$out/$1.nft"
	echo "LAB_WITH_RULES=$out/$1.nft"
}

worlds()
{
	world idle LAB_WITH_DIAL=true
	says 1 "expected +a line 'dialled: udp" 'got +no line'
	world talking LAB_WITH_DIAL="tests/labs/worlds/dial talking"
	says 1 'expected +no line \[UDP\]' \
		'got +UDP 10.0.0.1:[0-9]+ → 10.0.0.2:9007 5 bytes' \
		'got +SYN; ACK; PSH ACK'
	# what is logged goes where nobody listens
	world lost "$(rules lost '/tcp/s/group 7/group 8/')"
	says 1 'expected +4 lines \[TCP\], as the rule has counted' \
		'got +0 lines'
	# a trip wire in another place
	world elsewhere "$(rules elsewhere '/udp/s/10.0.0.2/10.0.0.3/')"
	says 2 'because +the log has no \[UDP\] line for CONTROL'

	lab 07 answers 07 missing=ACK
	like "07: a wrong answer gets its hint" "$said" \
		'hint +the rules are in a chain of the hook output'
}
