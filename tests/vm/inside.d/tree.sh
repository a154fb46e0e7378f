# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# `tracer tree`: the way to the device, and ftrace as it was before, whatever
# happened. Sourced by tests/vm/inside.
# shellcheck disable=SC2154 # $out, $client, $target and $tracer are its

ftrace=/sys/kernel/tracing

# All of ftrace that a tree touches; the ring's size is a size again.
ftrace_state()
{
	local file
	for file in current_tracer set_ftrace_filter set_ftrace_pid \
		set_graph_function set_event set_event_pid trace_clock \
		tracing_on options/function-fork options/event-fork; do
		echo "$file: $(cat $ftrace/$file)"
	done
	echo "buffer_size_kb: $(sed 's/ .*//' $ftrace/buffer_size_kb)"
	ls $ftrace/instances
	ls /run/dialtone-tree 2>/dev/null
}

ftrace_is_as_before()
{
	[ "$(ftrace_state)" = "$tree_before" ]
}

# tree NAME OPTION... [-- COMMAND...]: text, errors and status.
tree()
{
	local name=$1
	shift
	"$tracer" tree "$@" >"$out/$name.txt" 2>"$out/$name.err"
	status=$?
}

start_server both
tree_before=$(ftrace_state)

# ---- what they show ----------------------------------------------------------

tree tree-tcp --record "$out/tree-tcp.tree" -- "$client" tcp "$target" HELLO
is "tree: TCP: exit status" "$status" 0
like "tree: TCP: from connect to the device" \
	"$(tr -s '\n ' ' ' <"$out/tree-tcp.txt")" \
	' __sys_connect .* tcp_v4_connect .* tcp_connect .* __tcp_transmit_skb .* ip_output .* __dev_queue_xmit .* ▶ packet, [0-9]+ bytes, to lo '
tree tree-udp --record "$out/tree-udp.tree" -- "$client" udp "$target" HELLO
is "tree: UDP: exit status" "$status" 0
like "tree: UDP: it connects" "$(cat "$out/tree-udp.txt")" \
	' __ip4_datagram_connect$'
is "tree: UDP: no way to a device, no packet" \
	"$(grep -cE 'tcp_|_xmit|ip_output|▶' "$out/tree-udp.txt")" 0
like "tree: UDP: it says so" "$(cat "$out/tree-udp.txt")" 'packets: 0$'
tree tree-both --both --record "$out/tree-both.tree"
is "tree --both: exit status" "$status" 0
like "tree --both: the totals" "$(cat "$out/tree-both.txt")" \
	'^ +packets +0 +[1-3](, [12] of them in softirq)?$'
tree tree-close close --record "$out/tree-close.tree" -- \
	"$client" tcp "$target" HELLO
is "tree close: exit status" "$status" 0
like "tree close: the socket is released beneath it" \
	"$(cat "$out/tree-close.txt")" ' tcp_close$'
# in any of these: seldom ksoftirqd takes a packet over, and it is in no tree
check "tree: what ran in softirq is told apart" \
	grep -qE '^> [0-9]+ [0-9]+ s tcp_v4_rcv$' "$out"/tree-{tcp,udp,both}.tree
check "tree: ftrace is as it was" ftrace_is_as_before

tree tree-none --record "$out/tree-none.tree" -- no_such_command
is "tree: no such command: exit status" "$status" 127
check "tree: no such command: no empty recording" \
	test ! -e "$out/tree-none.tree"

# ---- killed ------------------------------------------------------------------

# tree_waits NAME: a tracer that waits for its command; its pid is $victim.
tree_waits()
{
	"$tracer" tree -- sleep 600 >"$out/$1.txt" 2>"$out/$1.err" &
	victim=$!
	wait_for 30 grep -q '^ready' "$out/$1.err"
}

# Only of this tracer: its children are the command and the cleanup helper.
kill_child()
{
	pkill -KILL -P "$victim" "$1"
}

tree_waits tree-killed
check "tree: a waiting one has changed ftrace" \
	test "$(ftrace_state)" != "$tree_before"
sleepers=$(pgrep -P "$victim" sleep)
kill -KILL "$victim"
wait "$victim" 2>/dev/null
check "tree: killed by SIGKILL: ftrace goes back by itself" \
	wait_for 20 ftrace_is_as_before
kill "$sleepers"

tree_waits tree-both-killed
sleepers=$(pgrep -P "$victim" sleep)
kill_child tracer-cleanup
kill -KILL "$victim"
wait "$victim" 2>/dev/null
kill "$sleepers"
check "tree: the cleanup helper killed as well: something is left" \
	test "$(ftrace_state)" != "$tree_before"
tree tree-second -- "$client" udp "$target" HELLO
is "tree: a second run works" "$status" 0
like "tree: and sees" "$(cat "$out/tree-second.txt")" \
	' __ip4_datagram_connect$'
check "tree: and nothing of ours is left" ftrace_is_as_before

tree_waits tree-ended
kill -TERM "$victim"
wait "$victim"
is "tree: SIGTERM is its end: exit status" $? 0
check "tree: SIGTERM: ftrace is as it was" ftrace_is_as_before

# ---- another user of ftrace --------------------------------------------------

echo udp_sendmsg >$ftrace/set_ftrace_filter
echo function >$ftrace/current_tracer
tree_other=$(ftrace_state)
tree tree-other -- "$client" udp "$target" HELLO
if grep -q 'instance of ftrace' "$out/tree-tcp.err"; then
	is "tree: alongside another user, in an instance: exit status" "$status" 0
else
	is "tree: another user has ftrace: exit status" "$status" 77
	is "tree: another user: one line" "$(wc -l <"$out/tree-other.err")" 1
	like "tree: another user: it is said" "$(cat "$out/tree-other.err")" \
		'another program uses ftrace: current_tracer says "function"'
fi
is "tree: another user is left alone" "$(ftrace_state)" "$tree_other"
echo nop >$ftrace/current_tracer
: >$ftrace/set_ftrace_filter
: >$ftrace/trace

echo tcp_connect >$ftrace/set_graph_function
tree tree-graph -- "$client" udp "$target" HELLO
is "tree: another graph's function is set: exit status" "$status" 77
is "tree: another graph's function stays" \
	"$(cat $ftrace/set_graph_function)" tcp_connect
: >$ftrace/set_graph_function

# the function tracer above has enlarged the ring for good
tree_before=$(ftrace_state)

# ---- a loss ------------------------------------------------------------------

tree tree-loss --buffer 4 -- sh -c "
	for i in 1 2 3 4 5 6; do $client tcp $target HELLO; done"
is "tree: a ring too small: exit status" "$status" 2
like "tree: a ring too small: the loss is told, and the remedy" \
	"$(cat "$out/tree-loss.txt")" '[1-9][0-9]* events were lost.*--buffer'
check "tree: at the end ftrace is as it was" ftrace_is_as_before
stop_server
