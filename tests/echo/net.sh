#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# labs/net: the two namespaces are as its head says, and gone at the end.
# shellcheck disable=SC2016 # the shells that labs/net starts expand it
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh
# shellcheck source=tests/user.sh
. tests/user.sh
scratch=$(folder_for_user)
trap 'rm -rf "$scratch"' EXIT
unset DIALTONE_NET

addresses()
{
	"$@" ip -brief address | awk '{ sub(/@.*/, "", $1); print $1, $3, $4 }'
}
export -f addresses

is 'client has 10.0.0.1 and fd00::1, server 10.0.0.2 and fd00::2, no more' \
	"$(labs/net run bash -c \
		'addresses; addresses labs/net exec server')" \
	'lo 127.0.0.1/8 ::1/128
eth0 10.0.0.1/24 fd00::1/64
lo 127.0.0.1/8 ::1/128
eth0 10.0.0.2/24 fd00::2/64'

# The interface's own counters: whatever else talked would be in them.
cat >"$scratch/echo" <<'EOF'
exec {said}< <(exec labs/net exec server echo/echo-server udp "$1:9007" 2>&1)
read -r line <&"$said" # a warning
read -r line <&"$said"
echo "$line"
echo/echo-client udp "$1:9007" HELLO
awk '/eth0/ { print "received", $3, "sent", $11 }' /proc/net/dev
awk '/^Udp: [0-9]/ { print "in", $2, "out", $5 }' /proc/net/snmp
awk '/^(Udp6(In|Out)Datagrams|Icmp6OutMsgs)/ { print }' /proc/net/snmp6 | xargs
EOF
is 'an echo is two datagrams and no more: no ARP, no neighbour discovery' \
	"$(labs/net run bash "$scratch/echo" 10.0.0.2)" \
	'listening: udp 10.0.0.2:9007
packet-written: bytes=5
packet-received: bytes=5 from=10.0.0.2:9007
received 1 sent 1
in 1 out 1
Icmp6OutMsgs 0 Udp6InDatagrams 0 Udp6OutDatagrams 0'
is 'the same over IPv6: no MLD, no router asked for' \
	"$(labs/net run bash "$scratch/echo" '[fd00::2]')" \
	'listening: udp [fd00::2]:9007
packet-written: bytes=5
packet-received: bytes=5 from=[fd00::2]:9007
received 1 sent 1
in 0 out 0
Icmp6OutMsgs 0 Udp6InDatagrams 1 Udp6OutDatagrams 1'

# As on a host that disables IPv6 for all that is new: an unshare(1) that does so.
mkdir "$scratch/bin"
cat >"$scratch/bin/unshare" <<'EOF'
#!/bin/sh
while [ "${1#--}" != "$1" ]; do options="$options $1"; shift; done
exec /usr/bin/unshare $options sh -c '
	for which in all default; do
		echo 1 >/proc/sys/net/ipv6/conf/$which/disable_ipv6
	done
	exec "$@"' sh "$@"
EOF
chmod +x "$scratch/bin/unshare"
is 'where IPv6 is disabled for new namespaces, the pair has it' \
	"$(PATH=$scratch/bin:$PATH labs/net run bash -c \
		'addresses; addresses labs/net exec server')" \
	'lo 127.0.0.1/8 ::1/128
eth0 10.0.0.1/24 fd00::1/64
lo 127.0.0.1/8 ::1/128
eth0 10.0.0.2/24 fd00::2/64'

labs/net run sh -c 'exit 3'
is "run ends with the command's exit status" $? 3
out=$(labs/net run labs/net exec server sh -c 'exit 4')
is "exec, too" $? 4
is 'arguments arrive as they are' \
	"$(labs/net run printf '<%s>' 'a b' '' '$c' '*')" '<a b><><$c><*>'
is 'standard input reaches the command' \
	"$(echo words | labs/net run cat)" words

for args in '' run exec 'exec client' 'exec nobody true' sideways; do
	# shellcheck disable=SC2086
	labs/net $args >/dev/null 2>&1
	is "bad usage: labs/net $args" $? 64
done
check '--help' labs/net --help

# Two at once: the second pair has the same addresses and is another one.
is 'runs do not meet' \
	"$(labs/net run sh -c '
		readlink /proc/self/ns/net
		labs/net run readlink /proc/self/ns/net' | sort -u | wc -l)" 2

