# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Verdicts in ordinary traffic, of both tiers, and worlds that need modules of
# the kernel's. Sourced by tests/vm/inside.

# shellcheck source=tests/vm/traffic.sh
. tests/vm/traffic.sh
for tier in kprobe tracepoint; do
	neighbours $tier
	addresses $tier
	others $tier
done

# A queueing discipline doubles each packet, between the two witnesses.
modprobe sch_netem
world kprobe tcp plain 'tc qdisc add dev lo root netem duplicate 100%'
said kprobe plain 0 "$handshake"
# A VRF is a loopback too: each packet goes out and comes in on it.
modprobe vrf
world kprobe tcp vrf 'ip link add vrf0 type vrf table 10
	ip link set vrf0 up
	ip addr add 10.88.0.1/32 dev vrf0'
said kprobe vrf 0 "$handshake"
like "vrf: each packet is counted once" "$(cat "$out/vrf-kprobe.txt")" \
	' 3 packets on the wire: SYN, SYN-ACK, ACK'

# A mount connects within the kernel: no call of any program.
modprobe 9pnet_fd
modprobe 9p
world kprobe tcp mount
said kprobe mount 2 'because the kernel connected on its own behalf'
# A port does not hide what connect(2) calls before its socket has one.
world kprobe "udp --port 7200" to_port
said kprobe to_port 0 '^PASS  UDP connect\(2\) put 0 packets'
is "to_port: functions of its connect(2)" \
	"$(shown kprobe to_port '┊ (udp_v4_get_port|(__)?ip4_datagram_connect) ')" 2
is "to_port: and of no other" "$(shown kprobe to_port '127.0.0.1:7201')" 0
