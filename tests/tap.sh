# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# TAP for test scripts: source this, call check or is, end with done_testing.

# What suites compare must not depend on who runs them: one locale, one umask,
# one width.
export LC_ALL=C.UTF-8
unset LANGUAGE COLUMNS NO_COLOR CLICOLOR_FORCE
umask 022

tap_count=0
tap_failed=0

# check NAME COMMAND...: passes if the command exits 0.
check()
{
	# names that no command will have: bash's local variables are seen by
	# the functions that are called
	local tap_name=$1 tap_said
	shift
	tap_count=$((tap_count + 1))
	if tap_said=$("$@" 2>&1); then
		echo "ok $tap_count - $tap_name"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $tap_name"
		printf '%s\n' "command: $*" "$tap_said" | sed 's/^/# /'
	fi
}

# is NAME GOT EXPECTED: passes if the two strings are equal.
is()
{
	tap_count=$((tap_count + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $tap_count - $1"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $1"
		printf 'expected:\n%s\ngot:\n%s\n' "$3" "$2" | sed 's/^/# /'
	fi
}

# like NAME GOT REGEX: passes if the extended regular expression is found.
like()
{
	tap_count=$((tap_count + 1))
	if grep -qE -- "$3" <<<"$2"; then
		echo "ok $tap_count - $1"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $1"
		printf 'no match for: %s\ngot:\n%s\n' "$3" "$2" | sed 's/^/# /'
	fi
}

# wait_for SECONDS COMMAND...: polls until the command exits 0; 1 at the limit.
wait_for()
{
	local tap_limit=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		((SECONDS < tap_limit)) || return 1
		read -rt 0.02 <> <(:) || :
	done
}

# done_testing: the plan, and as status whether all passed.
done_testing()
{
	echo "1..$tap_count"
	((tap_failed == 0))
}
