# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Packages of any suite and architecture of Debian, and of this machine's own
# release of Ubuntu. It needs no root and leaves no trace on this machine: apt
# has its sources, state and cache in a folder of the caller. The mirror is
# DIALTONE_MIRROR, else one that this machine's apt uses. Signatures are checked
# against the archive's keyring, whatever this machine's apt allows.
#
#   apt_begin SUITE ARCH DIR      then apt_private DIR apt-get download PACKAGE
#
# Source it after common.sh and host.sh; it runs nothing.

# archive_of SUITE: the archive that has it, as the Origin in its Release file.
archive_of()
{
	if known_suite "$1"; then
		echo Debian
	elif [ "$1" = "$(ubuntu_suite /etc/os-release)" ]; then
		echo Ubuntu
	else
		return 1
	fi
}

# need_keyring ARCHIVE: prints the file with the archive's keys.
need_keyring()
{
	local archive=${1,,} package=debian-archive-keyring file
	[ "$archive" = debian ] || package=$archive-keyring
	file=/usr/share/keyrings/$archive-archive-keyring.gpg
	[ -e "$file" ] || die 69 "$file is missing, and without it the signature" \
		"of a kernel cannot be checked; fix: apt-get install $package"
	echo "$file"
}

# known_mirrors: the mirrors of this machine's apt: "ORIGIN|RELEASE|URL", a line
# each. Only a machine with the lists (apt-get update) knows the origin; else it
# is "?".
known_mirrors()
{
	# shellcheck disable=SC2016 # apt expands these
	apt-get indextargets --format '$(ORIGIN)|$(RELEASE)|$(REPO_URI)' \
		'Created-By: Packages' 'Component: main' 2>/dev/null || :
	apt-get update --print-uris 2>/dev/null |
		sed -n "s,^'\(.*\)/dists/\(.*\)/InRelease' .*,?|\2|\1/,p" || :
}

# mirror ARCHIVE RELEASES FOLDER: the URL of a mirror that has one of RELEASES
# (a regular expression). If no origin is known, it uses the release's name. It
# prefers a mirror whose folder has the archive's usual name.
mirror()
{
	known_mirrors | grep -v '|cdrom:' | awk -F'|' -v archive="$1" -v want="^($2)\$" \
		-v folder="/$3/\$" '
		$1 == archive && $2 ~ want && !sure { sure = $3 }
		$1 != archive && $1 != "?" { foreign[$3] = 1 }
		$1 == "?" && $2 ~ want && !($3 in foreign) {
			if (!likely && $3 ~ folder) likely = $3
			if (!possible) possible = $3
		}
		END {
			url = sure ? sure : likely ? likely : possible
			sub("/$", "", url)
			if (url) print url
		}'
}

# source_lines SUITE ARCHIVE: "URL RELEASE COMPONENTS" of where its packages are.
source_lines()
{
	local suite=$1 main security names
	names=$(known_suites | tr ' ' '|')
	if [ "$2" = Ubuntu ]; then
		main=$(mirror Ubuntu "$suite" ubuntu)
		security=$(mirror Ubuntu "$suite-security" ubuntu)
		[ -n "$main" ] ||
			die 69 "apt on this machine lists no mirror of Ubuntu $suite"
		echo "$main $suite main"
		echo "$main $suite-updates main"
		echo "${security:-$main} $suite-security main"
		return
	fi
	main=${DIALTONE_MIRROR:-} security=''
	[[ $main =~ ^([a-z+]+:.*)?$ ]] || die 64 "DIALTONE_MIRROR wants a URL," \
		"not '$main'"
	main=${main%/}
	main=${main// /%20}
	[ -n "$main" ] || main=$(mirror Debian "$names|(old)*stable|testing" debian)
	[ -n "$main" ] || die 69 "apt on this machine lists no mirror of Debian;" \
		"fix: set DIALTONE_MIRROR to the URL of one"
	[ -n "${DIALTONE_MIRROR:-}" ] ||
		security=$(mirror Debian "($names)-security" debian-security)
	echo "$main $suite main"
	[ -z "$security" ] || [ "$suite" = sid ] ||
		echo "$security $suite-security main"
}

# write_sources SUITE ARCH DIR: a sources list with the one suite in it.
write_sources()
{
	local suite=$1 arch=$2 dir=$3 archive keyring lines url rest
	archive=$(archive_of "$suite") || die 64 "unknown suite '$suite'"
	keyring=$(need_keyring "$archive")
	lines=$(source_lines "$suite" "$archive")
	while read -r url rest; do
		echo "deb [arch=$arch target=Packages signed-by=$keyring]" \
			"$url $rest"
	done <<<"$lines" >"$dir/sources.list"
}

# apt_private DIR TOOL ARGUMENT...: run apt-get or apt-cache on private state.
apt_private()
{
	local dir=$1 tool=$2
	shift 2
	# Command-line options override the machine's configuration files. A
	# suite that gets no more updates has a Release file past its date. Its
	# signature is still valid, and we do want an old kernel.
	"$tool" -q -o "Dir::State=$dir/state" -o "Dir::Cache=$dir/cache" \
		-o "Dir::State::status=$dir/status" \
		-o "Dir::Etc::sourcelist=$dir/sources.list" \
		-o "Dir::Etc::sourceparts=/dev/null" \
		-o "Dir::Etc::preferences=/dev/null" \
		-o "Dir::Etc::preferencesparts=/dev/null" \
		-o "APT::Sandbox::User=" -o "APT::Default-Release=" \
		-o "APT::Architecture=$(cat "$dir/arch")" \
		-o "APT::Architectures=" \
		-o "Acquire::AllowInsecureRepositories=false" \
		-o "Acquire::AllowWeakRepositories=false" \
		-o "Acquire::AllowDowngradeToInsecureRepositories=false" \
		-o "APT::Get::AllowUnauthenticated=false" \
		-o "Acquire::Check-Valid-Until=false" "$@"
}

# apt_begin SUITE ARCH DIR: makes what apt_private needs in DIR, and asks the
# mirror what the suite has. The messages are in DIR/apt.log.
apt_begin()
{
	local dir=$3
	mkdir -p "$dir"/{state/lists/partial,cache/archives/partial}
	: >"$dir/status"
	echo "$2" >"$dir/arch"
	write_sources "$1" "$2" "$dir"
	# the caller, which asks for a package, reports what is missing
	apt_private "$dir" apt-get update >"$dir/apt.log" 2>&1 || :
}

# apt_reason DIR: what DIR/apt.log says about a signature, else its first error,
# else its first warning; and what to do.
apt_reason()
{
	local kind line
	for kind in '[EW]: .*(GPG error|OpenPGP|not signed)' E: W:; do
		! line=$(grep -m1 -E "^$kind" "$1/apt.log") || break
	done
	: "${line:=   the mirror does not have it}"
	echo "${line:3}; fix: check the network, or set DIALTONE_MIRROR to the" \
		"URL of another mirror of Debian"
}
