# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# What `tracer count`, both backends, and `tracer tree` may do while they watch
# a command, and that they see all of it all the same. Sourced by
# tests/vm/inside.d/privileges.sh behind tests/tracer/privileges.sh.
# In: $tracer, $client, $target (an echo server), TAP, and the functions there.
# shellcheck disable=SC2154 # they are set there

safe=$(mktemp -d /tmp/dialtone-test.XXXXXX) # TMPDIR may be of root only
chmod 755 "$safe"
mkdir "$safe/nobodys" "$safe/roots"
chown 65534:65534 "$safe/nobodys"
tracing=/sys/kernel/tracing
mkfifo -m 666 "$safe/go"
# It waits for a word, and then there is something to see.
# shellcheck disable=SC2016 # the shell that is traced expands it
waits=(sh -c 'read -r x <"$0" && exec "$@" >/dev/null' "$safe/go" "$client")

# while_it_waits NAME PROTO WORD...: a run for the user who called sudo, looked
# at while its command waits; then the command goes on, and the run ends.
while_it_waits()
{
	local name=$1 proto=$2
	shift 2
	watch_safely "$name" "${by_sudo[@]}" "$tracer" "$@" -- \
		"${waits[@]}" "$proto" "$target" HELLO
	gave_up_everything "$name"
	has "$name" Uid '65534 65534 65534 65534'
	has "$name" Gid '65534 65534 65534 65534'
	has "$name" Groups 65534
	echo go >"$safe/go"
	wait "$watcher"
	is "$name: exit status" $? 0
	is "$name: no instance remains" "$(ls $tracing/instances)" ''
}

backends=(ftrace)
[ ! -e $tracing/available_filter_functions_addrs ] || backends+=(kprobe.multi)
for backend in "${backends[@]}"; do
	while_it_waits "count by $backend" udp count \
		--backend "$backend" udp_sendmsg
	like "count by $backend: the figure is there" \
		"$(cat "$safe/count by $backend")" '^udp_sendmsg +1$'
	like "count by $backend: what was missed is known" \
		"$(cat "$safe/count by $backend")" '2 of 2 self-tests .*nothing lost'
done
while_it_waits tree tcp tree --record "$safe/nobodys/run.tree"
like "tree: it is there, to the device" "$(cat "$safe/tree")" \
	'▶ packet, [0-9]+ bytes, to lo'
like "tree: the command is named" "$(cat "$safe/tree")" 'echo-client'
is "tree: whose the recording is" \
	"$(stat -c '%u:%g %a' "$safe/nobodys/run.tree")" '65534:65534 644'
refused "tree: a recording in a folder of root's" 73 \
	'roots/file: user 65534 may not create files there.*called sudo$' \
	"${by_sudo[@]}" "$tracer" tree --both --record "$safe/roots/file"
replayed_safely "tree --replay" "$safe/nobodys/run.tree" tree --replay
is "tree --replay: shows what the run showed" "$(cat "$safe/replay")" \
	"$(cat "$safe/tree")"
is "tree: root's ftrace is given back" "$(cat $tracing/current_tracer)" nop

# What is left of root alongside it waits for its end, and holds nothing else.
watch_safely cleanup "${by_sudo[@]}" "$tracer" tree -- "${waits[@]}" udp \
	"$target" HELLO
cleanup=$(pgrep -P "$watcher" tracer-cleanup)
like "the cleanup helper waits for the end of a pipe" \
	"$(cat "/proc/$cleanup/syscall")" '^0 '
check "the cleanup helper's descriptors: none that is read, but for the pipe" \
	test "$(find "/proc/$cleanup/fd" -lname 'pipe:*' | wc -l)" = 1
check "the cleanup helper has no file of ftrace" \
	test -z "$(find "/proc/$cleanup/fd" -lname '/sys/*')"
echo go >"$safe/go"
wait "$watcher"
is "with a cleanup helper: exit status" $? 0
rm -rf "$safe"
