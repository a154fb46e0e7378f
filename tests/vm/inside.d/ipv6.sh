# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# IPv6, IPv4-mapped addresses, a name that has both, a probe of IPv6 that
# never fires, and a machine without IPv6. Sourced by tests/vm/inside.
# shellcheck disable=SC2154 # $out, $tracer, $client, $port, $status: inside's

# calls NAME FUNCTION: how often the client's own calls reached it.
calls()
{
	grep '"type": *"call"' "$out/$1.jsonl" | grep '"comm": *"echo-client"' |
		grep '"context": *"task"' | grep -c "\"function\": *\"$2\""
}

echo/echo-server both '[::1]:9007' >"$out/server6" 2>&1 &
server6=$!
start_server both
wait_for 10 grep -q listening "$out/server6"

versus ipv6 both sh -c \
	"$client udp [::1]:$port HELLO; $client tcp [::1]:$port HELLO"
is "ipv6: one udpv6_sendmsg" "$(calls ipv6 udpv6_sendmsg)" 1
is "ipv6: one ip6_send_skb" "$(calls ipv6 ip6_send_skb)" 1
is "ipv6: one tcp_v6_connect" "$(calls ipv6 tcp_v6_connect)" 1
trace ipv6-tracepoint both -q --tier tracepoint -- sh -c \
	"$client udp [::1]:$port HELLO; $client tcp [::1]:$port HELLO"
passed_over ipv6-tracepoint ||
	expect ipv6-tracepoint 0 '^PASS  TCP connect\(2\)'

# the kernel runs the functions of both families, the step is taken once
mapped="[::ffff:127.0.0.1]:$port"
versus mapped both sh -c \
	"$client udp $mapped HELLO; $client tcp $mapped HELLO"
is "mapped: __ip6_datagram_connect" "$(calls mapped __ip6_datagram_connect)" 1
is "mapped: and not IPv4's" "$(calls mapped __ip4_datagram_connect)" 0
is "mapped: udpv6_sendmsg" "$(calls mapped udpv6_sendmsg)" 1
is "mapped: and not IPv4's" "$(calls mapped udp_sendmsg)" 0
is "mapped: tcp_v6_connect" "$(calls mapped tcp_v6_connect)" 1
is "mapped: and not IPv4's" "$(calls mapped tcp_v4_connect)" 0
is "mapped: it leaves over IPv4" "$(calls mapped ip_send_skb)" 1

# the first address of the name has nobody, the second has the server
kill "$server6"
wait "$server6"
printf '::1 both.test\n127.0.0.1 both.test\n' >"$out/hosts"
trace localhost tcp --record "$out/localhost.jsonl" -- unshare -m sh -c \
	"mount --bind $out/hosts /etc/hosts; $client tcp both.test:$port HELLO"
expect localhost 0 '^PASS  TCP connect.2. .*\(2 calls, 1 refused by SYN, RST; '
like "localhost: IPv6 first" "$(tr '\n' ' ' <"$out/localhost.txt")" \
	'connect\(3, \[::1\]:9007\).* connect\(3, 127\.0\.0\.1:9007\)'

trace never6 udp --probe udp6_connect=tcp_v6_connect \
	--record "$out/never6.jsonl" -- "$client" -t 0.1 udp '[::1]:9007' HELLO
expect never6 2 'tcp_v6_connect is attached but never fired.* udp6_connect'
trace never6-ipv4 udp --probe udp6_connect=tcp_v6_connect \
	--record "$out/never6-ipv4.jsonl" -- "$client" udp "$target" HELLO
expect never6-ipv4 0 '^PASS  UDP connect\(2\)'
stop_server

# In a network namespace that has no IPv6, with an echo server.
without_ipv6()
{
	rm -f "$out/server" # the last one's word is none of this one's
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare -n bash -c '. tests/tap.sh
		for each in all default lo; do
			echo 1 >/proc/sys/net/ipv6/conf/$each/disable_ipv6
		done
		ip link set lo up
		echo/echo-server both 127.0.0.1:9007 >"$0" 2>&1 &
		server=$!
		wait_for 10 grep -q listening "$0"
		"$@"
		status=$?
		kill $server
		exit $status' "$out/server" "$@"
}

tracer_without_ipv6()
{
	without_ipv6 tracer/tracer "$@"
}

tracer=tracer_without_ipv6
trace no-ipv6 both --record "$out/no-ipv6.jsonl" -- sh -c \
	"$client udp $target HELLO; $client tcp $mapped HELLO"
expect no-ipv6 0 '^PASS  TCP connect\(2\)'
like "no-ipv6: it is said" "$(cat "$out/no-ipv6.err")" \
	'^tracer: no IPv6 here \(::1: Cannot assign requested address\)'
trace no-ipv6-asked udp --record "$out/no-ipv6-asked.jsonl" -- \
	"$client" udp '[::1]:9007' HELLO
expect no-ipv6-asked 2 'the self-test could not use IPv6 \(::1: '
trace no-ipv6-tracepoint udp --tier tracepoint -- \
	"$client" udp '[::1]:9007' HELLO
expect no-ipv6-tracepoint 2 'the self-test could not use IPv6 \(::1: '
tracer=tracer/tracer
without_ipv6 "$tracer" doctor >"$out/doctor.no-ipv6"
is "doctor: without IPv6 the kprobe tier works all the same" $? 0
