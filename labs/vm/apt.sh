# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Packages of any suite and architecture of Debian, without root, and without a
# trace on this machine: apt with sources, state and cache in a folder of the
# caller's. The mirror is the one that this machine's apt uses; signatures are
# checked against debian-archive-keyring.
#
#   apt_begin SUITE ARCH DIR      then apt_private DIR apt-get download PACKAGE
#
# Source it after common.sh; it runs nothing.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# mirror PATTERN: the address that this machine's apt has for a release.
mirror()
{
	# shellcheck disable=SC2016 # apt expands these
	apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' \
		'Created-By: Packages' 2>/dev/null |
		awk -v want="$1" '$1 ~ want && $2 == "main" { print $3; exit }'
}

# write_sources SUITE ARCH DIR: a sources list with the one suite in it.
write_sources()
{
	local suite=$1 arch=$2 dir=$3 codename main security
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	main=$(mirror "^($codename|stable|testing|unstable|sid)\$")
	security=$(mirror '-security$')
	[ -n "$main" ] ||
		die 69 "apt on this machine knows no Debian mirror"

	# A suite without updates (sid) has no security archive, and one that
	# has gone from the mirror has neither: apt says so below.
	local options="[arch=$arch target=Packages signed-by=$keyring]"
	echo "deb $options $main $suite main" >"$dir/sources.list"
	[ -z "$security" ] ||
		echo "deb $options $security $suite-security main" \
			>>"$dir/sources.list"
}

# apt_private DIR TOOL ARGUMENT...: run apt-get or apt-cache on private state.
apt_private()
{
	local dir=$1 tool=$2
	shift 2
	# Command-line options win over the machine's configuration files. A
	# suite that gets no more updates has a Release file past its date:
	# its signature still holds, and an old kernel is what is asked for.
	"$tool" -q -o "Dir::State=$dir/state" -o "Dir::Cache=$dir/cache" \
		-o "Dir::State::status=$dir/status" \
		-o "Dir::Etc::sourcelist=$dir/sources.list" \
		-o "Dir::Etc::sourceparts=-" -o "Dir::Etc::preferences=-" \
		-o "Dir::Etc::preferencesparts=-" -o "APT::Sandbox::User=" \
		-o "APT::Default-Release=" \
		-o "APT::Architecture=$(cat "$dir/arch")" \
		-o "APT::Architectures=" \
		-o "Acquire::Check-Valid-Until=false" "$@"
}

# apt_begin SUITE ARCH DIR: makes what apt_private needs in DIR, and asks the
# mirror what the suite has. What it had to say is in DIR/apt.log.
apt_begin()
{
	local dir=$3
	[ -e "$keyring" ] || die 69 "$keyring is missing:" \
		"apt-get install debian-archive-keyring"
	mkdir -p "$dir"/{state/lists/partial,cache/archives/partial}
	: >"$dir/status"
	echo "$2" >"$dir/arch"
	write_sources "$1" "$2" "$dir"
	# what is not there is told by whoever asks for a package of it
	apt_private "$dir" apt-get update >"$dir/apt.log" 2>&1 || :
}
