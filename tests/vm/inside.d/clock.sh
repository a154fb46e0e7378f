# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# The clock is set while packets are captured; and in the middle of a run, an
# hour ahead and an hour back, which changes nothing:
# tests/vm/outside.d/clock.sh looks at the order. Sourced by tests/vm/inside.
# shellcheck disable=SC2154 # $out, $client, $target: inside's

check "capture: the realtime clock may be set" \
	build/unit/test_step --set-the-clock

# step_between: passes the client's lines on, and sets the clock behind the 10th
# and the 20th answer. Of each step, when it was: an uptime, which takes none.
step_between()
{
	local line uptime answers=0 steps=([10]='+1 hour' [20]='-1 hour')
	while read -r line; do
		echo "$line"
		[[ $line == packet-received:* ]] || continue
		answers=$((answers + 1))
		[ "${steps[answers]:-}" ] || continue
		date -s "${steps[answers]}" >/dev/null
		read -r uptime _ </proc/uptime
		echo "clock-set: $EPOCHSECONDS $uptime"
	done
}

start_server udp
trace clock udp -c echo-server --record "$out/clock.jsonl" -- bash -c "
	$(declare -f step_between)
	$client -n 30 -i 100 udp $target HELLO | step_between"
expect clock 0 '^PASS  UDP connect\(2\).*nothing lost'
stop_server
is "clock: every answer came" \
	"$(grep -c '^packet-received: bytes=5' "$out/clock.out")" 30
is "clock: it was set an hour ahead, and back" "$(awk '/^clock-set/ {
	hours = ($2 - $3) - before; before = $2 - $3
	if (n++) print int(hours / 3590) }' "$out/clock.out")" -1
