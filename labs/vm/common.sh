# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# What the programs of the lab VM share: messages, and the places of files.
# In: $here, the folder labs/vm. Source it; it runs nothing.

program=labs/vm/${0##*/}

# Debian's PATH for an ordinary user has no sbin; depmod and modprobe are there.
PATH=$PATH:/usr/sbin:/sbin

note()
{
	echo "$program: $*" >&2
}

# die STATUS TEXT...: print one line on standard error, and exit.
die()
{
	local status=$1
	shift
	note "$*"
	exit "$status"
}

# need TOOL[:PACKAGE]...: 69 (EX_UNAVAILABLE) if programs are not installed; all
# of them in one line, with the package where its name is another.
need()
{
	local item tool package list=''
	for item; do
		tool=${item%%:*} package=${item#*:}
		command -v "$tool" >/dev/null && continue
		list+="${list:+, }$tool"
		[ "$tool" = "$package" ] || list+=" (package $package)"
	done
	[ -z "$list" ] || die 69 "not installed: $list; fix: make deps"
}

# need_room DIR MEGABYTES WHAT VARIABLE: 69 if the file system of DIR has less;
# VARIABLE is the one that moves WHAT to another folder.
need_room()
{
	local free
	free=$(df --output=avail -k "$1" 2>/dev/null | tail -n 1) || return 0
	((free >= $2 * 1024)) ||
		die 69 "$1 has $((free / 1024)) MB left, and $3 needs $2 MB;" \
			"fix: free some space, or set $4 to another folder"
}

# remove_abandoned PARENT: removes the folders of programs that were killed. No
# process holds the lock of such a folder. Links and other users' folders stay, and
# so do folders that were never locked: an older version made them.
remove_abandoned()
{
	local dir
	for dir in "$1"/dialtone-vm.??????; do
		if [ -d "$dir" ] && [ ! -L "$dir" ] && [ -O "$dir" ] &&
			[ -e "$dir/locked" ]; then
			# shellcheck disable=SC2094 # it is a folder
			(flock -n 8 && rm -rf "$dir") 8<"$dir" 2>/dev/null || :
		fi
	done
}

# temporary_folder VARIABLE: makes a new folder in TMPDIR and sets VARIABLE to
# its path. This shell and its children hold its lock.
temporary_folder()
{
	local -n made=$1
	local parent=${TMPDIR:-/tmp} answer lock
	remove_abandoned "$parent"
	while :; do
		if ! answer=$(mktemp -d "$parent/dialtone-vm.XXXXXX" 2>&1); then
			die 69 "cannot make a folder in '$parent' (${answer##*: });" \
				"fix: set TMPDIR to a folder that you can write to"
		fi
		# until it is locked, another program may take it for abandoned
		if { exec {lock}<"$answer"; } 2>/dev/null; then
			flock -n "$lock" && : 2>/dev/null >"$answer/locked" &&
				break
			exec {lock}<&-
		fi
	done
	# shellcheck disable=SC2034 # the caller's variable
	made=$answer
}

# own_folder DIR: makes it if absent; true if it is ours, and no link. Then no
# other user can put a file or a link where we expect ours.
own_folder()
{
	(umask 022 && mkdir -p "$1") 2>/dev/null || :
	[ -d "$1" ] && [ ! -L "$1" ] && [ -O "$1" ] && [ -w "$1" ]
}

# found_folder PARENT: prints our folder for the lock in a PARENT in which all
# users can make folders; makes it if it is missing. Its name must not be
# predictable, or another user could take it first.
found_folder()
{
	local dir round
	for round in 1 2; do
		for dir in "$1"/dialtone-turn.??????; do
			if [ -d "$dir" ] && own_folder "$dir"; then
				echo "$dir"
				return
			fi
		done
		((round == 1)) && mktemp -d "$1/dialtone-turn.XXXXXX" \
			>/dev/null 2>&1 || return
	done
}

# turn_lock: prints the file that a running lab VM holds locked, one for
# each user.
turn_lock()
{
	local dir cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
	for dir in ${cache:+"$cache/dialtone"} \
		${XDG_RUNTIME_DIR:+"$XDG_RUNTIME_DIR/dialtone"}; do
		if own_folder "$dir"; then
			echo "$dir/turn.lock"
			return
		fi
	done
	dir=$(found_folder "${TMPDIR:-/tmp}") && echo "$dir/turn.lock" && return
	die 69 "no place for a lock in '${TMPDIR:-/tmp}';" \
		"fix: set XDG_RUNTIME_DIR to a folder that you can write to"
}

known_suites()
{
	echo "bullseye bookworm trixie forky duke sid"
}

known_suite()
{
	[[ " $(known_suites) " == *" $1 "* ]]
}

# state_dirs: the folders that may have kernels, best first, one a line: in the
# checkout, else in the user's cache, if the checkout is read-only for the user.
# shellcheck disable=SC2154 # $here: each script that sources this has it
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
	local dir dirs
	# all of them: a program that writes to a closed pipe may print an error
	mapfile -t dirs < <(state_dirs)
	for dir in "${dirs[@]}"; do
		if mkdir -p "$dir/kernels" 2>/dev/null &&
		   [ -w "$dir/kernels" ]; then
			echo "$dir"
			return
		fi
	done
	die 69 "no place to keep a kernel: none of these can be written to:" \
		"$(state_dirs | tr '\n' ' ')(set XDG_CACHE_HOME)"
}
