# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# What a run may do, and as whom: sourced by tests/tracer/privileges on this
# machine's own kernel and by tests/vm/inside.d/privileges.sh in stock ones.
# In: $tracer, $client, $target (an echo server), $tier (options), TAP, root.
# shellcheck disable=SC2154 # they are set there

safe=$(mktemp -d /tmp/dialtone-test.XXXXXX) # TMPDIR may be of root only
chmod 755 "$safe"
mkdir "$safe/nobodys" "$safe/roots"
chown 65534:65534 "$safe/nobodys"

by_sudo=(env SUDO_UID=65534 SUDO_GID=65534)
# where the tier makes no difference, the one that is up sooner
quietly=("$tracer" udp --tier tracepoint -q)

# watch_safely NAME COMMAND...: a run in the background, ready on return.
watch_safely()
{
	"${@:2}" >"$safe/$1" 2>"$safe/$1.err" &
	watcher=$!
	wait_for 60 grep -q '^ready' "$safe/$1.err"
	credentials=$(cat /proc/$watcher/status)
}

ended_safely()
{
	kill -INT $watcher
	wait $watcher
	status=$?
}

# has WHAT FIELD REGEX: a line of the status file that was kept.
has()
{
	like "$1: $2" "$(sed -n "s/^$2:[[:space:]]*//p" <<<"$credentials" |
		tr '\t' ' ')" "^$3 ?\$"
}

gave_up_everything()
{
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		has "$1" $set '0{16}'
	done
	has "$1" NoNewPrivs 1
}

# refused NAME STATUS REGEX COMMAND...: exit status, and one line that says why.
refused()
{
	"${@:4}" >"$safe/refused" 2>&1 </dev/null
	is "$1: exit status" $? "$2"
	is "$1: one line" "$(wc -l <"$safe/refused")" 1
	like "$1: what it says" "$(cat "$safe/refused")" "$3"
}

# ---- the tracer itself -------------------------------------------------------

watch_safely sudo "${by_sudo[@]}" "$tracer" udp "${tier[@]}" -c echo-client \
	--record "$safe/nobodys/run.jsonl"
"$client" udp "$target" HELLO >/dev/null
ended_safely
gave_up_everything "by sudo"
has "by sudo" Uid '65534 65534 65534 65534'
has "by sudo" Gid '65534 65534 65534 65534'
has "by sudo" Groups 65534
is "by sudo: exit status" $status 0
like "by sudo: the self-test after it all is seen, too" "$(cat "$safe/sudo")" \
	'^PASS .*2 of 2 self-tests'
is "by sudo: whose the recording is" \
	"$(stat -c '%u:%g %a' "$safe/nobodys/run.jsonl")" '65534:65534 644'

watch_safely root "${quietly[@]}" -c echo-client \
	--record "$safe/nobodys/root.jsonl" --html "$safe/nobodys/root.html"
"$client" udp "$target" HELLO >/dev/null
ended_safely
gave_up_everything "root"
is "root: exit status" $status 0
is "root: may write into anybody's folder" \
	"$(stat -c %u "$safe/nobodys/root.jsonl")" 0
check "root: the page is written after the capabilities are gone" \
	grep -q '<strong>0 packets</strong>.*<b>PASS</b>' \
	"$safe/nobodys/root.html"

watch_safely capture "${by_sudo[@]}" "$tracer" capture -i lo "$safe/nobodys/lo.pcap"
"$client" udp "$target" HELLO >/dev/null
ended_safely
gave_up_everything "capture"
has "capture" Uid '65534 65534 65534 65534'
like "capture: packets come after the drop" "$(cat "$safe/capture.err")" \
	'captured [2-9] packets'
is "capture: whose the file is" "$(stat -c %u "$safe/nobodys/lo.pcap")" 65534

# ---- what others have recorded ------------------------------------------------

# replayed_safely NAME RECORDING WORD...: looked at when it opens the recording.
replayed_safely()
{
	local recording=$2
	watching=$1
	shift 2
	rm -f "$safe/nobodys/pipe"
	mkfifo -m 666 "$safe/nobodys/pipe"
	"${by_sudo[@]}" "$tracer" "$@" "$safe/nobodys/pipe" >"$safe/replay" \
		2>&1 &
	watcher=$!
	exec 9>"$safe/nobodys/pipe" # until it has opened the other end
	credentials=$(cat /proc/$watcher/status)
	cat "$recording" >&9
	exec 9>&-
	wait $watcher
	is "$watching: exit status" $? 0
	gave_up_everything "$watching"
	has "$watching" Uid '65534 65534 65534 65534'
}

replayed_safely replay "$safe/nobodys/run.jsonl" replay
is "replay: shows what the run showed" "$(cat "$safe/replay")" \
	"$(cat "$safe/sudo")"

# ---- the files that it writes ------------------------------------------------

ln -s "$safe/nobodys/nowhere" "$safe/nobodys/link"
for what in "udp --tier tracepoint --record" "udp --tier tracepoint --html" \
	capture; do
	# shellcheck disable=SC2086 # words
	refused "${what##* } in a folder of root's" 73 \
		'roots/file: user 65534 may not create files there.*called sudo$' \
		"${by_sudo[@]}" "$tracer" $what "$safe/roots/file"
	# shellcheck disable=SC2086
	refused "${what##* }, a symbolic link" 73 'nobodys/link: it exists' \
		"${by_sudo[@]}" "$tracer" $what "$safe/nobodys/link"
