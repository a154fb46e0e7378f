#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""echo-server under many TCP clients, and under awkward ones: those that end
half, break off, never read, or are more than it has descriptors for.

Compare server.py, where clients behave.
"""
import contextlib
import hashlib
import os
import re
import resource
import select
import socket
import struct
import subprocess
import threading
import time

from pair import (AT, LIMIT, PLAIN, Server, done, echoed, equal, like, ok,
                  own_network, take, tcp)


def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def thousand_clients():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    prefix = ["prlimit", "--nofile=1024:1024"]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    s = Server("tcp", AT, prefix=prefix)
    clients = [tcp() for _ in range(1000)]
    data = [b"client %4d" % i * 10 for i in range(1000)]
    for c, d in zip(clients, data):
        c.sendall(d)
    wrong = [i for i in range(999, -1, -1)
             if take(clients[i], len(data[i])) != data[i]]
    equal("1,000 clients at once, in one process: each gets its own bytes",
          wrong, [])
    ok("and all of them again", all(echoed(c, b"again") for c in clients))
    equal("one process it is", subprocess.run(
        ["pgrep", "-c", "-P", str(s.process.pid)], stdout=subprocess.PIPE,
        text=True).stdout.strip(), "0")
    equal("status 0 with 1,000 clients connected", s.stop(), 0)
    equal("all were accepted, none turned away",
          (s.totals()["connections"], s.totals()["turned-away"]), (1000, 0))


def streams():
    s = Server("tcp", AT)
    data = hashlib.sha512(b"seed").digest() * (8 << 14)  # 8 MiB
    c = tcp()

    def send():
        c.sendall(data)
        c.shutdown(socket.SHUT_WR)

    t = threading.Thread(target=send)
    t.start()
    got = hashlib.sha256()
    n = 0
    while piece := c.recv(1 << 16):
        got.update(piece)
        n += len(piece)
    t.join()
    equal("8 MiB, then half-close: all comes back, then the end",
          (n, got.hexdigest()),
          (len(data), hashlib.sha256(data).hexdigest()))
    c = tcp()
    c.sendall(b"last words")
    c.shutdown(socket.SHUT_WR)
    equal("half-close at once: the bytes come back before the end",
          take(c, 100), b"last words")
    s.stop()
    equal("half-close is no error", s.totals()["errors"], 0)


def resets():
    s = Server("tcp", AT)
    idle = tcp()
    reset(idle)
    busy = tcp()
    busy.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while select.select([], [busy], [], 0.3)[1]:
            busy.send(b"x" * 65536)
    reset(busy)  # while the server holds bytes for it
    quick = [tcp() for _ in range(50)]
    for c in quick:
        reset(c)
    other = tcp()
    ok("clients that reset do not trouble the others", echoed(other, b"here"))
    other.close()
    equal("status 0", s.stop(), 0)
    like("what happened is said in the article's form", s.stderr(),
         rf"((read|write|accept) tcp {AT}[^\n]*: (Connection reset by peer|"
         r"Broken pipe|Software caused connection abort)\n)+")
    ok("and counted", s.totals()["errors"] >= 2, s.lines[-1])


def memory_kib(pid):
    with open(f"/proc/{pid}/status") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read())[1])


def slow_readers():
    # memory is measured on the pair as users have it: ASan never gives back
    s = Server("tcp", AT, pair=PLAIN)
    ok("warm", echoed(tcp(), b"x"))
    before = memory_kib(s.process.pid)
    greedy = []
    sent = 0
    for _ in range(4):
        c = tcp()
        c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        c.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while select.select([], [c], [], 0.3)[1]:
                sent += c.send(b"\0" * 65536)
        greedy.append(c)
    grown = memory_kib(s.process.pid) - before
    ok("clients that never read are stopped in the end", sent < 256 << 20,
       sent)
    ok("and cost the server less than 512 KiB", grown < 512,
       f"{grown} KiB more after {sent} bytes")
    ok("others are served meanwhile", echoed(tcp(), b"quick"))
    spent = cpu_seconds(s.process.pid)
    select.select([], [], [], 0.5)  # a span to measure, not to wait
    spent = cpu_seconds(s.process.pid) - spent
    ok("it does not spin while it waits for them", spent < 0.1, spent)
    c = tcp()
    c.setblocking(False)
    n = 0
    with contextlib.suppress(BlockingIOError):
        while select.select([], [c], [], 0.3)[1]:
            n += c.send(bytes(range(251)) * 200)
    c.setblocking(True)
    c.settimeout(LIMIT)
    c.shutdown(socket.SHUT_WR)
    got = b"".join(iter(lambda: c.recv(1 << 16), b""))
    ok("one that reads at last gets every byte in its order",
       got == (bytes(range(251)) * (n // 251 + 1))[:n], n, len(got))
    equal("status 0", s.stop(), 0)


def descriptors():
    s = Server("tcp", AT, prefix=["prlimit", "--nofile=32:32"])
    held, away = [], 0
    for _ in range(40):
        c = tcp()
        with contextlib.suppress(OSError):
            if echoed(c, b"in?"):
                held.append(c)
                continue
        away += 1
    ok("with 32 descriptors, some of 40 are served, the rest turned away",
       10 < len(held) < 32 and len(held) + away == 40, len(held), away)
    spent = cpu_seconds(s.process.pid)
    ok("those who are in are served on",
       all(echoed(c, b"still in") for c in held))
    select.select([], [], [], 0.5)  # a span to measure, not to wait
    spent = cpu_seconds(s.process.pid) - spent
    ok("it does not spin", spent < 0.3, spent)
    held.pop().close()
    for _ in range(100):  # until the server has seen the one leave
        c = tcp()
        with contextlib.suppress(OSError):
            if echoed(c, b"now?"):
                break
        c.close()
    else:
        c = None
    ok("when one leaves there is room for one", c is not None)
    equal("status 0", s.stop(), 0)
    t = s.totals()
    ok("who was turned away is counted", t["turned-away"] >= away, t)
    ok("and said", "out of descriptors" in s.stderr(), s.stderr())


def idle():
    """Clients that say nothing: as many as the server has descriptors for."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    s = Server("-T", 3, "tcp", AT, prefix=["prlimit", "--nofile=1024:1024"],
               keep="listening|totals")
    busy = tcp()
    clients = [tcp() for _ in range(1017)]
    shut_out = tcp()
    with contextlib.suppress(OSError):
        equal("the descriptors are used up: one more is turned away",
              shut_out.recv(1), b"")
    begin = time.monotonic()
    while time.monotonic() < begin + LIMIT:
        ok_ = echoed(busy, b"I am here")
        honest = tcp()
        with contextlib.suppress(OSError):
            if echoed(honest, b"may I?"):
                break
        honest.close()
        time.sleep(0.1)
    ok("an honest client gets in when they have been idle for -T 3",
       time.monotonic() < begin + LIMIT, time.monotonic() - begin)
    ok("one that says something now and then stays",
       ok_ and echoed(busy, b"still here"))
    deadline = time.monotonic() + LIMIT
    while clients and time.monotonic() < deadline:
        c = clients.pop()
        c.settimeout(max(0.1, deadline - time.monotonic()))
        with contextlib.suppress(ConnectionResetError):
            if c.recv(1):
                break
    equal("all the others are hung up on", len(clients), 0)
    equal("status 0", s.stop(), 0)
    like("each is said", s.stderr(), rf"((read tcp {AT}->127\.0\.0\.1:[0-9]+: "
         r"idle for too long \(-T\)|echo-server: out of descriptors [^\n]*)\n)+")
    ok("and counted", s.totals()["errors"] >= 1000, s.totals())

    s = Server("-T", 1, "tcp", AT)
    greedy = tcp()
    greedy.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while select.select([], [greedy], [], 0.3)[1]:
            greedy.send(b"x" * 65536)
    deadline = time.monotonic() + LIMIT
    while "idle for too long" not in s.stderr() and \
            time.monotonic() < deadline:
        time.sleep(0.05)
    like("one that never reads is idle, too", s.stderr(),
         rf"write tcp {AT}[^\n]*: idle for too long \(-T\)\n")
    s.stop()
    s = Server("-T", 0, "tcp", AT)
    silent = tcp()
    ok("-T 0", echoed(silent, b"x"))
    s.stop()


def echo_time(c, times=300):
    """The shortest of many: the machine may have other work."""
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        echoed(c, b"HELLO")
        took.append(time.perf_counter() - begin)
    return min(took)


def next_to_many():
    """An echo takes no longer for the clients that say nothing."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    many = min(4000, hard - 100)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    s = Server("tcp", AT, pair=PLAIN, keep="listening|totals")
    c = tcp()
    alone = echo_time(c)
    clients = [tcp() for _ in range(many)]
    ok("the last of many is in", echoed(clients[-1], b"x"))
    # poll(2) would make each of them longer; other work makes some longer
    deadline = time.monotonic() + LIMIT
    crowded = echo_time(c)
    while crowded >= 5 * alone and time.monotonic() < deadline:
        crowded = min(crowded, echo_time(c))
    print(f"# an echo takes {alone * 1e6:.0f} us, next to {many} idle clients "
          f"{crowded * 1e6:.0f} us")
    ok(f"{many} idle clients do not delay an echo", crowded < 5 * alone,
       alone, crowded)
    s.stop()


own_network()
for part in (thousand_clients, streams, resets, slow_readers, descriptors, idle,
             next_to_many):
    part()
done()
