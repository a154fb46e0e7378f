#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Programs of ordinary traffic, one a word: traffic.py CASE.

tests/vm/traffic.sh says what the tracer must make of each. `stranger`, `sharer`
and `taken` are neighbours: they run outside the tracer, until they are killed.
"""

import contextlib
import errno
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time

LO = "127.0.0.1"
TCP_FASTOPEN, TCP_FASTOPEN_CONNECT = 23, 30  # linux/tcp.h
IPPROTO_UDPLITE = 136


def listener(port, family=socket.AF_INET, address=LO, backlog=16):
    s = socket.socket(family)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, port))
    s.listen(backlog)
    return s


def sharing(port):
    s = socket.socket(type=socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    s.bind((LO, port))
    return s


def ended(s, seconds=10):
    """Waits until a connect that was put off has ended."""
    select.select([], [s], [], seconds)
    return s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def nonblocking(to, bound=None):
    s = socket.socket()
    if bound:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((LO, bound))
    s.setblocking(False)
    assert s.connect_ex((LO, to)) == errno.EINPROGRESS
    return s


def stranger():
    """Sends to 127.0.0.1:7100, so many that some meet a connect of 1,000."""
    s = socket.socket(type=socket.SOCK_DGRAM)
    print("ready", flush=True)
    while True:
        with contextlib.suppress(ConnectionRefusedError):
            s.sendto(b"x", (LO, 7100))
        time.sleep(0.0001)


def sharer():
    """Sends from 127.0.0.1:7100, which others may bind as well."""
    s = sharing(7100)
    print("ready", flush=True)
    while True:
        s.sendto(b"x", (LO, 7201))
        time.sleep(0.0002)


def connects(s, times, pause=0.001):
    for _ in range(times):
        s.connect((LO, 7200))
        time.sleep(pause)


def receiving():
    s = socket.socket(type=socket.SOCK_DGRAM)
    s.bind((LO, 7100))
    connects(s, 1000)  # a packet must meet one of them


def reuseport():
    s = sharing(7100)
    # A packet that the kernel queued before the port was followed may reach
    # the wire a moment later: then no witness knows its sender, and says so.
    time.sleep(0.01)
    connects(s, 300)


def failed_bind():
    s = socket.socket(type=socket.SOCK_DGRAM)
    with contextlib.suppress(OSError):
        s.bind((LO, 7100))
        raise SystemExit("bind(2) should have failed")
    connects(s, 100)


def waiting():
    """Datagrams wait for the addresses of 60 neighbours, while the socket
    connects. Another program gives these addresses, one at a time."""
    hosts = [f"10.5.0.{i}" for i in range(2, 62)]

    def answer():
        for host in hosts:
            subprocess.check_call(("ip", "neigh", "replace", host, "lladdr",
                                   "02:00:00:00:00:01", "dev", "d0"))

    s = socket.socket(type=socket.SOCK_DGRAM)
    s.bind(("0.0.0.0", 7300))
    for host in hosts:
        s.sendto(b"early", (host, 7100))
    answers = threading.Thread(target=answer)
    answers.start()
    while answers.is_alive():
        connects(s, 10, 0)


def any_address():
    with listener(7080, socket.AF_INET6, "::"):
        socket.create_connection(("0.0.0.0", 7080))
        socket.create_connection(("::", 7080))


def nat():
    with listener(7080), listener(7081):
        for port in 80, 81, 7081:
            socket.create_connection((LO, port))


@contextlib.contextmanager
def one_port(port):
    """The kernel chooses this one for a socket. The self-test needs others."""
    path = "/proc/sys/net/ipv4/ip_local_port_range"
    with open(path, encoding="ascii") as file:
        before = file.read()
    with open(path, "w", encoding="ascii") as file:
        file.write(f"{port} {port}")
    yield
    with open(path, "w", encoding="ascii") as file:
        file.write(before)


def taken():
    """A server's neighbour, who leaves a translation of port 7400 behind."""
    with listener(7080):
        with one_port(7400):
            socket.create_connection((LO, 80)).close()
        print("ready", flush=True)
        time.sleep(600)


def nat_port():
    """NAT gives this connection another port than the socket has."""
    with one_port(7400):
        socket.create_connection((LO, 7080))


