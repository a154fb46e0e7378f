# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 19, wrong worlds: servers that have room, floods that fill nothing, and a pair
# with a way out. See course.sh.
# shellcheck disable=SC2154 # run, out, name, number

worlds()
{
	local queue='^FAIL  listen\(n\) admits n \+ 1'
	local flood='^FAIL  a flood without cookies'

	unknown
	world accepts LAB_WITH_WORLD=accepts,cookies
	says 1 "$queue" 'expected +([0-9]+) of ([0-9]+) clients' 'got +[0-9]+$' \
		'^FAIL  one accept' '^PASS  write\(2\) succeeds' \
		"$flood" 'expected +[0-9]+ half-open connections' 'got +0$' \
		'^PASS  cookies for all'
	world backlog-100 LAB_WITH_WORLD=backlog-100,own-address
	says 1 "$queue" '^FAIL  no room' 'expected +ListenOverflows \+[0-9]' \
		'got +\+0' "$flood" '^FAIL  with cookies a real client' \
		'got +0$' '^PASS  cookies for all'
	world closed-port LAB_WITH_WORLD=closed-port
	says 1 "$flood" '^FAIL  cookies for all' 'expected +SyncookiesSent \+[0-9]' \
		'got +\+0'
	# no flood where a packet could leave
	world interface LAB_WITH_WORLD=interface
	says 2 'because +no flood was sent, because packets could leave the pair' \
		'client: way0' '^PASS  listen'
	is "$name: no SYN was forged" \
		"$(grep -c "forged SYNs" "$out/$name/$number/run/trials.jsonl")" 0
	forged blind
	head -c 24 "$run/queue.pcap" >"$run/empty"
	mv "$run/empty" "$run/queue.pcap"
	says 2 'because +the capture saw nothing of this'
	# edited evidence
	forged silent-route
	sed -i 's/"ways_out": \[\]/"ways_out": ["client: default via 10.0.0.9"]/' \
		"$run/trials.jsonl"
	says 2 'because +no flood was sent.*'
	forged answered
	sed -i '/"trial": "acks"/s/"held": \[[^]]*\]/"held": []/' "$run/trials.jsonl"
	says 1 '^FAIL  write\(2\) succeeds' 'clients hold [0-9] bytes' 'got +none' \
		'server: the firewall is removed'
}
