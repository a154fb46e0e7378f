#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""echo-server: what it prints, what it refuses, and what it survives.

The clients here are as awkward as clients can be. spoof.py has the false
source addresses, for which it takes two hosts.
"""
import contextlib
import hashlib
import os
import re
import resource
import select
import signal
import socket
import struct
import subprocess
import threading

from pair import (LIMIT, PAIR, PLAIN, Server, done, equal, like, ok,
                  own_network)

HOST, PORT = "127.0.0.1", 7007
AT = f"{HOST}:{PORT}"


def tcp(port=PORT):
    return socket.create_connection((HOST, port), LIMIT)


def udp(port=0, host=HOST):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(LIMIT)
    s.bind((host, port))
    return s


def take(s, n):
    got = b""
    while len(got) < n and (piece := s.recv(65536)):
        got += piece
    return got


def echoed(s, data):
    s.sendall(data)
    return take(s, len(data)) == data


def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def run(*args, out=subprocess.PIPE):
    """An echo-server that is expected to end by itself."""
    p = subprocess.run([f"{PAIR}/echo-server", *args], stdout=out,
                       stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                       timeout=LIMIT)
    return p.returncode, (p.stdout or b"").decode(), p.stderr.decode()


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def lines_and_totals():
    for number, name in ((2, "SIGINT"), (15, "SIGTERM")):
        s = Server("both", sockets=2)
        equal(f"{name}: it listens at the default address, and says so",
              s.lines, [f"listening: udp {AT}", f"listening: tcp {AT}"])
        u, t = udp(), tcp()
        u.sendto(b"HELLO", (HOST, PORT))
        equal("what is sent comes back, from where it was sent",
              u.recvfrom(100), (b"HELLO", (HOST, PORT)))
        at = f"{HOST}:{u.getsockname()[1]}"
        ok("a stream, too", echoed(t, b"HELLO, stream"))
        also = f"{HOST}:{t.getsockname()[1]}"
        s.wait("packet-written: bytes=13 .*")
        equal(f"{name}: status 0, though a client is still connected",
              s.stop(number), 0)
        equal(f"{name}: the article's lines, then one of totals",
              s.lines[2:],
              [f"packet-received: bytes=5 from={at}",
               f"packet-written: bytes=5 to={at}",
               f"packet-received: bytes=13 from={also}",
               f"packet-written: bytes=13 to={also}",
               "totals: received=2 written=2 octets=18 truncated=0 "
               "ignored=0 errors=0 connections=1 turned-away=0"])
        equal("and not a word on standard error", s.stderr(), "")
        equal("the client is told that it is over", t.recv(1), b"")


def truncation():
    s = Server("udp", AT)
    u = udp()
    u.sendto(b"x" * 1025, (HOST, PORT))
    u.sendto(b"y" * 1024, (HOST, PORT))
    equal("1025 octets for a buffer of 1024 are not echoed, 1024 are",
          u.recv(65536), b"y" * 1024)
    at = f"{HOST}:{u.getsockname()[1]}"
    equal("the truncated datagram is said to be truncated, with its length",
          s.lines[1:2], [f"packet-truncated: bytes=1025 from={at}"])
    s.stop()
    equal("and counted", (s.totals()["truncated"], s.totals()["written"]),
          (1, 1))
    s = Server("-b", 65536, "udp", AT)
    u.sendto(b"z" * 65507, (HOST, PORT))
    equal("-b 65536 echoes the largest datagram of IPv4", u.recv(65536),
          b"z" * 65507)
    u.sendto(b"", (HOST, PORT))
    equal("a datagram of no octets is echoed", u.recv(10), b"")
    s.stop()


def source_ports():
    s = Server("udp", AT)
    for port in (1, 7, 1023, 5000, 7006):
        udp(port).sendto(b"low", (HOST, PORT))
        s.wait(f"packet-ignored: bytes=3 from={HOST}:{port}")
        ok(f"a datagram from port {port} is ignored", True)
    own = udp(PORT, "127.0.0.2")  # the same port at another address
    own.sendto(b"own", (HOST, PORT))
    s.wait("packet-ignored: bytes=3 from=127.0.0.2:7007")
    above = udp(PORT + 1)
    above.sendto(b"above", (HOST, PORT))
    equal("the port above its own is answered", above.recv(10), b"above")
    s.stop()
    equal("none of the ignored was answered, and they are counted",
          (s.totals()["written"], s.totals()["ignored"]), (1, 6))


def late_errors():
    s = Server("udp", AT)
    for _ in range(20):
        gone = udp()
        gone.sendto(b"and gone", (HOST, PORT))
        gone.close()  # the answer finds no port: ICMP comes to the server
    s.wait("packet-received: bytes=8 .*", 20)
    u = udp()
    u.sendto(b"still there?", (HOST, PORT))
    equal("refused answers do not end the server", u.recv(100),
          b"still there?")

    # The way back is lost while a datagram waits in the server's queue.
    def ip(*args):
        subprocess.run(["ip", *args], check=True)
    ip("address", "add", "10.8.8.8/32", "dev", "lo")
    lost = udp(host="10.8.8.8")
    at = f"10.8.8.8:{lost.getsockname()[1]}"
    s.process.send_signal(signal.SIGSTOP)
    lost.sendto(b"no way", (HOST, PORT))
    ip("address", "delete", "10.8.8.8/32", "dev", "lo")
    ip("route", "add", "unreachable", "10.8.8.8")
    s.process.send_signal(signal.SIGCONT)
    s.wait(f"packet-received: bytes=6 from={at}")
    u.sendto(b"and now?", (HOST, PORT))
    equal("an answer that cannot be sent does not end the server",
          u.recv(100), b"and now?")
    equal("status 0", s.stop(), 0)
    equal("it is said, and counted", (s.stderr(), s.totals()["errors"]),
          (f"sendto udp {AT}->{at}: No route to host\n", 1))


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
    equal("1,000 clients at once, in one process: each gets its own octets",
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
    equal("half-close at once: the octets come back before the end",
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
    reset(busy)  # while the server holds octets for it
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
       f"{grown} KiB more after {sent} octets")
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
    ok("one that reads at last gets every octet in its order",
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


def addresses():
    s = Server("both", "twin:7007", sockets=4)
    equal("a name is served at each of its addresses", sorted(s.lines),
          sorted(f"listening: {p} {a}:7007" for p in ("udp", "tcp")
                 for a in ("127.0.0.1", "[::1]")))
    equal("and that with 127.0.0.1 and ::1 is no cause for a warning",
          s.stderr(), "")
    s.stop()
    six, four = Server("both", "[::]:7007", sockets=2), None
    four = Server("both", "0.0.0.0:7007", sockets=2)
    equal("[::] leaves IPv4 to another socket", four.lines,
          ["listening: udp 0.0.0.0:7007", "listening: tcp 0.0.0.0:7007"])
    for server, text in ((six, r"\[::\]:7007"), (four, "0.0.0.0:7007")):
        like("a warning where other machines may reach it", server.stderr(),
             rf"(echo-server: warning: {text} is not loopback[^\n]*\n){{2}}")
    equal("both end well", (six.stop(), four.stop()), (0, 0))

    s = Server("both", sockets=2)
    for proto in ("udp", "tcp"):
        equal(f"{proto}: no second server beside the first", run(proto),
              (1, "", f"echo-server: {proto} {AT}: Address already in use\n"))
    free = Server("udp", f"{HOST}:0")
    equal("port 0 is the first free one above 7007", free.lines,
          [f"listening: udp {HOST}:7008"])
    free.stop()
    c = tcp()
    echoed(c, b"x")
    s.stop()
    c.close()
    equal("a TCP server starts again at once, TIME_WAIT or no",
          Server("tcp", AT).stop(), 0)
    equal("an address of another host",
          run("udp", "10.9.9.9:7007"),
          (1, "", "echo-server: udp 10.9.9.9:7007: "
                  "Cannot assign requested address\n"))
    rc, out, err = run("udp", "nosuch.invalid:7007")
    like("a name that cannot be resolved", f"{rc} {out}{err}",
         "1 lookup nosuch.invalid: [^\n]+\n")


def usage():
    for args in ([], ["sctp"], ["udp", "7007"], ["udp", AT, "x"],
                 ["udp", "::1:7007"], ["udp", "127.0.0.1:65536"],
                 ["udp", "127.0.0.1:32768"], ["both", "127.0.0.1:65535"],
                 ["-b", "0", "udp"], ["-b", "65537", "udp"],
                 ["-b", "x", "udp"], ["-b", "1x", "udp"], ["-q", "udp"]):
        rc, out, err = run(*args)
        ok(f"bad usage: {' '.join(args)}", rc == 64 and out == "" and
           "usage: echo-server" in err, rc, out, err)
    rc, out, err = run("--help")
    ok("--help: status 0, the option, examples", rc == 0 and err == "" and
       "-b OCTETS" in out and "\n  echo-server both" in out, out)
    with open("/dev/full", "w") as full:
        equal("standard output full: said, status 1",
              run("udp", out=full)[::2],
              (1, "echo-server: standard output: "
                  "No space left on device\n"))
        equal("--help to a full device: status 1",
              run("--help", out=full)[0], 1)
    p = subprocess.Popen([f"{PAIR}/echo-server", "udp"],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    p.stdout.readline()
    p.stdout.close()
    udp().sendto(b"x", (HOST, PORT))
    equal("standard output gone while it runs: status 1", p.wait(LIMIT), 1)
    equal("a TCP server may take a port above 32767",
          Server("tcp", f"{HOST}:40000").stop(), 0)


own_network()
for part in (lines_and_totals, truncation, source_ports, late_errors,
             thousand_clients, streams, resets, slow_readers, descriptors,
             addresses, usage):
    part()
done()
