# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# This machine's processor and distribution. Each function takes its input as an
# argument, so that a test can pass the data of another machine.
# Source it after common.sh; it runs nothing.

# host_architecture MACHINE: Debian's name for the processor that `uname -m`
# calls MACHINE.
host_architecture()
{
	case $1 in
	x86_64) echo amd64 ;;
	aarch64 | arm64) echo arm64 ;;
	*) die 69 "no lab VM for the processor $1:" \
		"there is one for x86_64 and one for aarch64" ;;
	esac
}

# os_field NAME FILE: one variable of an os-release(5); empty if it is not set.
os_field()
{
	# shellcheck disable=SC1090 # a file of NAME=VALUE for the shell
	[ ! -r "$2" ] || (unset "$1" && . "$2" && echo "${!1:-}")
}

# ubuntu_suite FILE: the release of Ubuntu that this machine is, or that it
# derives from; nothing on others.
ubuntu_suite()
{
	local suite
	suite=$(os_field UBUNTU_CODENAME "$1")
	if [ -z "$suite" ] && [ "$(os_field ID "$1")" = ubuntu ]; then
		suite=$(os_field VERSION_CODENAME "$1")
	fi
	echo "$suite"
}

# default_suite FILE: the suite whose kernel boots by default: this machine's
# own. A machine without a suite here boots bookworm's, the kernel on which the
# handouts were recorded. So does Ubuntu if DIALTONE_MIRROR names a mirror of
# Debian.
default_suite()
{
	local suite
	suite=$(os_field DEBIAN_CODENAME "$1")
	[ "$(os_field ID "$1")" != debian ] ||
		suite=$(os_field VERSION_CODENAME "$1")
	if known_suite "${suite:-none}"; then
		echo "$suite"
		return
	fi
	suite=$(ubuntu_suite "$1")
	[ -z "${DIALTONE_MIRROR:-}" ] || suite=''
	echo "${suite:-bookworm}"
}
