# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# The functions for a lab's `experiment`: source this file, then
#
#	step TEXT                   one line of what is done, for the check
#	server COMMAND...           the command in the namespace server
#	await PID FILE REGEX        waits until process PID has printed REGEX
#	start_echo PROTO            starts the echo server at 10.0.0.2:9007
#	start_capture NAME [IFACE]  captures eth0 or IFACE into NAME.pcap, or into NAME
#	                            if it ends in .pcapng
#	stop_capture                ends all captures
#	counters NAME               keeps the counters of client: counters.NAME
#	counters_server NAME        the same for server
#	trace [--pcapng] PROTO COMMAND...
#	                            runs the tracer alongside a command: run.jsonl (the
#	                            recording), run.txt, program.txt (the command's
#	                            output), and run.pcapng, for Wireshark
#
# In: LAB_OUT, LAB_TIER, LAB_MESSAGE, LAB_BEGUN (runner/launch.py). It runs at
# 10.0.0.1, at the top of the checkout. At the end, labs/net ends every process
# that is still running.
set -eu

peer=10.0.0.2:9007 # the peer of every dial
message=${LAB_MESSAGE:-HELLO} # no two runs have the same (greeting.py)
captures=()
# The tests replace a program or interface with a wrong one, and so may you.
# shellcheck disable=SC2034 # for the experiments
client=${LAB_WITH_CLIENT:-echo/echo-client}
iface=${LAB_WITH_IFACE:-} # else the capture is on eth0, the tracer on any

# Is a program missing? Otherwise the capture would be empty, and the check would
# say that it saw nothing.
for variable in LAB_WITH_CLIENT LAB_WITH_SERVER LAB_WITH_DIAL LAB_WITH_LOOKUP; do
	words=${!variable:-}
	if [ "$words" ] && ! command -v "${words%% *}" >/dev/null; then
		echo "experiment: $variable: '${words%% *}' is not found" >&2
		exit 127
	fi
done

: >"$LAB_OUT/steps"
uname -r >"$LAB_OUT/kernel"
echo "$message${LAB_BEGUN:+ $LAB_BEGUN}" >"$LAB_OUT/message"

# step TEXT: the check prints it as "after TEXT"
step()
{
	echo "$*" >>"$LAB_OUT/steps"
}

# wait_until COMMAND...: polls for a minute, then the experiment ends.
wait_until()
{
	local limit=$((SECONDS + 60))
	until "$@" >/dev/null 2>&1; do
		if ((SECONDS >= limit)); then
			echo "experiment: this did not happen within a minute: $*" >&2
			exit 1
		fi
		read -rt 0.01 <> <(:) || :
	done
}

# await PID FILE REGEX: waits until process PID has printed REGEX into FILE. If
# the process has ended instead, the experiment ends.
await()
{
	local pid=$1 file=$2 regex=$3
	# shellcheck disable=SC2317 # wait_until calls it
	said_or_ended()
	{
		grep -q "$regex" "$file" || ! kill -0 "$pid"
	}
	wait_until said_or_ended
	if ! grep -q "$regex" "$file"; then
		echo "experiment: it ended before it was ready:" \
			"$(tail -n 1 "$file")" >&2
		exit 1
	fi
}

server()
{
	labs/net exec server "$@"
}

start_echo() # PROTO
{
	step "server: echo/echo-server $1 $peer"
	# shellcheck disable=SC2086 # it may be several words
	server ${LAB_WITH_SERVER:-echo/echo-server} "$1" "$peer" >"$LAB_OUT/server.txt" 2>&1 &
	await "$!" "$LAB_OUT/server.txt" '^listening'
	[ "$1" != both ] ||
		await "$!" "$LAB_OUT/server.txt" '^listening: tcp'
}

start_capture() # NAME [IFACE]
{
	local name=${1%.pcapng} file=$1 on=${2:-${iface:-eth0}}
	[ "$file" != "$name" ] || file=$name.pcap
	step "client: tracer/tracer capture -i $on $file"
	tracer/tracer capture -i "$on" "$LAB_OUT/$file" \
		2>"$LAB_OUT/$name.err" &
	captures+=($!)
	await "$!" "$LAB_OUT/$name.err" '^ready'
}

stop_capture()
{
	local pid
	for pid in "${captures[@]}"; do
		kill -INT "$pid"
		wait "$pid" # its last packets come first
	done
	captures=()
}

counters() # NAME
{
	cat /proc/net/snmp /proc/net/netstat >"$LAB_OUT/counters.$1"
}

counters_server() # NAME
{
	server cat /proc/net/snmp /proc/net/netstat >"$LAB_OUT/counters.$1"
}

# The check judges the tracer's verdict: exit status 1 and 2 end no experiment.
trace() # [--pcapng] PROTO COMMAND...
{
	local proto status=0 pcapng=()
	if [ "$1" = --pcapng ]; then
		pcapng=(--pcapng "$LAB_OUT/run.pcapng")
		shift
	fi
	proto=$1
	shift
	step "client: tracer/tracer $proto --record run.jsonl ${pcapng:+--pcapng run.pcapng }-- $*"
	# shellcheck disable=SC2016 # the inner shell expands it
	tracer/tracer "$proto" --tier "$LAB_TIER" -i "${iface:-any}" -c echo-server \
		--record "$LAB_OUT/run.jsonl" "${pcapng[@]}" -- \
		sh -c 'exec "$@" >"$0" 2>&1' "$LAB_OUT/program.txt" "$@" \
		>"$LAB_OUT/run.txt" 2>"$LAB_OUT/run.err" || status=$?
	if ((status > 2)); then
		cat "$LAB_OUT/run.err" >&2
		exit "$status"
	fi
}
