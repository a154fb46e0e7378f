# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# tracer stack: the article's stacks with today's names, as parts of those seen
# here in this order; wrong names; what is not heard. Sourced by
# tests/vm/inside.
# shellcheck disable=SC2154 # $out, $tracer, $client, $target: of its caller

start_server both

# stacks NAME STATUS OPTION... -- COMMAND...: into NAME.stacks and NAME.err.
stacks()
{
	local name=$1 expected=$2
	shift 2
	"$tracer" stack "$@" >"$out/$name.stacks" 2>"$out/$name.err"
	is "stack $name: exit status" $? "$expected"
}

# path NAME FUNCTION...: some one stack of the run has these, in this order.
path()
{
	local name=$1
	shift
	# shellcheck disable=SC2016 # awk's own $1
	check "stack $name: ${*:1:2} …" awk -v path="$*" '
		BEGIN { n = split(path, want, " "); at = 1 }
		/^[0-9]/ { at = 1 }
		/^        [a-zA-Z_]/ {
			sub(/\+0x.*/, "", $1)
			# "a|b": that function has two names
			if (at <= n && index("|" want[at] "|", "|" $1 "|"))
				at++
			if (at > n)
				found = 1
		}
		END { exit !found }' "$out/$name.stacks"
}

entry="do_syscall_64 entry_SYSCALL_64_after_hwframe"
connect="__sys_connect __x64_sys_connect $entry"
# shellcheck disable=SC2086 # lists of words
{
	stacks connect 0 tcp_transmit_skb -- $client tcp $target HELLO
	path connect __tcp_transmit_skb tcp_connect tcp_v4_connect \
		__inet_stream_connect inet_stream_connect $connect
	stacks udp 0 ip4_datagram_connect ip_send_skb __skb_recv_udp \
		udp_rcv -- $client udp $target HELLO
	path udp "ip4_datagram_connect|__ip4_datagram_connect" $connect
	path udp ip_send_skb udp_send_skb udp_sendmsg sock_write_iter \
		vfs_write ksys_write $entry
	path udp __skb_recv_udp udp_recvmsg "inet_recvmsg|sock_recvmsg" sock_read_iter \
		vfs_read ksys_read $entry
	stacks recvfrom 0 __skb_recv_udp -- $client -u udp $target HELLO
	path recvfrom __skb_recv_udp udp_recvmsg "inet_recvmsg|sock_recvmsg" \
		__sys_recvfrom __x64_sys_recvfrom $entry
}
like "stack connect: an old name is told" "$(cat "$out/connect.err")" \
	'tcp_transmit_skb is called __tcp_transmit_skb on this kernel'
if [ "$(uname -r | cut -d. -f1)" -ge 7 ]; then
	like "stack udp: so is a function that is no longer on the path" \
		"$(cat "$out/udp.err")" \
		'ip4_datagram_connect is called __ip4_d.*attached but never fired'
fi

# ---- softirq, and the format of flamegraph.pl --------------------------------

like "stack udp: whose frames are whose" "$(cat "$out/udp.stacks")" \
	'^        ── softirq up to here: the frames below belong to the interrupted task'
path udp udp_rcv net_rx_action __local_bh_enable_ip udp_sendmsg
stacks folded 0 udp_rcv ip_send_skb --folded -- sh -c \
	"exec $client udp $target HELLO >/dev/null"
is "stack folded: every line is of the format" \
	"$(grep -vE '^[^; ]+(;[^; ]+)* [1-9][0-9]*$' "$out/folded.stacks")" ""
like "stack folded: root first" "$(cat "$out/folded.stacks")" \
	'^echo-client;entry_SYSCALL_64_after_hwframe;.*;ip_send_skb 1$'
like "stack folded: the softirq begins anew" "$(cat "$out/folded.stacks")" \
	';udp_sendmsg;.*;\[softirq\];.*;net_rx_action;.*;udp_rcv 1$'

# ---- the program's own frames ------------------------------------------------
# Names are looked up when the program has ended. Go keeps frame pointers.

stacks user 0 tcp_connect --user -- build/tests/dial tcp "$target"
path user tcp_connect __x64_sys_connect entry_SYSCALL_64_after_hwframe \
	'net.(*netFD).connect' net.internetSocket main.dial main.main \
	runtime.main