# However it ends, nothing remains. A process in each namespace writes its pid.
alive()
{
	local pid
	# shellcheck disable=SC2013 # one pid a file
	for pid in $(cat "$scratch"/pid.*); do
		[ -e "/proc/$pid" ] &&
			! grep -q '^State:.Z' "/proc/$pid/status" && return
	done
	return 1
}
both_started()
{
	[ -s "$scratch/pid.client" ] && [ -s "$scratch/pid.server" ]
}
all_dead()
{
	! alive
}
cat >"$scratch/linger" <<'EOF'
labs/net exec server sh -c 'echo $$ >"$0/pid.server"; exec sleep 1000' "$1" &
echo $$ >"$1/pid.client"
readlink "/proc/$$/ns/net" >"$1/ns"
echo "$DIALTONE_NET" >"$1/state"
[ -z "$2" ] || exec sleep 1000
until [ -s "$1/pid.server" ]; do :; done
EOF
for signal in none INT TERM KILL; do
	rm -f "$scratch"/pid.*
	if [ $signal = none ]; then
		labs/net run sh "$scratch/linger" "$scratch" ''
	else
		# to the whole group, as a terminal does it; a shell lets what
		# it starts behind "&" ignore INT
		setsid env --default-signal=INT labs/net run sh "$scratch/linger" "$scratch" stay &
		leader=$!
		wait_for 10 both_started
		kill -$signal -- "-$leader"
		wait $leader 2>/dev/null
	fi
	check "signal $signal: no process is left in either namespace" \
		wait_for 10 all_dead
	check "signal $signal: and no note of them" \
		wait_for 10 test ! -e "$(cat "$scratch/state")"
done

# up, exec, down; the notes are kept where XDG_RUNTIME_DIR says.
export XDG_RUNTIME_DIR=$scratch
out=$(labs/net exec client true 2>&1)
is 'exec before up: says so' "$? $out" \
	'1 labs/net: no client: labs/net up makes it'
check 'up' labs/net up
out=$(labs/net up 2>&1)
is 'up twice' "$? $out" '1 labs/net: the pair is up already'
is 'exec enters what up has made' "$(addresses labs/net exec server | tail -1)" \
	'eth0 10.0.0.2/24 fd00::2/64'
rm -f "$scratch"/pid.* # of the pairs before
labs/net exec client sh -c 'echo $$ >"$0/pid.client"; exec sleep 1000' \
	"$scratch" &
wait_for 10 test -s "$scratch/pid.client"
check 'down' labs/net down
check 'down ends what runs there' wait_for 10 all_dead
out=$(labs/net exec client true 2>&1)
is 'exec after down' $? 1
out=$(labs/net down 2>&1)
is 'down after down: says so' "$? $out" '1 labs/net: no pair is up'
unset XDG_RUNTIME_DIR

# What others can plant: a namespace and a process that the notes name, though up
# has made neither.
unshare --user --map-root-user --net sh -c 'echo $$; exec sleep 1000' \
	>"$scratch/stranger" &
wait_for 10 test -s "$scratch/stranger"
read -r stranger <"$scratch/stranger"
note="$stranger $(readlink "/proc/$stranger/ns/net")"
started=$(sed 's/.*) //' "/proc/$stranger/stat" | cut -d ' ' -f 20)
# planted WHAT: in the folder $scratch/notes. WHAT is said of both commands.
planted()
{
	DIALTONE_NET=$scratch/notes labs/net down >"$scratch/said" 2>&1
	is "down, $1: kills nobody" "$? $(cat "$scratch/said")" \
		'1 labs/net: no pair is up'
	DIALTONE_NET=$scratch/notes labs/net up >"$scratch/said" 2>&1
	like "up, $1: refuses" "$? $(cat "$scratch/said")" \
		'^73 .*labs/net: cannot keep notes in '
}
mkdir "$scratch/notes"
echo "$note $started" | tee "$scratch/notes/client" >"$scratch/notes/server"
chmod 777 "$scratch/notes"
planted 'notes in a folder that everybody can write to'
chmod 755 "$scratch/notes"
if ((EUID == 0)); then
	chown 65534 "$scratch/notes"
	planted "notes in another user's folder"
	chown 0 "$scratch/notes"
fi
mv "$scratch/notes" "$scratch/elsewhere"
ln -s "$scratch/elsewhere" "$scratch/notes"
planted 'a link to notes'
rm "$scratch/notes"
mv "$scratch/elsewhere" "$scratch/notes"
echo "$note 1" | tee "$scratch/notes/client" >"$scratch/notes/server"
DIALTONE_NET=$scratch/notes labs/net down
check 'down, a PID that another process has now: kills nobody' \
	test -e "/proc/$stranger"
mkdir "$scratch/notes"
echo "$note $started" >"$scratch/notes/server"
DIALTONE_NET=$scratch/notes labs/net down
check 'down, the same note as up writes it: ends that process' \
	wait_for 10 test ! -e "/proc/$stranger"
is 'where no folder is private, up says so' "$(XDG_RUNTIME_DIR=/tmp \
	XDG_CACHE_HOME=/tmp "${user[@]}" /bin/bash labs/net up 2>&1 |
	sed 's/;.*//')" 'labs/net: no folder for notes that only you can write to'

# Without root. Root becomes nobody for it, and the script goes where she can
# read it.
install -m 755 labs/net "$scratch/net"
is 'without root it is the same' \
	"$(cd / && "${user[@]}" "$scratch/net" run bash -c \
		"addresses; addresses $scratch/net exec server" | grep eth0)" \
	'eth0 10.0.0.1/24 fd00::1/64
eth0 10.0.0.2/24 fd00::2/64'
out=$(unshare --user --map-root-user \
	setpriv --bounding-set=-sys_admin labs/net run true 2>&1)
like 'where no namespace can be had, 77 and a remedy' "$? $out" \
	'^77 labs/net: no network namespace: .*'
done_testing
