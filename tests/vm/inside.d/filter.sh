# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# -F in both tiers: what it selects is shown and judged, with its functions, and
# what it leaves out is counted. Sourced by tests/vm/inside.
# shellcheck disable=SC2154 # $out, $client, $port, $status are its

selected=127.0.0.2
echo/echo-server both "$selected:$port" >"$out/server" 2>&1 &
server=$!
wait_for 10 grep -q 'listening: tcp' "$out/server"
echo/echo-server both "127.0.0.1:$port" >"$out/server-other" 2>&1 &
other=$!
wait_for 10 grep -q 'listening: tcp' "$out/server-other"

# shellcheck disable=SC2016 # the inner shell expands it
clients='for address; do
		for proto in udp tcp; do
			echo/echo-client $proto $address:'$port' HELLO
		done
	done'
for tier in kprobe tracepoint; do
	name=filter-$tier
	trace "$name" both --tier $tier -F "host $selected" --view=story,verdict \
		--record "$out/$name.jsonl" -- \
		bash -c "$clients" bash "127.0.0.1" "$selected"
	passed_over "$name" && continue
	expect "$name" 0 \
		'^PASS  UDP connect\(2\) put 0 .*\(1 call;.*; 2 calls that the filter'
	expect "$name" 0 \
		'^PASS  TCP connect\(2\) performed .*\(1 call;.*; 2 calls that the filter'
	is "$name: no other address" \
		"$(grep -c "127\.0\.0\.1:$port" "$out/$name.txt")" 0
	"$tracer" replay -F "tcp and not host $selected" --view=story,verdict \
		"$out/$name.jsonl" >"$out/$name.others" 2>&1
	like "$name: the recording has the others" "$(<"$out/$name.others")" \
		'^PASS  TCP .*\(1 call;'
done
for function in 'udp_sendmsg' 'tcp_connect' 'tcp_v4_connect'; do
	is "filter: $function of the selected socket alone" \
		"$(grep -c "┊ $function " "$out/filter-kprobe.txt")" 1
done
trace filter-none udp -F "host 127.0.0.9" -q -- "$client" udp "$selected:$port" HELLO
expect filter-none 2 'the filter selects no UDP connect\(2\), and leaves out 1 call'
kill "$server" "$other"
wait "$server" "$other"
