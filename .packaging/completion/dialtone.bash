# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Completion of dialtone(1) for bash: commands, their options, and what an option
# takes.

# Options come from --help, so that they cannot differ from the program's.
_dialtone_options()
{
	dialtone "$@" --help 2>/dev/null | grep -oE -- '(^|[ ,])--?[a-z][a-z-]*' |
		tr -d ' ,' | sort -u
}

_dialtone_commands()
{
	dialtone --help 2>/dev/null | sed -n 's/^  \([a-z]*\)  .*/\1/p'
}

_dialtone()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} i
	COMPREPLY=()
	# --interface=lo is three words of bash's
	if [ "$word" = = ]; then
		word=''
	elif [ "$before" = = ]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W \
			"$(_dialtone_commands) help --help --version" -- "$word")
		return
	fi
	for ((i = 2; i < COMP_CWORD; i++)); do
		[ "${COMP_WORDS[i]}" = -- ] || continue
		if ((i + 1 == COMP_CWORD)); then
			mapfile -t COMPREPLY < <(compgen -c -- "$word")
		else
			mapfile -t COMPREPLY < <(compgen -f -- "$word")
		fi
		return
	done
	case $before in
	-i | --interface) mapfile -t COMPREPLY < <(compgen -W \
		"any $(ls /sys/class/net)" -- "$word") ;;
	-p | --pid) mapfile -t COMPREPLY < <(compgen -W \
		"$(cd /proc && printf '%s ' [0-9]*)" -- "$word") ;;
	--netns) mapfile -t COMPREPLY < <(compgen -W \
		"$(ls /run/netns 2>/dev/null)" -- "$word") ;;
	-c | --comm) mapfile -t COMPREPLY < <(compgen -W \
		"$(cat /proc/[0-9]*/comm 2>/dev/null | sort -u)" -- "$word") ;;
	--tier) mapfile -t COMPREPLY < <(compgen -W 'kprobe tracepoint' -- "$word") ;;
	--color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$word") ;;
	*)
		case $command,$word in
		*,-*) mapfile -t COMPREPLY < <(compgen -W \
			"$(_dialtone_options "$command")" -- "$word") ;;
		explain,* | stack,*) mapfile -t COMPREPLY < <(compgen -W \
			"$(dialtone explain --list | sed -n 's/^  //p')" -- "$word") ;;
		help,*) mapfile -t COMPREPLY < <(compgen -W \
			"$(_dialtone_commands)" -- "$word") ;;
		lab,*) ((COMP_CWORD > 2)) || mapfile -t COMPREPLY < <(compgen -W \
			"$(dialtone lab --help |
				sed -n 's/^[a-z: ]*dialtone lab \([a-z]*\).*/\1/p' | sort -u)" \
			-- "$word") ;;
		*) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
		esac
		;;
	esac
}

complete -F _dialtone dialtone
