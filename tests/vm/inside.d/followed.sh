# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Which processes are followed, and why a connect(2) was not seen: each case
# brings about one reason, and no other. Sourced by tests/vm/inside, and by
# tests/tracer/followed, which has no kprobe tier.
# shellcheck disable=SC2154 # $out, $tracer, $client, $port, $status: theirs

followed=build/tests/followed
fifos=$(mktemp -d) # QEMU's 9p server opens no FIFO

# says NAME STATUS REGEX: the verdict, and at most one reason below it.
says()
{
	passed_over "$1" && return
	expect "$1" "$2" "$3"
	is "$1: reasons" "$(grep -c '^      - ' "$out/$1.txt")" $(($2 ? 1 : 0))
}

# begin NAME WHAT OPTION...: a run without a command, which $run is.
begin()
{
	"$tracer" "${@:2}" >"$out/$1.txt" 2>"$out/$1.err" 9>&- &
	run=$!
	wait_for 60 grep -q '^ready' "$out/$1.err"
}

finish()
{
	kill -INT "$run"
	wait "$run"
	status=$?
}

# hold NAME COMMAND...: starts it; its standard input ends with release.
hold()
{
	rm -f "$fifos/$1.in" "$out/$1.held"
	mkfifo "$fifos/$1.in"
	"${@:2}" <"$fifos/$1.in" >"$out/$1.held" &
	held=$!
	exec 9>"$fifos/$1.in" # what runs alongside it must not hold it open
	wait_for 30 test -s "$out/$1.held"
}

release()
{
	exec 9>&-
	wait "$held"
}

# elsewhere COMMAND...: in a network namespace of its own.
elsewhere()
{
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare -n sh -c 'ip link set lo up && exec "$@"' sh "$@"
}

for tier in ${tiers:-kprobe tracepoint}; do
	t="--tier $tier"
	# shellcheck disable=SC2086 # $t is two words
	{
	# more processes than the table has room for, one after the other
	trace "forks-$tier" udp $t --processes 4096 -- $followed forks 6000
	says "forks-$tier" 0 '^PASS .*\(2 calls;.*nothing lost'
	# and at the same time
	rm -f "$fifos/none"
	mkfifo "$fifos/none"
	trace "full-$tier" udp $t --processes 2 -- sh -c "
		for i in 1 2 3 4; do sh -c 'read -r _ <$fifos/none' & done
		exec $followed pointers"
	says "full-$tier" 2 '- [1-4] process(es)? could not be followed'
	: <>"$fifos/none" # all of them end: none waits for a writer
	rm "$fifos/none"

	hold thread $followed thread
	begin "comm-$tier" udp $t -c followed
	release
	finish
	says "comm-$tier" 0 '^PASS .*\(2 calls;'
	hold thread $followed thread
	begin "comm-thread-$tier" udp $t -c worker
	release
	finish
	says "comm-thread-$tier" 0 '^PASS .*\(2 calls;'

	begin "netns-$tier" udp $t -c followed
	elsewhere $followed pointers
	finish
	says "netns-$tier" 2 'no UDP connect\(2\) was seen in this network'
	begin "netns-both-$tier" udp $t -c followed
	elsewhere $followed pointers
	$followed forks 0
	finish
	says "netns-both-$tier" 0 \
		'^PASS .*\(2 calls;.*1 process of that name in other network'
	begin "netns-all-$tier" udp $t --all-netns -c followed
	elsewhere $followed forks 0
	finish
	like "netns-all-$tier" "$(cat "$out/netns-all-$tier.txt")" \
		'is in a network namespace that is not captured'

	# a process outside has the number of one inside
	hold outside $followed thread
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare --pid --fork --mount-proc sh -c '
		followed=$1 number=$2 fifos=$3 out=$4 name=$5
		shift 5
		rm -f "$fifos/inside.in"
		mkfifo "$fifos/inside.in"
		$followed as "$number" cat <"$fifos/inside.in" &
		exec 5>"$fifos/inside.in"
		until [ -e "/proc/$number" ]; do kill -0 $! || exit; done
		"$@" -p "$number" >"$out/$name.txt" 2>"$out/$name.err" &
		until grep -q ^ready "$out/$name.err"; do
			kill -0 $! || exit
		done
		echo >"$fifos/inside.go"
		read -r _ <"$fifos/inside.end"
		kill -INT $!
		wait $!' sh $followed "$held" "$fifos" "$out" \
		"outside-$tier" \
		"$tracer" udp $t 9>&- &
	apart=$!
	rm -f "$fifos/inside.go" "$fifos/inside.end"
	mkfifo "$fifos/inside.end"
	wait_for 60 test -e "$fifos/inside.go" && go=1 || go=
	release
	[ -z "$go" ] || echo >"$fifos/inside.end" # nobody else reads it
	wait $apart
	status=$?
	says "outside-$tier" 2 '\(0 calls;'

	# why there was no entry, or no call at all
	trace "seccomp-udp-$tier" udp $t -- $followed seccomp udp
	says "seccomp-udp-$tier" 2 'stopped connect\(2\) before the kernel entered it'
	like "seccomp-udp-$tier: it is shown" \
		"$(cat "$out/seccomp-udp-$tier.txt")" \
		"connect\(3, 127.0.0.1:$port\) = -1 EACCES +not entered"
	trace "seccomp-tcp-$tier" tcp $t -- $followed seccomp tcp
	says "seccomp-tcp-$tier" 2 'stopped connect\(2\) before the kernel entered it'
	trace "other-udp-$tier" udp $t -- $client tcp "127.0.0.1:$port"
	says "other-udp-$tier" 2 'but 1 on TCP: run .tracer tcp.$'
	trace "other-tcp-$tier" tcp $t -- $followed forks 0
	says "other-tcp-$tier" 2 'but 2 on UDP: run .tracer udp.$'
	trace "status-$tier" udp $t -- sh -c 'exit 3'
	says "status-$tier" 2 'the command exited with status 3'
	trace "signal-$tier" udp $t -- sh -c 'kill -9 $$'
	says "signal-$tier" 2 'signal 9 ended the command'
	trace "nothing-$tier" udp $t -- true
	says "nothing-$tier" 2 'follow the program that calls it'
	trace "first-$tier" udp $t -n 1 --record "$out/first-$tier.jsonl" -- \
		$followed pointers
	says "first-$tier" 2 'among the first 1 events'
	is "first-$tier: events" \
		"$(jq -r .type "$out/first-$tier.jsonl" |
			grep -cE '^(enter|exit|call|state|icmp)$')" 1

	# how a call is shown
	trace "pointers-$tier" udp $t -- $followed pointers
	says "pointers-$tier" 0 '^PASS .*\(3 calls, 2 with an error;'
	is "pointers-$tier: each as it was given" \
		"$(grep -oE '(bind|connect)\([0-9][^)]*, [^)]*\)' \
			"$out/pointers-$tier.txt")" \
		"bind(3, 127.0.0.1:7400)
