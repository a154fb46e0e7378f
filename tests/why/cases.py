#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Programs whose system calls fail or wait, one a word: cases.py CASE.

tests/why/record makes the world of each and records it; `cases.py worlds` prints
which world a case needs. In `lo` there is nothing but the loopback.
"""
import errno
import os
import select
import signal
import socket
import subprocess
import sys
import threading

LO, LO6 = "127.0.0.1", "::1"
IP_RECVERR = 11  # linux/in.h
CLOSED, OPEN, DROPPED, REJECTED = 7009, 7007, 7090, 7091
SOCKETS = []
BEHIND, NOWHERE = "10.1.0.9", "10.2.0.9"  # behind the router


def sh(command):
    subprocess.run(["sh", "-c", command], check=True)


def fails(number, call, *arguments):
    """The call must fail with that errno: else the world is another one."""
    try:
        result = call(*arguments)
    except OSError as error:
        assert error.errno == number, error
        return
    raise AssertionError(f"it returned {result!r}")


def kept(s):
    """No socket is closed, and asked for its addresses, by the interpreter."""
    SOCKETS.append(s)
    return s


def udp(family=socket.AF_INET, flags=0):
    return kept(socket.socket(family, socket.SOCK_DGRAM | flags))


def tcp(family=socket.AF_INET):
    return kept(socket.socket(family))


def listener(port=OPEN, reuse=True):
    s = tcp()
    if reuse:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((LO, port))
    s.listen(4)
    return s


def connected(port=OPEN):
    server, client = listener(port), tcp()
    client.connect((LO, port))
    return server, client, kept(server.accept()[0])


def later(seconds, call, *arguments):
    timer = threading.Timer(seconds, call, arguments)
    timer.start()
    return timer


def ready_to_read(s):
    assert select.select([s], [], [], 5)[0]


def ended(s, number):
    """Waits for the end of a connect that was put off."""
    assert select.select([], [s], [], 20)[1]
    assert s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == number


# ---- an answer says no ------------------------------------------------------

def udp_refused(to=(LO, CLOSED), family=socket.AF_INET):
    s = udp(family)
    s.connect(to)
    s.send(b"HELLO")
    ready_to_read(s)
    fails(errno.ECONNREFUSED, s.recv, 100)


def udp_refused_ipv6():
    udp_refused((LO6, CLOSED), socket.AF_INET6)


def udp_refused_send():
    """The fourth datagram is not sent: the answer to the third came first."""
    s, server = udp(), udp()
    server.bind((LO, OPEN))
    s.connect((LO, OPEN))
    for _ in range(3):
        s.send(b"HELLO")
        server.recv(100)
    server.close()
    s.send(b"AGAIN")
    ready_to_read(s)
    fails(errno.ECONNREFUSED, s.send, b"LOST")


def tcp_refused():
    fails(errno.ECONNREFUSED, tcp().connect, (LO, CLOSED))


def tcp_refused_ipv6():
    fails(errno.ECONNREFUSED, tcp(socket.AF_INET6).connect,
          (LO6, CLOSED))


def tcp_rejected():
    """A firewall on the way refuses with an ICMP error."""
    fails(errno.ECONNREFUSED, tcp().connect, (LO, REJECTED))


def unreachable(address, number):
    """UDP reports it to a socket that asks for it (ip(7), IP_RECVERR)."""
    s = udp()
    s.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
    s.connect((address, CLOSED))
    s.send(b"HELLO")
    assert select.select([s], [], [], 5)[0]
    fails(number, s.recv, 100)


def udp_unreachable_host():
    unreachable(BEHIND, errno.EHOSTUNREACH)


def tcp_unreachable_host():
    fails(errno.EHOSTUNREACH, tcp().connect, (BEHIND, CLOSED))


def tcp_no_neighbour():
    """Nobody has the address: this machine reports it to itself."""
    fails(errno.EHOSTUNREACH, tcp().connect, ("10.0.0.77", CLOSED))


def udp_unreachable_net():
    unreachable(NOWHERE, errno.ENETUNREACH)


def udp_no_route():
    fails(errno.ENETUNREACH, udp().connect, ("192.0.2.1", CLOSED))


def tcp_no_route():
    fails(errno.ENETUNREACH, tcp().connect, ("192.0.2.1", CLOSED))


def tcp_shut():
    """The program has ended its own half."""
    _, client, _server = connected()
    client.shutdown(socket.SHUT_WR)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    fails(errno.EPIPE, client.send, b"HELLO")


def tcp_reset():
    _, client, server = connected()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    server.close()
    ready_to_read(client)
    fails(errno.ECONNRESET, client.recv, 100)


# ---- no answer comes --------------------------------------------------------

def tcp_timed_out():
    s = tcp()
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 1)
    fails(errno.ETIMEDOUT, s.connect, (LO, DROPPED))


def put_off(port, to=LO):
    s = tcp()
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 1)
    s.setblocking(False)
    fails(errno.EINPROGRESS, s.connect, (to, port))
    return s


def in_progress_connected():
    listener()
    ended(put_off(OPEN), 0)


def in_progress_refused():
    ended(put_off(CLOSED), errno.ECONNREFUSED)


def in_progress_timed_out():
    ended(put_off(DROPPED), errno.ETIMEDOUT)


def in_progress_unreachable():
    ended(put_off(CLOSED, BEHIND), errno.EHOSTUNREACH)


def in_progress_closed():
    put_off(DROPPED).close()


def in_progress_again():
    s = put_off(DROPPED)
    fails(errno.EALREADY, s.connect, (LO, DROPPED))


# ---- the address is not free ------------------------------------------------

def in_use_udp():
    first = udp()
    first.bind((LO, OPEN))
    fails(errno.EADDRINUSE, udp().bind, (LO, OPEN))


def in_use_listening():
    listener()
    fails(errno.EADDRINUSE, tcp().bind, (LO, OPEN))


def in_use_time_wait():
    """The server closes first: its port stays in TIME_WAIT."""
    listening, client, server = connected()
    server.close()
    assert client.recv(100) == b""
    client.close()
    listening.close()
    fails(errno.EADDRINUSE, listener, OPEN, False)


def in_use_elsewhere():
    """A process that is not followed has the port."""
    fails(errno.EADDRINUSE, udp().bind, (LO, 7100))


# ---- not allowed ------------------------------------------------------------

def not_permitted_udp():
    fails(errno.EPERM, udp().sendto, b"HELLO", (LO, DROPPED))


def no_access_broadcast():
    fails(errno.EACCES, udp().connect, ("10.0.0.255", CLOSED))


def no_access_port():
    os.setuid(65534)
    fails(errno.EACCES, tcp().bind, (LO, 80))


# ---- it waited --------------------------------------------------------------

def udp_read_waited():
    s, other = udp(), udp()
    s.bind((LO, OPEN))
    later(0.05, other.sendto, b"HELLO", (LO, OPEN))
    assert s.recv(100) == b"HELLO"


def tcp_read_waited():
    _, client, server = connected()
    later(0.05, server.send, b"HELLO")
    assert client.recv(100) == b"HELLO"


def tcp_read_end():
    _, client, server = connected()
    later(0.05, server.close)
    assert client.recv(100) == b""


def accept_waited():
    server, client = listener(), tcp()
    later(0.05, client.connect, (LO, OPEN))
    kept(server.accept()[0])


def connect_waited():
    """The first SYN is dropped; the second, a second later, is not."""
    listener(DROPPED)
    timer = later(0.3, sh, "nft flush ruleset")
    tcp().connect((LO, DROPPED))
    timer.join()


def read_timed_out():
    s = udp()
    s.bind((LO, OPEN))
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO,
                 (0).to_bytes(8, "little") + (50000).to_bytes(8, "little"))
    fails(errno.EAGAIN, s.recv, 100)


def read_not_ready():
    s = udp(flags=socket.SOCK_NONBLOCK)
    s.bind((LO, OPEN))
    fails(errno.EAGAIN, s.recv, 100)


def read_interrupted():
    def wake(*_):
        raise InterruptedError(errno.EINTR, "signal")
    s = udp()
    s.bind((LO, OPEN))
    signal.signal(signal.SIGALRM, wake)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    fails(errno.EINTR, s.recv, 100)


# ---- others -----------------------------------------------------------------

def not_connected():
    fails(errno.ENOTCONN, tcp().recv, 100)


def connected_twice():
    _, client, _server = connected()
    fails(errno.EISCONN, client.connect, (LO, OPEN))


WORLDS = {
    "router": ["udp_unreachable_host", "tcp_unreachable_host",
               "tcp_no_neighbour", "udp_unreachable_net", "no_access_broadcast",
               "in_progress_unreachable"],
    "firewall": ["tcp_rejected", "tcp_timed_out", "in_progress_timed_out",
                 "in_progress_closed", "in_progress_again",
                 "not_permitted_udp", "connect_waited"],
    "neighbour": ["in_use_elsewhere"],
}
HELPERS = ["sh", "fails", "kept", "udp", "tcp", "listener", "connected", "later",
           "ready_to_read", "ended", "put_off", "unreachable"]
CASES = [name for name, value in list(globals().items())
         if callable(value) and value.__module__ == __name__ and
         name not in HELPERS]


def world_of(case):
    for world, cases in WORLDS.items():
        if case in cases:
            return world
    return "lo"


def main(word):
    if word == "worlds":
        for case in CASES:
            print(case, world_of(case))
        return
    globals()[word]()
    os._exit(0)  # the kernel closes the sockets


if __name__ == "__main__":
    main(sys.argv[1])
