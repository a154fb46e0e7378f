# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 01, wrong worlds. See course.sh.
# shellcheck disable=SC2154 # out

# byte_before_end N OCTAL: that byte of the capture gets another value.
byte_before_end()
{
	local file=$run/capture.pcapng
	# shellcheck disable=SC2059 # an escape of printf
	printf "\\$2" | dd of="$file" bs=1 conv=notrunc status=none \
		seek=$(($(stat -c %s "$file") - $1))
}

worlds()
{
	local server=echo/echo-server preload='env LD_PRELOAD=build/tests/labs'

	# to no program is port 9007 that of another protocol
	is "01: tshark and tcpdump show datagrams of UDP" \
		"$(tshark -r "$out/01/01/run/capture.pcapng" 2>/dev/null | awk '{ print $6 }' |
			sort -u), $(tcpdump -nr "$out/01/01/run/capture.pcapng" 2>/dev/null |
			grep -c ': UDP, length [0-9]*$')" 'UDP, 2'
	world twice LAB_WITH_CLIENT='echo/echo-client -n 2'
	says 1 'FAIL  two datagrams passed, and nothing else' \
		'expected +2 packets, both UDP' 'got +4: UDP'
	world bye LAB_WITH_CLIENT=tests/labs/worlds/bye
	says 1 'FAIL  the first is the client' "got .*b'BYE'"
	world shout LAB_WITH_SERVER="$preload/shout.so $server"
	says 1 'FAIL  the second is the server' "5 bytes: b'!!!!!'"
	world mute LAB_WITH_SERVER="$preload/mute.so $server"
	says 1 'got +1: UDP' 'expected +a second packet' \
		'FAIL  the client has its echo' 'exit status 1'
	world elsewhere LAB_WITH_IFACE=lo
	says 2 'because +the capture saw nothing at all'

	# The file says whether it is whole; a pcap file would not. Its last block,
	# the statistics, has 52 bytes; the last 16 begin with how many were lost.
	forged cut
	truncate -s -52 "$run/capture.pcapng"
	says 2 '^INCONCLUSIVE  two datagrams' \
		'because +capture.pcapng cannot be read: the file is cut off'
	forged lossy
	byte_before_end 16 1
	says 2 '^INCONCLUSIVE  two datagrams' \
		'because +the capture has lost 1 packet: there may have been more'
	forged turned # the flags of the last packet
	byte_before_end 64 2
	says 1 '^FAIL  the second is the server' "enters the client's machine" \
		'got +out$'
}
