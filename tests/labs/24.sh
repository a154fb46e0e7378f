# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Lab 24, wrong worlds: each liar, none, two of them, and controls that prove nothing.
# shellcheck disable=SC2154 # folder, out, name, number, run
# shellcheck source=tests/labs/wrong.sh
. tests/labs/wrong.sh

# shellcheck disable=SC2034 # inside reads it
shipped='got +strace 0, capture 0, counters 0, server 0: silence and blindness'

# lies WITNESS PROOF: this witness is found, with this proof of it.
lies()
{
	local answers
	program "$folder/solution/stimulus.c"
	world "$1" LAB_WITH_LIAR="$1"
	says 1 '^PASS  your program gave' '^PASS  three witnesses agree' \
		'^TODO  liar'
	answers=$(right_answers)
	like "$number-$1: it is found" "$answers" "liar=$1"
	like "$number-$1: and proved" "$answers" "proof=$2$"
	check "$number-$1: nothing in the evidence names it" \
		test -z "$(grep -rlE "liar" "$out/$name/$number/run" \
			--include='*.jsonl' --include='*.txt')"
}

worlds()
{
	lies strace 7
	lies capture 7
	lies counters 7
	lies server '[0-9]{2,3}'

	program "$folder/solution/stimulus.c"
	world nobody LAB_WITH_LIAR=none
	says 1 '^FAIL  three witnesses agree' \
		'expected +one witness that contradicts' 'got +0: strace 7, capture 7'
	program "$folder/solution/stimulus.c"
	world majority LAB_WITH_LIAR=strace,capture
	says 1 '^FAIL  your program gave' 'expected +5 datagrams or more, on which most' \
		'got +strace 0, capture 0, counters 7, server 7' \
		'because +most witnesses do not agree on 5 datagrams'
	unknown LAB_WITH_LIAR
	# a second one joins the liar: edited evidence
	name=$number-two
	cp -r "$out/$number-capture" "$out/$name"
	sed -i '/"trial": "stimulus"/s/"counted": 7/"counted": 0/' \
		"$out/$name/$number/run/trials.jsonl"
	says 1 '^FAIL  three witnesses agree' 'got +2: strace 7, capture 0'

	wrong equal-lengths 'write(fd, bytes, length)' 'write(fd, bytes, 10)' \
		'say(length);' 'say(10);' 'clock_gettime(CLOCK_REALTIME, &now);' \
		'clock_gettime(CLOCK_MONOTONIC, &now);'
	says 1 '^FAIL  your program gave' 'expected +each of another length' \
		'^FAIL  and it said' 'expected +the true time' 'got +-[0-9]+ s'

	wrong only-says 'if (write(fd, bytes, length) < 0)' \
		'if (!bytes[0] && fd < 0)'
	says 1 '^FAIL  your program gave' 'expected +5 datagrams or more, on which most' \
		'^FAIL  and it said' 'got +7 lines, 0 datagrams'
}
