# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Eight sockets send as fast as the kernel takes it: every event
# is recorded or declared lost, by the probes' own count and by the
# flood's. Sourced by tests/vm/inside.
# shellcheck disable=SC2154 # $out, $tracer are its own

# What a recording's lines add up to, as NAME=NUMBER for the shell. Not those of
# --json: a view leaves out the packets of a socket of which all else was lost.
flood_sums()
{
	awk '/"type":"tally"/  { tally = $0; next }
	/"type":"lost"/   { match($0, /"count":[0-9]+/)
	                    n = substr($0, RSTART + 8, RLENGTH - 8)
	                    if (/"cause":"missed"/) missed += n
	                    else if (/"kernel"/) lost += n
	                    next }
	/"type":"(enter|exit|call|state)"/ { events++ }
	/"type":"packet"/ && /"witness":"kernel"/ { events++ }
	/"type":"call"/ && /"step":"udp_sendmsg"/ { sendmsg++ }
	END {
		gsub(/[{}"]|type:tally,/, "", tally)
		gsub(/:/, "=", tally)
		gsub(/,/, "\n", tally)
		print tally
		printf "lost=%d\nmissed=%d\n", lost, missed
		printf "events=%d\nsendmsg=%d\n", events, sendmsg
	}'
}

# flooded NAME OPTION...: one flood under the tracer, and its account.
flooded()
{
	local name=$1 hits=0 delivered=0 dropped=0 filtered=0 received=0
	local sent=0 refused=0 lost=0 missed=0 events=0 sendmsg=0 sums
	shift
	# shellcheck disable=SC2016 # the inner shell expands it
	"$tracer" udp -q --record "$out/$name.jsonl" "$@" -- sh -c \
		'exec build/tests/flood 8 "$1" >"$0"' "$out/$name.sent" \
		"$flood_seconds" >"$out/$name.txt" 2>"$out/$name.err"
	sums=$(flood_sums <"$out/$name.jsonl")
	rm "$out/$name.jsonl" # half a gigabyte, when thorough
	eval "$sums $(tr -d ' ' <"$out/$name.sent" | tr : =)"
	echo "# $name:" "${sums//$'\n'/ }" "sent=$sent"
	is "$name: hits = delivered + dropped + filtered" "$hits" \
		$((delivered + dropped + filtered))
	is "$name: delivered = received" "$received" "$delivered"
	is "$name: what was delivered is recorded" "$events" "$delivered"
	is "$name: what was dropped is declared lost" "$lost" "$dropped"
	check "$name: the flood was one" [ "$sent" -gt 1000 ]
	is "$name: nothing was refused" "$refused" 0
	check "$name: no send is recorded twice" [ "$sendmsg" -le "$sent" ]
	# seven events a datagram: what is missing was declared
	check "$name: each send is recorded or among the lost" \
		[ $((sendmsg + lost + missed)) -ge "$sent" ]
	if ((dropped == 0 && missed == 0)); then
		is "$name: every send is recorded" "$sendmsg" "$sent"
	fi
}

flood_seconds=1
[ -z "${THOROUGH:-}" ] || flood_seconds=30
flooded flood
flooded flood-page --ring 4096