like "stack user: which file" "$(cat "$out/user.stacks")" \
	'^        main\.dial\+0x[0-9a-f]+ \[dial\]$'

# A stranger puts a FIFO in the place of the program that made the call.
strange=$(mktemp -d)
cp build/tests/dial "$strange/dial"
chown -R 5002:5002 "$strange"
stacks fifo 0 tcp_connect --user -- timeout 60 \
	setpriv --reuid=5002 --regid=5002 --clear-groups sh -c \
	"'$strange/dial' tcp $target; rm '$strange/dial'; mkfifo '$strange/dial'"
like "stack fifo: no symbols, and no wait" "$(cat "$out/fifo.stacks")" \
	'^        \[dial\]\+0x[0-9a-f]+$'
rm -r "$strange"

# ---- what cannot be watched --------------------------------------------------

stacks typo 64 tcp_conect
like "stack typo: near names" "$(cat "$out/typo.err")" 'similar: .*tcp_connect'
stacks blacklist 64 notify_die
like "stack blacklist: why" "$(cat "$out/blacklist.err")" 'does not allow probes on it'
stacks unknown 127 tcp_connect -- no-such-program
stacks untested 2 tcp_send_active_reset tcp_connect -- true
like "stack untested: no zero without a test" "$(cat "$out/untested.stacks")" \
	'tcp_send_active_reset: 0 calls, and nothing in this run proves'
like "stack untested: a zero to be believed" "$(cat "$out/untested.stacks")" \
	'tcp_connect: 0 calls; its probe fired for the self-test before and after'

# ---- a server that was there before; loss; kprobes switched off --------------

# watcher NAME OPTION...: started, and ready.
watcher()
{
	local name=$1
	shift
	"$tracer" stack "$@" >"$out/$name.stacks" 2>"$out/$name.err" &
	watcher=$!
	wait_for 30 grep -q '^ready' "$out/$name.err"
}

watcher pid udp_recvmsg -p "$server" -n 1
"$client" udp "$target" HELLO >"$out/client"
wait $watcher
is "stack pid: -n ends it" $? 0
like "stack pid: it is the server" "$(cat "$out/pid.stacks")" \
	"^$server +$server +echo-server +udp_recvmsg"
watcher loss udp_send_skb --ring 4096
kill -STOP $watcher
"$client" -n 100 -i 0 udp "$target" HELLO >"$out/client"
kill -CONT $watcher
kill -INT $watcher
wait $watcher
is "stack loss: exit status" $? 2
like "stack loss: how many" "$(cat "$out/loss.stacks")" \
	'^ +- [1-9][0-9]* calls lost'

# -o: our output is in the file, and standard output is the command's alone
for command in 'stack udp_sendmsg' 'count udp_sendmsg' 'tree sendto'; do
	name=output-${command%% *}
	# shellcheck disable=SC2086 # two words
	"$tracer" $command -o "$out/$name" -- \
		sh -c "echo from the command; '$client' -u udp $target HELLO" \
		>"$out/$name.command" 2>"$out/$name.err"
	is "$command -o: exit status" $? 0
	like "  our output is in the file" "$(<"$out/$name")" \
		"udp_sendmsg"
	is "  standard output is the command's" "$(sed -n 1p "$out/$name.command")" \
		"from the command"
	is "  and has nothing of ours" "$(grep -c udp_sendmsg "$out/$name.command")" 0
	# shellcheck disable=SC2086
	"$tracer" $command -o "$out/$name" -- true >"$out/again" 2>&1
	is "  a file that exists is kept" "$? $(grep -c 'it exists; -f' "$out/again")" \
		"73 1"
done

kprobes=/sys/kernel/debug/kprobes/enabled
watcher switched udp_rcv
echo 0 >$kprobes
kill -INT $watcher
wait $watcher
is "stack switched: exit status" $? 2
like "stack switched: the canary is silent" "$(cat "$out/switched.stacks")" \
	'kprobes no longer fire'
stacks off 77 udp_rcv -- true
like "stack off: before anything runs" "$(cat "$out/off.err")" \
	'kprobes are switched off: they attach but never fire'
echo 1 >$kprobes
stop_server
