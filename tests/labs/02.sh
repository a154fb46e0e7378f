# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 02, wrong worlds. See course.sh.

worlds()
{
	local loud=build/tests/labs/loud.so client
	client=build/labs/02-udp-connect/udp-connect

	# somebody sends one octet with connect
	world loud LAB_WITH_CLIENT="env LD_PRELOAD=$loud $client"
	says 1 'came +UDP 10.0.0.1:[0-9]+ → 10.0.0.2:7007 1 octets' \
		'came +OutDatagrams'
	# the capture is where nothing passes
	world elsewhere LAB_WITH_IFACE=lo
	says 2 'because +the capture saw nothing'
}
