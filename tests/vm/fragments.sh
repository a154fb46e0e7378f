# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Datagrams of 60,000 bytes over a lo that takes 1,500, and others with headers
# of IPv6's own, recorded by the tracer and by tcpdump. Sourced by
# tests/tracer/fragments, which runs on this machine, and by the subject of this
# name in the lab VM (tests/vm/inside, outside).
# shellcheck disable=SC2154 # $out, $tracer: theirs

part_bytes=60000

# small_lo: addresses that no self-test uses, so that a capture without ports
# can be told whose packets are whose.
small_lo()
{
	ip link set lo mtu 1500 up
	ip address add 192.0.2.1/32 dev lo
	ip address add 2001:db8::1/128 dev lo nodad
}

# whole_lo: as it was before small_lo.
whole_lo()
{
	ip address delete 192.0.2.1/32 dev lo
	ip address delete 2001:db8::1/128 dev lo
	ip link set lo mtu 65536
}

tcpdump_has_parts()
{
	local ours theirs
	ours=$(jq 'select(.type == "packet" and .witness == "wire").len' \
		"$out/$1.jsonl" | wc -l)
	theirs=$(tcpdump -nr "$out/$1.pcap" 2>/dev/null | wc -l)
	((ours > 0 && theirs >= ours))
}

# recorded NAME ADDRESS [OPTION...] -- COMMAND...: a run alongside tcpdump and
# an echo server at ADDRESS; sets $status.
recorded()
{
	local name=$1 address=$2 server dump
	shift 2
	echo/echo-server -b 65536 udp "$address:9007" >"$out/$name.server" 2>&1 &
	server=$!
	wait_for 10 grep -q listening "$out/$name.server"
	tcpdump -i lo -U -w "$out/$name.pcap" \
		'host 192.0.2.1 or host 2001:db8::1' 2>"$out/$name.tcpdump" &
	dump=$!
	wait_for 60 grep -q 'listening on' "$out/$name.tcpdump"
	"$tracer" udp --record "$out/$name.jsonl" "$@" \
		>"$out/$name.txt" 2>"$out/$name.err"
	# shellcheck disable=SC2034 # for whom this is sourced by
	status=$?
	wait_for 10 tcpdump_has_parts "$name" ||
		echo "# tcpdump lacks packets of $name"
	kill -INT $dump
	wait $dump
	kill -TERM $server
	wait $server
}

# cut_up FAMILY OPTION...: two datagrams there and two back; sets $status.
cut_up()
{
	local name=parts$1 address='192.0.2.1'
	[ "$1" = 4 ] || address='[2001:db8::1]'
	shift
	for _ in 1 2; do
		head -c "$part_bytes" /dev/zero | tr '\0' x
		echo
	done >"$out/$name.lines"
	# shellcheck disable=SC2016 # the inner shell expands it
	recorded "$name" "$address" "$@" -- sh -c \
		'exec echo/echo-client -b 65536 udp "$1" - <"$0" >"$2"' \
		"$out/$name.lines" "$address:9007" "$out/$name.out"
}

# with_headers OPTION...: sixteen datagrams, six of them with other headers
# between IP's and UDP's, eight of them cut up; sets $status.
with_headers()
{
	recorded headers '[2001:db8::1]' "$@" -- \
		python3 -B tests/vm/extensions.py 2001:db8::1 9007
}

# tally RECORDING: "even HITS" or "odd ...": hits, and what became of them.
tally()
{
	jq -r 'select(.type == "tally") |
		(if .hits == .delivered + .dropped + .filtered and
			.delivered == .received then "even" else "odd" end) +
		" \(.hits) = \(.delivered) + \(.dropped) + \(.filtered)"' "$1"
}

# compared_with_tcpdump NAME FIRST LATER: what each witness tells of the parts
# is tcpdump's; so many first ones, and later ones at least.
compared_with_tcpdump()
{
	local how columns equal
	for how in 'wire in' 'kernel out' 'kernel in'; do
		# shellcheck disable=SC2086 # two words
		columns=$(python3 -B tests/vm/compare.py parts \
			"$out/$1.jsonl" "$out/$1.pcap" $how 2>&1)
		equal=$?
		is "$1: $how: every part, as tcpdump has it" "$equal" 0
		((equal == 0)) || printf '%s\n' "$columns" | sed 's/^/# /'
		is "$1: $how: first parts" \
			"$(grep -c ' first [0-9]*  ' <<<"$columns")" "$2"
		check "$1: $how: and later ones" test \
			"$(grep -c ' later ' <<<"$columns")" -ge "$3"
	done
}
