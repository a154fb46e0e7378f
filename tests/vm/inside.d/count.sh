# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# tracer count against bpftrace, over the same calls of the same programs; then
# what it says when it sees nothing, loses or is killed. Sourced by
# tests/vm/inside; the columns are set side by side by
# tests/vm/outside.d/count.sh.
# shellcheck disable=SC2154 # $out, $tracer, $target, $port: its own

instances=/sys/kernel/tracing/instances
places=/sys/kernel/tracing/available_filter_functions_addrs

# count_is STATUS REGEX ARG...: how `tracer count ARG...` ends, and a word of it.
count_is()
{
	local expected=$1 regex=$2 said status
	shift 2
	said=$("$tracer" count "$@" 2>&1)
	status=$?
	is "count $*: exit status" $status "$expected"
	like "count $*: says so" "$said" "$regex"
}

# ---- the figures are bpftrace's ---------------------------------------------

# A command that says its pid first: bpftrace's figures are picked by it.
# shellcheck disable=SC2016 # the inner shell expands it
say_pid='echo $$ >"$0.pid"; exec "$@" >"$0.out"'

# ended NAME STATUS: 0, and 2 where calls were missed: the kernel runs no program
# on top of another (kprobe_multi_link_prog_run), so what an interrupt calls in
# the midst of one is missed, by bpftrace as well; it counts them, and they must
# have been told, as the only reason.
ended()
{
	local reasons
	reasons=$(jq -r 'select(.type == "verdict").reasons[]' \
		"$out/count-$1.json")
	if grep -q '"type":"lost","cause":"missed"' "$out/count-$1.json"; then
		is "count: $1 says that calls were missed" "$2" 2
		like "count: $1 has no other reason" "$(wc -l <<<"$reasons")$reasons" \
			'^1[1-9][0-9]* calls were missed'
	else
		is "count: $1 is conclusive" "$2" 0
	fi
}

# counted NAME OPTION... -- COMMAND...: JSON of one run, and the command's pid.
counted()
{
	local name=$1 options=()
	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	"$tracer" count 'udp_*' 'tcp_*' --json "${options[@]}" -- \
		sh -c "$say_pid" "$out/count-$name" "${@:2}" \
		>"$out/count-$name.json" 2>"$out/count-$name.err"
	ended "$name" $?
}

dials()
{
	counted "$1-go-udp" -- build/tests/dial udp "$target"
	counted "$1-go-tcp" -- build/tests/dial tcp "$target"
	counted "$1-python-udp" -- python3 tests/vm/dial.py udp 127.0.0.1 "$port"
	counted "$1-python-tcp" -- python3 tests/vm/dial.py tcp 127.0.0.1 "$port"
}

# begin NAME OPTION...: a run alongside the program that it follows; end_all
# ends them and looks how they ended.
beginners=()
begin()
{
	local name=$1
	shift
	"$tracer" count 'udp_*' 'tcp_*' --json "$@" >"$out/count-$name.json" \
		2>"$out/count-$name.err" &
	beginners+=("$name:$!")
	check "count: $name is ready" \
		wait_for 30 grep -q '^ready' "$out/count-$name.err"
}

end_all()
{
	local one
	for one in "${beginners[@]}"; do
		kill -INT "${one#*:}"
		wait "${one#*:}"
		ended "${one%:*}" $?
	done
	beginners=()
}

start_server both
# Where bpftrace needs a probe for each function, and a tenth of a second for
# each probe, it watches those that are called here, and some that are not. Its
# wildcards pass over some functions: count.probes has those that it watches.
probes='kprobe:udp_*,kprobe:tcp_*'
if [ -e $places ]; then
	for glob in ${probes/,/ }; do
		bpftrace -l "$glob"
	done >"$out/count.probes"
else
	dials first
	cat "$out"/count-first-*.json |
		jq -r 'select(.type == "count") | "kprobe:" + .function' |
		sort -u - <(printf 'kprobe:%s\n' udp_disconnect udp_abort \
			tcp_disconnect tcp_abort) >"$out/count.probes"
	probes=$(paste -sd , "$out/count.probes")
