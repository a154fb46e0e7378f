# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Wrong worlds of the labs in which students write C: the solution with one place
# changed to a mistake that people make. Sourced by those labs' own files; see
# course.sh.
# shellcheck disable=SC2154 # out, folder, number, name

# kept: the file with all that came of the last world's trials.
kept()
{
	echo "$out/$name/$number/run/trials.jsonl"
}

# solved NAME: the evidence of the solution, for a test to change: $run
solved()
{
	name=$number-$1
	run=$out/$name/$number/run
	rm -rf "${out:?}/$name"
	mkdir -p "$out/$name/$number"
	cp -r "$out/$number-solution/$number/run" "$run"
}

replaced() # OUT FILE OLD NEW...
{
	tests/labs/replace.py "${@:2}" >"$1"
}

# wrong NAME OLD NEW [OLD NEW...]: a run of the solution, so changed.
wrong()
{
	local world=$1 file=$out/$number-$1.c
	shift
	check "$number-$world: the solution can be made wrong" replaced \
		"$file" "$folder/$(jq -r .solution "$folder/lab.json")" "$@"
	program "$file"
	world "$world"
}
