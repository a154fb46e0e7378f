#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""echo-server under attack, for ATTACK_SECONDS (10): 5,000 connections that are
opened and left, clients that hardly read, clients that reset in the middle of a
write, garbage, datagrams of 65,507 bytes and of none. Meanwhile the server must
serve an honest client, and its memory is measured. At the end its descriptors must
be free again.

Each attacker is a process of its own, so that it does not slow the honest client
down by sharing an interpreter with it. crowd.py has the same clients one at a time.
"""
import contextlib
import os
import random
import resource
import select
import signal
import socket
import struct
import time

from pair import (AT, HOST, LIMIT, PLAIN, PORT, Server, done, echoed, equal, ok,
                  own_network, tcp, udp)

SECONDS = float(os.environ.get("ATTACK_SECONDS", "10"))
IDLE = 5000
BUFFER = 1024  # the server's, for each connection
JUNK = random.Random(7).randbytes(1 << 17)


def junk(most):
    start = random.randrange(1 << 16)
    return JUNK[start:start + random.randrange(most)]


def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def datagrams(once):
    """The largest that IPv4 has, empty ones, and any between."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setblocking(False)
    while once():
        for data in JUNK[:65507], b"", junk(2000):
            with contextlib.suppress(OSError):
                s.sendto(data, (HOST, PORT))
        with contextlib.suppress(OSError):  # ports that it does not answer
            with udp(random.randrange(1, PORT)) as low:
                low.sendto(junk(100), (HOST, PORT))


def resets(once):
    """Writes what the server cannot have echoed yet, and breaks off."""
    while once():
        with contextlib.suppress(OSError):
            s = tcp()
            s.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                s.send(JUNK)
            reset(s)


def garbage(once):
    """Streams of anything, that end half, or at once, or are read or not."""
    while once():
        with contextlib.suppress(OSError), tcp() as s:
            s.settimeout(0.05)
            s.sendall(junk(30000))
            if random.random() < 0.5:
                s.shutdown(random.choice((socket.SHUT_WR, socket.SHUT_RD)))
            s.recv(random.randrange(1, 5000))


def slow_readers(once):
    """Send all that they can, and read a byte now and then."""
    held = [tcp() for _ in range(50)]
    for s in held:
        s.setblocking(False)
    while once():
        for s in held:
            with contextlib.suppress(OSError):
                s.send(JUNK)
            with contextlib.suppress(OSError):
                s.recv(1)
        select.select([], [], [], 0.05)  # slowness is what it is about


def attack(how, end):
    """Runs it in a process of its own; its pid. It counts its rounds."""
    pid = os.fork()
    if pid:
        return pid
    signal.alarm(int(SECONDS) + 2 * LIMIT)
    rounds = 0

    def once():
        nonlocal rounds
        rounds += 1
        return time.monotonic() < end

    try:
        how(once)
    finally:
        os._exit(0 if rounds > 10 else 1)


def status(pid, field):
    with open(f"/proc/{pid}/status") as f:
        return next(int(line.split()[1]) for line in f
                    if line.startswith(field))


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def honest(pid, end):
    """Echoes by TCP and UDP until the end: times, and the server's memory."""
    took, answered, asked, most = [], 0, 0, 0
    u = udp()
    u.settimeout(0.2)
    while time.monotonic() < end:
        begin = time.monotonic()
        with tcp() as t:
            if not echoed(t, b"an honest stream"):
                break
        took.append(time.monotonic() - begin)
        asked += 1
        data = b"an honest datagram %d" % asked
        u.sendto(data, (HOST, PORT))
        with contextlib.suppress(TimeoutError):
            while u.recv(100) != data:
                pass
            answered += 1
        most = max(most, status(pid, "VmRSS"))
    return took, answered, asked, most


def under_attack():
    s = Server("both", AT, sockets=2, pair=PLAIN, keep="listening|totals",
               prefix=["prlimit", f"--nofile={IDLE + 1000}:{IDLE + 1000}"])
    pid = s.process.pid
    ok("warm", echoed(tcp(), b"x"))
    before = status(pid, "VmRSS"), descriptors(pid)
    left = [tcp() for _ in range(IDLE)]
    ok(f"{IDLE} connections are opened and left", echoed(left[-1], b"in"))
    end = time.monotonic() + SECONDS
    attackers = [attack(how, end) for how in
                 (datagrams, resets, garbage, slow_readers)]
    took, answered, asked, most = honest(pid, end)
    results = [os.waitstatus_to_exitcode(os.waitpid(p, 0)[1])
               for p in attackers]
    equal("all attackers attacked to the end", results, [0] * len(results))
    took.sort()
    print(f"# {len(took)} honest streams, half of them within "
          f"{took[len(took) // 2] * 1000:.1f} ms, all within "
          f"{took[-1] * 1000:.1f} ms; {answered} of {asked} honest datagrams; "
          f"memory {before[0]} KiB before, {most} KiB at most")
    ok("an honest client's streams are all echoed", len(took) >= SECONDS, took)
    ok("and each within 2 seconds", took[-1] < 2, took[-1])
    # how many, the kernel decides: it drops what the full buffer has no room for
    ok("datagrams get through the flood", answered > 0, answered, asked)
    # every descriptor's buffer, twice: freed ones leave holes in the heap
    room = before[0] + (2 * (IDLE + 1000) * (BUFFER + 256) >> 10)
    ok("memory is bounded by the descriptors", most < room, most, room)
    for c in left:
        c.close()
    back = before[1]
    deadline = time.monotonic() + LIMIT
    while descriptors(pid) > back and time.monotonic() < deadline:
        select.select([], [], [], 0.05)
    ok("all descriptors come back", descriptors(pid) <= back,
       descriptors(pid), back)
    ok("it serves on", echoed(tcp(), b"still there"))
    equal("status 0", s.stop(), 0)
    t = s.totals()
    print("#", s.lines[-1])
    ok("what was too large and what could loop is counted",
       t["truncated"] > 0 and t["ignored"] > 0, t)


resource.setrlimit(resource.RLIMIT_NOFILE, (IDLE + 1000, IDLE + 1000))
own_network()
under_attack()
done()
