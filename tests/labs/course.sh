# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# One lab from beginning to end, and its wrong worlds. Sourced by inside.
#
# In: number, folder, shipped (a regular expression: what the check says of a
# run as shipped), out. A lab's own file may set shipped, and defines worlds(),
# in which it calls
#
#	world NAME [VARIABLE=VALUE...]   a run in a wrong world, without a
#	                                 prediction; its notebook is $out/NAME
#	says STATUS REGEX...             how its check ends, and that it says this
#
# Where she writes code, `program FILE` before `world` puts a program there.
# shellcheck disable=SC2154 # number, folder, shipped, out

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

program()
{
	next_program=$1
}

world()
{
	name=$number-$1
	rm -rf "${out:?}/$name"
	if [ "${next_program:-}" ]; then
		mkdir -p "$out/$name/$number"
		cp "$next_program" "$out/$name/$number/start.c"
		next_program=
	fi
	shift
	said=$(env "$@" DIALTONE_NOTEBOOK="$out/$name" \
		labs/lab run "$number" --no-predict 2>&1 </dev/null)
	is "$name: the experiment's exit status" "$?" 0
	[ -d "$out/$name/$number/run" ] || printf '%s\n' "$said" | sed 's/^/# /'
}

says()
{
	local expected=$1 regex
	shift
	lab "$name" check "$number"
	is "$name: check's exit status" "$status" "$expected"
	for regex in "$@"; do
		like "$name: check says why" "$said" "$regex"
	done
}

# answer_all: every question, as this run answers it.
answer_all()
{
	local answers
	mapfile -t answers < <(field \
		'.questions[] | .name + "=" + .right')
	((${#answers[@]} == 0)) || lab "$name" answers "$number" "${answers[@]}"
}

course()
{
	local right wrong solution
	name=$number
	rm -rf "${out:?}/$name"
	right=$(jq -r .right "$folder/predict.json")
	wrong=$(jq -r ".choices | keys[] | select(. != \"$right\")" \
		"$folder/predict.json" | head -n 1)
	solution=$(jq -r '.solution // ""' "$folder/lab.json")

	lab "$name" check "$number"
	is "$name: no check before a run" "$status $said" \
		"66 lab: lab $number has not been run: labs/lab run $number"
	lab "$name" run "$number"
	like "$name: no run before a prediction" "$status $said" \
		'^66 lab: predict first'
	lab "$name" predict "$number" "$wrong"
	is "$name: a prediction is noted" "$status" 0

	lab "$name" run "$number"
	is "$name: run" "$status" 0
	like "$name: the prediction stands beside" "$said" "^Predicted:  $wrong "
	lab "$name" check "$number"
	is "$name: as shipped it fails" "$status" 1
	like "$name: as shipped, with these words" "$said" "$shipped"
	lab "$name" answers "$number"
	is "$name: no answers before a pass" "$status" 66

	if [ "$solution" ]; then
		program "$folder/$solution"
		world solution
		cp "$out/$number/progress.json" "$out/$name/"
	fi
	is "$name: the run shows the right choice" \
		"$(field .observed.choice)" "$right"
	answer_all
	says 0 '^PASS  ([0-9]+) of \1$'
	lab "$name" answers "$number"
	is "$name: answers after a pass" "$status" 0
}