def raw():
    for kind, protocol in (
        (socket.SOCK_RAW, socket.IPPROTO_TCP),
        (socket.SOCK_RAW, socket.IPPROTO_UDP),
        (socket.SOCK_DGRAM, IPPROTO_UDPLITE),
    ):
        try:
            s = socket.socket(socket.AF_INET, kind, protocol)
        except OSError as e:  # a kernel without UDP-Lite (from 7.1)
            assert e.errno == errno.EPROTONOSUPPORT
            continue
        s.connect((LO, 7080))


def fast_open():
    with listener(7080) as server:
        server.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN, 16)
        s = socket.socket()
        s.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1)
        s.connect((LO, 7080))
        select.select([], [], [], 0.1)  # the SYN leaves after this
        s.send(b"hello")
        assert server.accept()[0].recv(5) == b"hello"


def drop(*rule):
    subprocess.check_call(("nft",) + rule)


def crossing():
    """Both SYNs are dropped at first; sent again, they cross."""
    drop("add", "rule", "ip", "t", "in", "tcp", "dport", "7301-7302", "drop")
    a, b = nonblocking(7302, 7301), nonblocking(7301, 7302)
    drop("flush", "chain", "ip", "t", "in")
    assert (ended(a), ended(b)) == (0, 0)


def itself():
    s = socket.socket()
    s.bind((LO, 7555))
    s.connect((LO, 7555))


def rejected():
    for port in 7092, 7093:
        with socket.socket() as s:
            assert s.connect_ex((LO, port)) == errno.ECONNREFUSED
    with nonblocking(7092) as s:
        assert ended(s) == errno.ECONNREFUSED


def loser():
    """Two are called; the slower one is closed: happy eyeballs."""
    with listener(7080):
        slow, fast = nonblocking(7090), nonblocking(7080)
        assert ended(fast) == 0
        slow.close()


def again():
    """A socket that was refused calls another port."""
    with socket.socket() as s:
        assert s.connect_ex((LO, 9010)) == errno.ECONNREFUSED
        assert s.connect_ex((LO, 9011)) == errno.ECONNREFUSED


def is_calling(port):
    """Is a socket of this namespace in SYN_SENT to 127.0.0.1:PORT?"""
    with open("/proc/thread-self/net/tcp") as table:
        return any(line.split()[2:4] == [f"0100007F:{port:04X}", "02"]
                   for line in table)


def restarted():
    """A signal interrupts connect(2), and the kernel begins it again."""
    caller = threading.get_ident()

    def interrupt():
        while not is_calling(7080):
            time.sleep(0.001)
        signal.pthread_kill(caller, signal.SIGUSR1)
        drop("flush", "chain", "ip", "t", "in")

    signal.signal(signal.SIGUSR1, lambda *_: None)
    signal.siginterrupt(signal.SIGUSR1, False)
    drop("add", "rule", "ip", "t", "in", "tcp", "dport", "7080", "drop")
    with listener(7080), socket.socket() as s:
        threading.Thread(target=interrupt).start()
        s.connect((LO, 7080))


def inherited():
    """A child closes its copy before the parent asks for the result."""
    with listener(7080), nonblocking(7080) as s:
        child = os.fork()
        if not child:
            s.close()
            os._exit(0)
        os.waitpid(child, 0)
        assert ended(s) == 0
        assert s.connect_ex((LO, 7080)) == 0


def plain():
    with listener(7080):
        socket.create_connection((LO, 7080))


def mount():
    """The kernel connects for itself; its peer is no file server."""
    with listener(7080) as server:
        server.settimeout(30)
        options = f"trans=tcp,port={server.getsockname()[1]}"
        with subprocess.Popen(("mount", "-t", "9p", "-o", options, LO, "/mnt"),
                              stderr=subprocess.DEVNULL) as child:
            server.accept()[0].close()
        assert child.returncode != 0


def to_port():
    """One socket for the port that is watched, one for another."""
    for port in 7201, 7200:
        with socket.socket(type=socket.SOCK_DGRAM) as s:
            s.connect((LO, port))


def vrf():
    with socket.socket() as server, socket.socket() as s:
        for each in server, s:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"vrf0")
        server.bind(("10.88.0.1", 7180))
        server.listen(1)
        s.connect(("10.88.0.1", 7180))


if __name__ == "__main__":
    globals()[sys.argv[1]]()
