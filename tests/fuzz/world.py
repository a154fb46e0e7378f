# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The peers and the busy neighbours of the fuzzer's programs.

    world.py PACKETS_PER_SECOND PROGRAMS

Runs in a network namespace of its own, as root. Prints "ready" and runs until
standard input ends.

Peers, over IPv4 and IPv6:
    7001  accepts TCP; reads UDP
    7002  answers each datagram
    7003  has no socket: refuses
    7004  silent: the firewall drops what comes in
    7005  the firewall of this machine refuses what goes out
    7006  NAT redirects it to 7001

Program I may bind the ports from first_port(I). Strangers have some of them:
    +0 … +3  at 127.0.0.2, the same port at another address
    +4, +5   at the same address, with SO_REUSEPORT
    +6, +7   at the same address: a bind(2) of the program fails
They send to all ports of the program, and to 7001. What they send starts with
"N", what a program sends starts with "P" (play_program.c).
"""
import selectors
import socket
import subprocess
import sys
import time

ANSWERS, ECHOES, REFUSES, SILENT, REJECTED, REDIRECTED = range(7001, 7007)
NEIGHBOUR = b"Neighbour"  # no program sends as many bytes
BUSY_PORTS = 10  # the strangers send to first_port() … + 9

RULES = f"""
table ip nat {{
    chain output {{
        type nat hook output priority -100
        tcp dport {REDIRECTED} redirect to :{ANSWERS}
        udp dport {REDIRECTED} redirect to :{ANSWERS}
    }}
}}
table ip6 nat6 {{
    chain output {{
        type nat hook output priority -100
        tcp dport {REDIRECTED} redirect to :{ANSWERS}
        udp dport {REDIRECTED} redirect to :{ANSWERS}
    }}
}}
table inet firewall {{
    chain input {{
        type filter hook input priority 0
        tcp dport {SILENT} drop
        udp dport {SILENT} drop
    }}
    chain output {{
        type filter hook output priority 0
        tcp dport {REJECTED} reject with tcp reset
        udp dport {REJECTED} reject
    }}
}}
"""


def first_port(program):
    return 20000 + 100 * program


def build_network():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["nft", "-f", "-"], input=RULES, text=True, check=True)
    set_ipv4("tcp_fastopen", 3)
    set_ipv4("tcp_max_tw_buckets", 0)  # a program that runs again may bind again


def set_ipv4(name, value):
    with open(f"/proc/sys/net/ipv4/{name}", "w", encoding="ascii") as file:
        file.write(str(value))


def both_families(kind, port):
    """A socket that takes IPv4 and IPv6."""
    s = socket.socket(socket.AF_INET6, kind)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("::", port))
    s.setblocking(False)
    return s


class World:
    """All sockets of the peers and of the strangers."""

    def __init__(self, programs):
        self.events = selectors.DefaultSelector()
        self.flows = []  # (socket, address that it sends to)
        self.next = 0
        listener = both_families(socket.SOCK_STREAM, ANSWERS)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 16)
        listener.listen(200)
        self.watch(listener, self.accept)
        self.watch(both_families(socket.SOCK_DGRAM, ANSWERS), self.swallow)
        self.watch(both_families(socket.SOCK_DGRAM, ECHOES), self.echo)
        for program in range(programs):
            self.add_strangers(first_port(program))

    def watch(self, s, react):
        self.events.register(s, selectors.EVENT_READ, react)

    def accept(self, listener):
        connection, _ = listener.accept()
        connection.setblocking(False)
        self.watch(connection, self.drain)

    def drain(self, connection):
        """Close when the program does."""
        try:
            if connection.recv(65536):
                return
        except OSError:
            pass
        self.events.unregister(connection)
        connection.close()

    @staticmethod
    def swallow(s):
        try:
            s.recv(2048)
        except OSError:
            pass  # an ICMP error, or a datagram with a wrong checksum

    @staticmethod
    def echo(s):
        try:
            payload, peer = s.recvfrom(2048)
            s.sendto(b"N" + payload[1:], peer)
        except OSError:
            pass

    def add_strangers(self, first):
        for offset in range(8):
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.setblocking(False)
            if offset in (4, 5):
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            host = "127.0.0.2" if offset < 4 else "127.0.0.1"
            s.bind((host, first + offset))
            self.watch(s, self.swallow)
            self.flows.append((s, ("127.0.0.1", ANSWERS)))
            for port in range(first, first + BUSY_PORTS):
                self.flows.append((s, ("127.0.0.1", port)))

    def send(self, count):
        """The strangers take turns."""
        for _ in range(count):
            # a step that is coprime to the number of flows mixes them
            self.next = (self.next + 37) % len(self.flows)
            s, peer = self.flows[self.next]
            try:
                s.sendto(NEIGHBOUR, peer)
            except OSError:
                pass  # the answer to an earlier datagram: port unreachable

    def run(self, packets_per_second):
        start, sent = time.monotonic(), 0
        while True:
            for key, _ in self.events.select(0.005):
                if key.data is None:
                    return
                key.data(key.fileobj)
            due = int((time.monotonic() - start) * packets_per_second) - sent
            burst = min(due, 20)  # no flood after a pause
            self.send(burst)
            sent += due


def main(packets_per_second, programs):
    build_network()
    world = World(programs)
    world.events.register(sys.stdin, selectors.EVENT_READ, None)
    print("ready", flush=True)
    world.run(packets_per_second)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
