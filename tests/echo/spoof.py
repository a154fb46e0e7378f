#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Two echo servers and one datagram with a false source address, between them.

The suite runs on `client` of labs/net, with raw sockets, and counts for three
seconds what passes: on eth0 for servers on two hosts, on lo for two on one.
First it does the same to a pair of servers without the guard. If the count did not
see their endless exchange, a zero from it would prove nothing.
"""
import os
import select
import socket
import struct
import subprocess
import sys
import time

from pair import PAIR, done, ok

CLIENT, SERVER, LO, LO2 = "10.0.0.1", "10.0.0.2", "127.0.0.1", "127.0.0.2"
# Each case: (address, port) of a server, and of the one that is said to ask it
CASES = [
    ((SERVER, 9007), (CLIENT, 9007)),  # one port on two hosts
    ((SERVER, 7101), (CLIENT, 7102)),  # a higher port asks a lower one
    ((SERVER, 7202), (CLIENT, 7201)),  # and a lower one a higher
    ((LO, 7301), (LO, 7302)),          # two servers on one host
    ((LO, 7402), (LO, 7401)),
    ((LO, 7501), (LO2, 7501)),         # one port at two addresses
    ((LO, 7601), (LO, 7601)),          # a server asks itself
]
NAIVE = ((LO, 7801), (LO, 7802))


def datagram(to, source, data=b"HELLO"):
    """An IPv4 packet; the kernel fills the header's checksum and length."""
    udp = struct.pack("!HHHH", source[1], to[1], 8 + len(data), 0) + data
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 0, 0, 0, 64,
                       socket.IPPROTO_UDP, 0, socket.inet_aton(source[0]),
                       socket.inet_aton(to[0])) + udp


def spoof(to, source):
    with socket.socket(socket.AF_INET, socket.SOCK_RAW,
                       socket.IPPROTO_RAW) as raw:
        raw.sendto(datagram(to, source), (to[0], 0))


class Wire:
    """Counts UDP datagrams by their two ports, each once."""

    def __init__(self):
        self.counts = {}
        self.sockets = []
        for name in ("lo", "eth0"):
            s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                              socket.htons(0x0003))  # ETH_P_ALL
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
            s.bind((name, 0x0003))
            self.sockets.append(s)

    def count(self, seconds):
        self.counts = {}
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for s in select.select(self.sockets, [], [], left)[0]:
                packet, (name, proto, kind, *_) = s.recvfrom(2048)
                # lo shows each packet as outgoing and again as received
                if proto != 0x0800 or packet[9] != socket.IPPROTO_UDP or \
                        name == "lo" and kind == socket.PACKET_OUTGOING:
                    continue
                start = (packet[0] & 15) * 4
                ports = struct.unpack_from("!HH", packet, start)
                key = frozenset(ports)
                self.counts[key] = self.counts.get(key, 0) + 1

    def between(self, a, b):
        return self.counts.get(frozenset((a[1], b[1])), 0)


def server(address, port):
    prefix = ["labs/net", "exec", "server"] if address == SERVER else []
    p = subprocess.Popen([*prefix, f"{PAIR}/echo-server", "udp",
                          f"{address}:{port}"], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True)
    assert p.stdout.readline() == f"listening: udp {address}:{port}\n"
    return p


NAIVE_SERVER = """
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
print("listening", flush=True)
while True:
    s.sendto(*s.recvfrom(2048))
"""


def naive(address, port):
    p = subprocess.Popen([sys.executable, "-c", NAIVE_SERVER, address,
                          str(port)], stdout=subprocess.PIPE, text=True)
    p.stdout.readline()
    return p


def main():
    wire = Wire()
    pair = [naive(*end) for end in NAIVE]
    spoof(*NAIVE)
    wire.count(0.5)
    for p in pair:
        p.kill()
    n = wire.between(*NAIVE)
    ok(f"without a guard, one datagram became {n} in half a second", n > 100)

    ends = sorted({end for case in CASES for end in case})
    servers = [server(*end) for end in ends]
    wire = Wire()  # what the naive pair left in the other is no matter
    for case in CASES:
        spoof(*case)
    wire.count(3)
    for to, source in CASES:
        n = wire.between(to, source)
        ok(f"from {source[0]}:{source[1]} to {to[0]}:{to[1]}: "
           f"{n} datagrams in 3 s", 1 <= n <= 2)
    for p in servers:
        p.kill()
    done()


if "DIALTONE_NET" not in os.environ:
    os.execv("labs/net", ["labs/net", "run", sys.executable, "-B",
                           *sys.argv])
main()
