# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# An ordinary user for the suites that root runs too: source this.
#
#   "${user[@]}" COMMAND...    runs it as user 65534, or as who we are if not root
#   checkout_for_user DIR      puts the programs and the labs into DIR
#
# The user cannot run the programs in the checkout itself where a folder above
# it has mode 0700, as every home of Debian 12 and later has, or where it was
# cloned under umask 077. /tmp is a place that every user can reach; TMPDIR may
# be of one user only.

# shellcheck disable=SC2034 # for the suites
user=(env)
[ "$EUID" != 0 ] ||
	user=(env TMPDIR=/tmp
		setpriv --reuid=65534 --regid=65534 --clear-groups)

# folder_for_user: prints a new folder that the user can enter.
folder_for_user()
{
	local folder
	folder=$(mktemp -d /tmp/dialtone-test.XXXXXX) &&
		chmod 755 "$folder" && echo "$folder"
}

checkout_for_user() # DIR
{
	mkdir -p "$1"
	tar -c --exclude=labs/notebook labs echo tracer/tracer build/labs |
		tar -x --no-same-owner -C "$1"
	chmod -R a+rX "$1"
}