connect(3, 127.0.0.1:$port)
connect(3, ?)
connect(3, ?)"
	trace "vector-$tier" udp $t -- $followed vector
	says "vector-$tier" 0 '^PASS'
	like "vector-$tier: its length" "$(cat "$out/vector-$tier.txt")" \
		'writev\(3, 40 bytes'
	like "vector-$tier: messages" "$(cat "$out/vector-$tier.txt")" \
		'sendmmsg\(4, 2 messages, the first 40 bytes'
	# 5.10 looks at all of the number, and enters no call
	trace "number-$tier" udp $t -- $followed number
	if [ "$(cat "$out/number-$tier.out")" = -38 ]; then
		says "number-$tier" 0 '^PASS .*\(1 call;'
	else
		says "number-$tier" 0 '^PASS .*\(2 calls;'
	fi
	}
done

# ---- a clock of its own: a time namespace ------------------------------------

if [ -e /proc/self/timens_offsets ]; then
	unshare -T --monotonic 100000 --fork "$tracer" udp --tier tracepoint \
		-- $followed vector >"$out/time.txt" 2>"$out/time.err"
	status=$?
	says time 0 '^PASS'
	is "time: the packets are among the calls" \
		"$(grep -cE '^ +[0-9]{1,4}\.[0-9]{3} ms +▶ UDP' "$out/time.txt")" 3
fi

# ---- what cannot be followed is refused at once ------------------------------

# refused NAME REGEX PID: by each command, in one line.
refused()
{
	local what
	for what in udp "stack tcp_connect" "count tcp_connect"; do
		# shellcheck disable=SC2086 # words of a command
		"$tracer" $what -p "$3" >"$out/refused" 2>&1 </dev/null
		status=$?
		# without kprobes the other two are refused before that
		[ "$status" = 77 ] && [ "$what" != udp ] && continue
		is "$1, $what: exit status" "$status" 64
		is "$1, $what: one line" "$(wc -l <"$out/refused")" 1
		like "$1, $what: it says why" "$(cat "$out/refused")" "$2"
	done
}

refused "no process" 'there is no process 4000000' 4000000
# a pid namespace of its own has none
if [ "$(ps -o comm= -p 2)" = kthreadd ]; then
	refused "a kernel thread" 'process 2 is a kernel thread' 2
fi
hold zombie $followed zombie
refused "a zombie" 'has ended.*a zombie' "$(cat "$out/zombie.held")"
release
hold thread $followed thread
read -r pid tid <"$out/thread.held"
refused "a thread" "$tid is a thread of process $pid: " "$tid"
release

nft add table inet followed
nft add chain inet followed out '{ type filter hook output priority 0; policy drop; }'
"$tracer" udp -- true >"$out/firewall" 2>&1
is "a firewall: exit status" $? 71
like "a firewall: it says so" "$(cat "$out/firewall")" \
	'not permitted\): does a firewall rule'
nft delete table inet followed
rm -rf "$fifos"
