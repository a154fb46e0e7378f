# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 23, wrong worlds: a clock that runs too long, a mean, strace of the wrong process,
# and a machine that is not quiet.
# shellcheck disable=SC2154 # folder, run, out, name, number
# shellcheck source=tests/labs/wrong.sh
. tests/labs/wrong.sh

# shellcheck disable=SC2034 # inside reads it
shipped='expected +at most 10 getppid as long as a rest, 1000000 ns'

# The check's own line says so; and where tcpdump, which works next to the solution,
# does not find a processor free, the solution is slower with it than without.
disturbed()
{
	local regex='the two runs alone differ'
	[ "$name" != 23-solution ] || regex+='|connect less than 1.5 times as long'
	[ "$name" != 23-disturbed ] &&
		"$folder/check" "$out/$name/$number/run" 2>&1 | grep -qE "$regex"
}

worlds()
{
	unknown
	# as shipped: a mean, and a clock that runs during the rests
	name=$number
	says 1 '^FAIL  the clock runs' '^FAIL  the typical time is the median' \
		'expected +connect: the median, [0-9]+ ns' 'got +[0-9]+ ns; the mean is'

	wrong rest-in-the-loop '	if (turn % EACH == 0)
		rest();
	began = now_ns();' '	began = now_ns();
	if (turn % EACH == 0)
		rest();'
	says 1 '^FAIL  the clock runs during the call alone' 'got +2[0-9];' \
		'^PASS  the typical time'

	program "$folder/solution/measure.c"
	world parent LAB_WITH_WORLD=parent
	says 1 '^FAIL  strace: more than five times' \
		'expected +getppid more than 5 times' 'got +[0-2]\.[0-9] times' \
		'^FAIL  strace: so are the calls'

	program "$folder/solution/measure.c"
	world disturbed LAB_WITH_WORLD=disturbed
	says 2 'because +the two runs alone differ by [0-9]+%, more than 25%' \
		'^PASS  the typical time'
	like "$name: and there are no ratios" \
		"$(cat "$out/$name/$number/run/table.txt")" '^no ratios: the two runs'

	# edited evidence: fewer times than were asked for
	solved few
	sed -i -E 's/"getppid:( [0-9]+){900}/"getppid:/' "$run/trials.jsonl"
	says 1 '^FAIL  the typical time' 'expected +1000 times or more'
}