done
check "nothing was made behind the link" test ! -e "$safe/nobodys/nowhere"
refused "no user's number" 71 'SUDO_UID and SUDO_GID' \
	env SUDO_UID=-1 SUDO_GID=x "${quietly[@]}" -d 1

# ---- the command -------------------------------------------------------------

look='cat /proc/self/status; exec ls /proc/self/fd'
sh -c "$look" 2>/dev/null | sed '1,/nonvoluntary/d' >"$safe/descriptors"
"${by_sudo[@]}" "${quietly[@]}" -- sh -c "$look" 2>/dev/null |
	sed 's/^│ //' >"$safe/look"
credentials=$(cat "$safe/look")
for set in CapInh CapPrm CapEff CapAmb; do
	has "the command" $set '0{16}'
done
has "the command" Uid '65534 65534 65534 65534'
has "the command" Groups 65534
has "the command: ping and sudo work in it" NoNewPrivs 0
check "the command has the descriptors that it has without the tracer" \
	diff <(sed '1,/nonvoluntary/d; /^INCONCLUSIVE/,$d' "$safe/look") \
	"$safe/descriptors"
credentials=$(setpriv --inh-caps +net_raw --ambient-caps +net_raw \
	"${quietly[@]}" -- cat /proc/self/status 2>/dev/null | sed 's/^│ //')
has "root's command: nothing inherited" CapInh '0{16}'
has "root's command: nothing ambient" CapAmb '0{16}'
has "root's command: is root's" Uid '0 0 0 0'

# Whatever the command does about it, the run ends, and the command with it.
gone()
{
	! kill -0 "$(cat "$safe/pid")" 2>/dev/null
}

mkfifo "$safe/nobodys/never"
chmod 666 "$safe/nobodys/never"
for does in : "trap : TERM"; do
	: >"$safe/pid"
	chmod 666 "$safe/pid"
	"${by_sudo[@]}" "${quietly[@]}" -d 0.3 -- sh -c "echo \$\$ >'$safe/pid'; $does
		while :; do read -r x <'$safe/nobodys/never'; done" \
		>/dev/null 2>&1
	is "-d ends the user's command ($does): exit status" $? 2
	check "-d ends the user's command ($does)" gone
done
: >"$safe/pid"
watch_safely other "${quietly[@]}" -- setpriv --reuid=65534 --clear-groups \
	sh -c "echo \$\$ >'$safe/pid'; read -r x <'$safe/nobodys/never'"
wait_for 60 test -s "$safe/pid" # it is another user by now
ended_safely
is "a command that became another user: exit status" $status 2
like "a command that became another user: it is said" \
	"$(cat "$safe/other" "$safe/other.err")" \
	'^tracer: setpriv .*still running'
kill "$(cat "$safe/pid")"
install -m 700 /bin/true "$safe/mine"
"${by_sudo[@]}" "${quietly[@]}" -- "$safe/mine" >"$safe/refused" 2>&1
is "a command that the user may not run: exit status" $? 126
like "a command that the user may not run: it is said" \
	"$(cat "$safe/refused")" '^tracer: cannot run .*/mine: Permission denied'
rm -f "$safe/pid"

# ---- file capabilities ---------------------------------------------------------

# as_nobody_with CAPS COMMAND...: a tracer that has them, run by nobody
cp "$tracer" "$safe/tracer"
chmod 755 "$safe/tracer"
as_nobody_with()
{
	setcap "$1+ep" "$safe/tracer" &&
		setpriv --reuid=65534 --regid=65534 --clear-groups \
			"$safe/tracer" "${@:2}"
}

# before Linux 5.11 a map counts as locked memory, which the user must have
case $(uname -r) in 5.10.*) ulimit -l unlimited ;; esac

paranoid=$(cat /proc/sys/kernel/perf_event_paranoid)
echo 2 >/proc/sys/kernel/perf_event_paranoid
as_nobody_with cap_bpf,cap_perfmon,cap_net_raw both "${tier[@]}" -q \
	--record "$safe/nobodys/caps.jsonl" -- sh -c "exec >/dev/null
	'$client' udp $target HELLO; '$client' tcp $target HELLO" \
	>"$safe/caps" 2>&1
is "three file capabilities suffice: exit status" $? 0
is "three file capabilities suffice: both verdicts" \
	"$(grep -c ^PASS "$safe/caps")" 2
as_nobody_with cap_net_raw capture -i lo -d 0.1 "$safe/nobodys/net.pcap" \
	>"$safe/caps" 2>&1
is "one suffices for a capture" $? 0
if ((${#tier[@]} == 0)); then
	echo 3 >/proc/sys/kernel/perf_event_paranoid
	as_nobody_with cap_bpf,cap_perfmon,cap_net_raw udp -q -- \
		"$client" udp "$target" HELLO >"$safe/caps" 2>&1
	is "perf_event_paranoid=3: exit status" $? 0
	like "perf_event_paranoid=3: it is said" "$(cat "$safe/caps")" \
		'perf_event_paranoid allows kprobes only with .*continuing without'
	like "perf_event_paranoid=3: the verdict stands without kprobes" \
		"$(cat "$safe/caps")" '^PASS .*tracepoint tier'
fi
refused "CAP_NET_RAW alone does not trace" 77 'CAP_BPF with CAP_PERFMON' \
	as_nobody_with cap_net_raw udp "${tier[@]}" -d 1
echo "$paranoid" >/proc/sys/kernel/perf_event_paranoid
rm -rf "$safe"