fi
bpftrace -e "$probes { @[pid, comm, func] = count(); }
	BEGIN { printf(\"ready\\n\"); }" >"$out/count.bpftrace" 2>&1 &
bpftrace=$!
check "count: bpftrace is ready" \
	wait_for 300 grep -q '^ready' "$out/count.bpftrace"
dials both
ln -sf "$PWD/build/tests/dial" "$out/named-dial"
begin named -c named-dial
[ ! -e $places ] || begin named-ftrace -c named-dial --backend ftrace
check "count: named-dial dials" "$out/named-dial" tcp "$target"
end_all
kill -INT $bpftrace
wait $bpftrace

# a server that is there before, by its pid: what it answered is counted
begin pid -p "$server"
[ ! -e $places ] || begin pid-ftrace -p "$server" --backend ftrace
$client -n 3 -i 10 udp "$target" HELLO >"$out/client"
end_all
for name in pid pid-ftrace; do
	[ -e "$out/count-$name.json" ] || continue
	is "count: $name: three answers" "$(jq -c 'select(.function ==
		"udp_sendmsg").calls' "$out/count-$name.json")" 3
done

# ---- nothing is counted, and told so -----------------------------------------

for backend in ftrace kprobe.multi; do
	[ -e $places ] || [ $backend = ftrace ] || continue
	sysctl -q kernel.ftrace_enabled=0
	count_is 2 'sysctl kernel.ftrace_enabled=1' 'udp_*' --backend $backend \
		-- true
	sysctl -q kernel.ftrace_enabled=1
	count_is 2 'function tracing is switched off' 'udp_*' \
		--backend $backend -- sh -c \
		"sysctl -q kernel.ftrace_enabled=0; $client udp $target"
	sysctl -q kernel.ftrace_enabled=1
	# of its own it calls none; what runs on top of it is not its doing
	count_is 0 '^(udp_\*: 0 of [0-9]+ functions called|total +0 .*)$' \
		'udp_*' --backend $backend -- true
	# neither backend goes through a kprobe
	echo 0 >/sys/kernel/debug/kprobes/enabled
	count_is 0 '^udp_sendmsg +1$' udp_sendmsg --backend $backend -- \
		"$client" udp "$target"
	echo 1 >/sys/kernel/debug/kprobes/enabled
done

# ---- lost, and told so -------------------------------------------------------

# a small ring, and a reader that is stopped while it fills
"$tracer" count 'udp_*' --backend ftrace --buffer 4 -c echo-client \
	>"$out/count-lost.txt" 2>"$out/count-lost.err" &
watcher=$!
wait_for 30 grep -q '^ready' "$out/count-lost.err"
kill -STOP $watcher
$client -n 200 -i 0 udp "$target" HELLO >"$out/client"
kill -CONT $watcher
kill -INT $watcher
wait $watcher
is "count: drops: exit status" $? 2
like "count: drops are told, with their number and the remedy" \
	"$(cat "$out/count-lost.txt")" \
	'^ +- [1-9][0-9]* calls were lost .* --buffer 4 '
stop_server

# ---- nothing of ours remains -------------------------------------------------

nothing_remains()
{
	is "count: $1: no instance remains" "$(ls $instances)" ''
}

no_instance()
{
	[ -z "$(ls $instances)" ]
}

nothing_remains "after all these"
for signal in TERM INT; do
	"$tracer" count 'udp_*' -a --backend ftrace >"$out/count-$signal.txt" \
		2>"$out/count-$signal.err" &
	watcher=$!
	wait_for 30 grep -q '^ready' "$out/count-$signal.err"
	kill -$signal $watcher
	wait $watcher
	is "count: SIG$signal ends the watching" $? 0
	nothing_remains "SIG$signal"
done
"$tracer" count 'udp_*' -a --backend ftrace >"$out/count-KILL.txt" \
	2>"$out/count-KILL.err" &
watcher=$!
wait_for 30 grep -q '^ready' "$out/count-KILL.err"
kill -KILL $watcher
wait $watcher 2>/dev/null
check "count: SIGKILL: the cleanup helper removes the instance" \
	wait_for 20 no_instance
"$tracer" count 'udp_*' -a --backend ftrace >"$out/count-KILLS.txt" \
	2>"$out/count-KILLS.err" &
watcher=$!
wait_for 30 grep -q '^ready' "$out/count-KILLS.err"
pkill -KILL -P $watcher tracer-cleanup
kill -KILL $watcher
wait $watcher 2>/dev/null
dead=$(ls $instances)
like "count: SIGKILL of the cleanup helper as well leaves an instance" "$dead" \
	"^dialtone-$watcher-[0-9]+\$"
is "count: which records nothing" "$(cat "$instances/$dead/tracing_on")" 0
# pid 1 was not started then, and whose the other is nobody knows
mkdir $instances/dialtone-1-987654321 $instances/dialtone-other
count_is 0 '^COUNTED' 'udp_*' --backend ftrace -- true
is "count: the next run removes what is dead and ours" "$(ls $instances)" \
	dialtone-other
rmdir $instances/dialtone-other

# ---- one clear line ----------------------------------------------------------

count_is 64 "no function of this kernel matches 'tpc_\*'; similar: tcp_\*" \
	'tpc_*' -- true
count_is 64 "is called 'tcp_conect'; similar: tcp_connect" tcp_conect -- true
count_is 64 '[1-9][0-9]{4} functions match: .* --many' '*' -- true
count_is 64 'there is no process 4194000' 'udp_*' -p 4194000 -d 1
count_is 2 'no process of that name was seen to run' 'udp_*' \
	-c no-such-name -d 0.1
[ -e $places ] || count_is 77 'kprobe.multi needs the addresses .*; without --backend' \
	'udp_*' --backend kprobe.multi -- true
count_is 127 '^tracer: cannot run no_such_command' 'udp_*' -- no_such_command
"$tracer" count 'udp_*' -- true >/dev/full 2>"$out/count-full.err"
is "count: a full disk is told" $? 74
said=$( (ulimit -n 9; "$tracer" count 'udp_*' -- true) 2>&1)
like "count: no descriptors are told" "$said" '^tracer: too few file descriptors'
is "count: in one line" "$(wc -l <<<"$said")" 1
