# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Ordinary traffic: neighbours, NAT, firewalls, queues. Each program runs in a
# network namespace of its own, and is given the verdict that strace and tcpdump
# would give. Sourced by tests/tracer/traffic, which runs on this machine, and by
# the subject of this name in the lab VM (tests/vm/inside).
# shellcheck disable=SC2154 # $out, $tracer: theirs

program=tests/vm/traffic.py

# missed_alone FILE: no reason but that a probe was running when another fired,
# which a busy CPU does now and then. The tracer's advice is to run it again.
missed_alone()
{
	grep -q 'because another probe was running' "$1" &&
		! grep '^      - ' "$1" |
			grep -qv 'because another probe was running'
}

# world TIER WHAT CASE [SETUP]: the tracer's text to $out/CASE-TIER.txt; sets
# $status. WHAT may have options.
# SETUP may start neighbours, which end with the world.
world()
{
	local run
	for run in 1 2 3; do
		rm -f "$out/$3-$1.jsonl"
		world_once "$@"
		missed_alone "$out/$3-$1.txt" || break
		echo "# $3, $1: run $run missed events"
	done
}

world_once()
{
	local tier=$1 what=$2 case=$3 setup=${4-:}
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare --net bash -c '
		ip link set lo up
		'"$setup"' || { echo "the world could not be made" >&2; exit 99; }
		"$1" $2 --tier "$3" --record "$6" -- python3 -B "$4" "$5"
		status=$?
		kill $(jobs -p) $! 2>/dev/null # $!: of a process substitution
		exit $status' \
		world "$tracer" "$what" "$tier" "$program" "$case" \
		"$out/$case-$tier.jsonl" \
		>"$out/$case-$tier.txt" 2>"$out/$case-$tier.err"
	status=$?
}

# said TIER CASE STATUS REGEX: how the last world ended, and what it said.
said()
{
	is "$2, $1: exit status" "$status" "$3"
	like "$2, $1: what it says" \
		"$(cat "$out/$2-$1.txt" "$out/$2-$1.err")" "$4"
}

# A neighbour is there before the program that is followed. Its word comes
# through a pipe. It ends with its world, however that ends.
neighbour='exec 3< <(exec setpriv --pdeathsig KILL python3 -B '$program
lost='lost [1-9][0-9]* of its events|came too late'

# Where the kernel reports a call by halves, the tracer says how many there were.
halves='its (entry|exit) was (not|never) seen|the kernel did not report the entry of the call'

unreported='this kernel did not report [1-9]|syscall witness missed [1-9]'

# silent TIER CASE: PASS; or something was lost, which is then the only reason.
silent()
{
	local lost=$lost
	! grep -qE "$unreported" "$out/$2-$1.err" "$out/$2-$1.txt" ||
		lost="$lost|$halves|$unreported"
	if [ "$status" = 2 ] && grep -qE "$lost" "$out/$2-$1.txt"; then
		is "$2, $1: no reason but drops" "$(grep '^      - ' \
			"$out/$2-$1.txt" | grep -cvE "$lost|self-tests|and [0-9]+ more inconclusive calls")" 0
	else
		said "$1" "$2" 0 '^PASS  UDP connect\(2\) put 0 packets'
	fi
}

# shown TIER CASE REGEX: how many lines of the text have it.
shown()
{
	grep -cE "$3" "$out/$2-$1.txt"
}

# Two ends of one link, of which the other never answers.
veth='ip link add d0 type veth peer name d1
	ip addr add 10.5.0.1/24 dev d0
	ip link set d0 up
	ip link set d1 up'

# neighbours TIER: packets that came for the socket, or left its port.
neighbours()
{
	world "$1" udp receiving "$neighbour stranger); read -r _ <&3"
	silent "$1" receiving
	# not by the verdict, which lists a hundred of the calls
	# shellcheck disable=SC2016 # jq's own variable
	check "receiving, $1: packets came inside the calls" jq -se \
		'reduce .[] as $r ({};
			if $r.name == "connect" then .inside = ($r.type == "enter")
			elif $r.type == "packet" and $r.direction == "in" and .inside
			then .packets += 1 else . end) |
		.packets > 0' "$out/receiving-$1.jsonl"
	world "$1" udp reuseport "$neighbour sharer); read -r _ <&3"
	silent "$1" reuseport
	# shellcheck disable=SC2016 # jq's own variable
	check "reuseport, $1: the kernel names another sender" jq -se \
		'([.[] | select(.name == "bind").sock] | unique) as $own |
		[.[] | select(.type == "packet" and .sock)] | length > 0 and
		all(.sock != $own[0])' "$out/reuseport-$1.jsonl"
	world "$1" udp waiting "$veth"
	silent "$1" waiting
	world "$1" udp failed_bind "$neighbour sharer); read -r _ <&3"
	silent "$1" failed_bind
	is "failed_bind, $1: packets of the owner that are shown" \
		"$(shown "$1" failed_bind '[▶◀] UDP 127.0.0.1:7100')" 0
}

