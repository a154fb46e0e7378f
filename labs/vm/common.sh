# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# What the programs of the lab machine share: messages, and where things lie.
# In: $here, the folder labs/vm. Source it; it runs nothing.

program=labs/vm/${0##*/}

note()
{
	echo "$program: $*" >&2
}

# die STATUS TEXT...: one line on standard error, and out.
die()
{
	local status=$1
	shift
	note "$*"
	exit "$status"
}

# need TOOL [PACKAGE]: 69 (EX_UNAVAILABLE) if a program is not installed.
need()
{
	command -v "$1" >/dev/null ||
		die 69 "$1 is not installed: apt-get install ${2:-$1}"
}

known_suites()
{
	echo "bullseye bookworm trixie forky duke sid"
}

known_suite()
{
	[[ " $(known_suites) " == *" $1 "* ]]
}

# state_dirs: where kernels may lie, best first, one a line: in the checkout,
# else in the user's cache, if she cannot write to the checkout.
# shellcheck disable=SC2154 # $here: whoever sources this has it
state_dirs()
{
	(cd "$here/../.." && echo "$PWD/build/vm")
	if [ -n "${XDG_CACHE_HOME:-}${HOME:-}" ]; then
		echo "${XDG_CACHE_HOME:-$HOME/.cache}/dialtone/vm"
	fi
}

# writable_state_dir: the first of them that can be written to; made if absent.
writable_state_dir()
{
	local dir
	while read -r dir; do
		if mkdir -p "$dir/kernels" 2>/dev/null &&
		   [ -w "$dir/kernels" ]; then
			echo "$dir"
			return
		fi
	done < <(state_dirs)
	die 69 "no place to keep a kernel: none of these can be written to:" \
		"$(state_dirs | tr '\n' ' ')(set XDG_CACHE_HOME)"
}
