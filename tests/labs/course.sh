# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# One lab from beginning to end, and its wrong worlds. Sourced by inside.
#
# In: number, folder, needs (of lab.json), solution ("" if students write no code),
# start (the name of their file), shipped (a regular expression: what the check says
# of a run as shipped), out. A lab's own file may set shipped, and defines worlds(),
# in which it calls
#
#	world NAME [VARIABLE=VALUE...]   a run in a wrong world, without a
#	                                 prediction; its notebook is $out/NAME
#	says STATUS REGEX...             how its check ends, and that it says this
#	unknown [VARIABLE]               a world that the lab does not have
#
# If students write code, `program FILE` before `world` puts a program there.
# shellcheck disable=SC2154 # number, folder, needs, solution, start, shipped, out

# lab NAME WORD...: the runner with a notebook of its own; $said, $status.
lab()
{
	local name=$1
	shift
	said=$(DIALTONE_NOTEBOOK="$out/$name" labs/lab "$@" 2>&1 </dev/null)
	status=$?
}

# field EXPRESSION: of what the check of the last world finds, with jq.
field()
{
	"$folder/check" --json "$out/$name/$number/run" | jq -r "$1"
}

# right_answers [QUESTION]: NAME=ANSWER for the last world. The check itself does
# not print them.
# shellcheck disable=SC2120 # NN.sh passes one
right_answers()
{
	tests/labs/right.py "$folder/check" "$out/$name/$number/run" "$@"
}

program()
{
	next_program=$1
}

# A lab's own file may define disturbed(): another process has spoilt this run's
# measurement. Then it is made again, as the check advises.
world()
{
	local runs=0 program=${next_program:-}
	while next_program=$program && world_once "$@" && ((++runs < 5)) &&
		declare -F disturbed >/dev/null && disturbed; do
		echo "# $name: the machine was not quiet"
	done
}

# A lab in which students write no code needs no runner for its experiment: in an
# emulated machine each start of it costs a second.
world_once()
{
	local run tier=${LAB_TIER:-none}
	[ "$needs" != tracer ] || tier=tracepoint # 2 s quicker to attach
	name=$number-$1
	run=$out/$name/$number/run
	rm -rf "${out:?}/$name"
	mkdir -p "$out/$name/$number"
	shift
	if [ "$solution" ]; then
		[ -z "${next_program:-}" ] ||
			cp "$next_program" "$out/$name/$number/$start"
		next_program=
		said=$(env "$@" DIALTONE_NOTEBOOK="$out/$name" \
			labs/lab run "$number" --no-predict 2>&1 </dev/null)
		status=$?
		# with a variable it is a run of Modify
		[ ! -e "${run%run}modify" ] || mv "${run%run}modify" "$run"
	else
		mkdir "$run"
		said=$(env LAB_OUT="$run" LAB_TIER="$tier" "$@" \
			labs/net run "$folder/experiment" 2>&1 </dev/null)
		status=$?
	fi
	is "$name: the experiment's exit status" "$status" 0
	((status == 0)) || printf '%s\n' "$said" | sed 's/^/# /'
	return 0
}

# forged NAME: the evidence of the lab's own run, for a test to change: $run
forged()
{
	name=$number-$1
	run=$out/$name/$number/run
	rm -rf "${out:?}/$name"
	mkdir -p "$out/$name/$number"
	cp -r "$out/$number/$number/run" "$run"
}

# records EXPRESSION: run.jsonl with each record put through jq
records()
{
	jq -c "$1" "$run/run.jsonl" >"$run/new" && mv "$run/new" "$run/run.jsonl"
}

says()
{
	local expected=$1 regex
	shift
	said=$("$folder/check" "$out/$name/$number/run" 2>&1)
	is "$name: check's exit status" $? "$expected"
	for regex in "$@"; do
		like "$name: check says why" "$said" "$regex"
	done
}

# unknown [VARIABLE]: a world that the lab does not have ends the experiment.
unknown()
{
	name=$number-unknown
	said=$(env "${1:-LAB_WITH_WORLD}=nonesuch" DIALTONE_NOTEBOOK="$out/$name" \
		labs/lab run "$number" --no-predict 2>&1 </dev/null)
	is "$name: run" $? 1
	like "$name: it says which there are" "$said" \
		"${1:-LAB_WITH_WORLD}: this lab has no 'nonesuch'; it has [a-z]"
}

# answer_all: every question, as this run answers it.
answer_all()
{
	local answers
	# shellcheck disable=SC2119 # all of them
	mapfile -t answers < <(right_answers)
	((${#answers[@]} == 0)) || lab "$name" answers "$number" "${answers[@]}"
}

course()
{
	local right wrong
	name=$number
	rm -rf "${out:?}/$name"
	right=$(jq -r .right "$folder/predict.json")
	wrong=$(jq -r ".choices | keys[] | select(. != \"$right\")" \
		"$folder/predict.json" | head -n 1)

	lab "$name" predict "$number" "$wrong"
	is "$name: a prediction is noted" "$status" 0
	lab "$name" run "$number"
	is "$name: run" "$status" 0
	like "$name: the prediction is there" "$said" "^Predicted:  $wrong "
	lab "$name" check "$number"
	is "$name: as shipped it fails" "$status" 1
	like "$name: as shipped, with these words" "$said" "$shipped"

	if [ "$solution" ]; then
		program "$folder/$solution"
		world solution
		cp "$out/$number/progress.json" "$out/$name/"
	fi
	is "$name: the run shows the right choice" \
		"$(field .observed.choice)" "$right"
	answer_all
	lab "$name" check "$number"
	is "$name: a pass" "$status" 0
	like "$name: the whole score" "$said" '^PASS  ([0-9]+) of \1$'
	lab "$name" answers "$number"
	is "$name: answers after a pass" "$status" 0
}