handshake='^PASS  TCP connect\(2\) performed the handshake'
nat='ip addr add 10.9.9.1/32 dev lo
	nft add table ip t
	nft "add chain ip t out { type nat hook output priority -100; }"
	nft "add chain ip t post { type nat hook postrouting priority 100; }"
	nft add rule ip t out tcp dport 80 redirect to :7080
	nft add rule ip t out tcp dport 81 dnat to 127.0.0.1:7080
	nft add rule ip t post tcp dport 7081 snat to 10.9.9.1'
reject='nft add table ip t
	nft "add chain ip t out { type filter hook output priority 0; }"
	nft add rule ip t out tcp dport 7092 reject
	nft add rule ip t out tcp dport 7093 reject with tcp reset'
input='nft add table ip t
	nft "add chain ip t in { type filter hook input priority 0; }"'

# addresses TIER: the peer is not the address that the call was given.
addresses()
{
	world "$1" tcp any_address
	said "$1" any_address 0 "$handshake.* \\(2 calls; "
	is "any_address, $1: what the kernel stored is shown" \
		"$(shown "$1" any_address 'stored (127.0.0.1|\[::1\]):7080')" 2
	world "$1" tcp nat "$nat"
	said "$1" nat 0 "$handshake.* \\(3 calls; "
	is "nat, $1: the ends on the wire are shown" \
		"$(shown "$1" nat 'NAT: on the wire it is')" 3
	world "$1" tcp nat_port "$nat
		$neighbour taken); read -r _ <&3"
	said "$1" nat_port 0 "$handshake.* \\(1 call; "
	like "nat_port, $1: the port that NAT chose is shown" \
		"$(cat "$out/nat_port-$1.txt")" \
		'local 127\.0\.0\.1:7400; NAT: on the wire it is'
}

# others TIER: no handshake that a client calls and a server answers.
others()
{
	world "$1" both raw
	said "$1" raw 2 '^INCONCLUSIVE  UDP .*\(0 calls; '
	like "raw, $1: TCP" "$(cat "$out/raw-$1.txt")" \
		'^INCONCLUSIVE  TCP .*\(0 calls; '
	world "$1" tcp fast_open 'sysctl -qw net.ipv4.tcp_fastopen=7'
	said "$1" fast_open 2 'and sent no packet: TCP Fast Open'
	world "$1" tcp crossing "$input"
	said "$1" crossing 0 "$handshake.* \\(2 calls, 2 by simultaneous open"
	world "$1" tcp itself
	said "$1" itself 0 "$handshake.* \\(1 call, 1 by simultaneous open"
	world "$1" tcp rejected "$reject"
	said "$1" rejected 2 \
		'refused on this machine: a RST from 127.0.0.1:7093 answered'
	is "rejected, $1: by an ICMP error" "$(shown "$1" rejected \
		'ICMP error \(port unreachable\) from 127.0.0.1 answered')" 2
	world "$1" tcp loser "$input
		nft add rule ip t in tcp dport 7090 drop"
	said "$1" loser 0 \
		"$handshake.*1 not judged, 1 closed before it was answered"
	world "$1" tcp restarted "$input"
	said "$1" restarted 0 "$handshake.* \\(2 calls, 1 not judged, "
	like "restarted, $1: it was restarted" "$(cat "$out/restarted-$1.txt")" \
		'= -1 ERESTARTSYS'
	world "$1" tcp inherited
	said "$1" inherited 0 "$handshake.* \\(2 calls, 1 not judged"
	is "inherited, $1: the close of a copy says so" \
		"$(shown "$1" inherited 'another descriptor or call still held it')" 1
	world "$1" tcp again
	said "$1" again 0 'was refused: SYN, RST \(2 calls; '
	is "again, $1: both SYNs are shown" \
		"$(shown "$1" again '▶ TCP .* → 127.0.0.1:901[01]  SYN$')" 2
}
