#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""echo-client: what it prints, how it waits, and how it fails.

Python plays peers that do what the real server never does.
"""
import contextlib
import hashlib
import re
import socket
import subprocess
import tempfile
import threading

from pair import (AT, LIMIT, PAIR, PLAIN, Server, client, done, equal, like, ok,
                  own_network, take)

UDP_LINES = ("packet-written: bytes=5\n"
             f"packet-received: bytes=5 from={AT}\n")


@contextlib.contextmanager
def peer(kind, play):
    """A bound socket, played by play(socket) in a thread."""
    s = socket.socket(socket.AF_INET, kind)
    s.settimeout(LIMIT)
    s.bind(("127.0.0.1", 0))
    if kind == socket.SOCK_STREAM:
        s.listen()
    t = threading.Thread(target=play, args=(s,), daemon=True)
    t.start()
    yield f"127.0.0.1:{s.getsockname()[1]}"
    t.join(LIMIT)
    s.close()


def silent(_):
    pass


def size_of(out, event):
    return sum(int(n) for n in re.findall(rf"{event}: bytes=(\d+)", out))


def articles_lines():
    s = Server("both", AT, sockets=2)
    for args in (["udp"], ["-u", "udp"], ["tcp"]):
        equal(f"{' '.join(args)}: the article's two lines",
              client(*args, AT, "HELLO")[:3], (0, UDP_LINES, ""))
    heard = s.wait("packet-received: bytes=5 from=127.0.0.1:[0-9]+", 3)
    told = s.wait("packet-written: bytes=5 to=127.0.0.1:[0-9]+", 3)
    equal("the server's lines name the same clients in the same order",
          [x.split("from=")[1] for x in heard],
          [x.split("to=")[1] for x in told])
    equal("HELLO is the message where none is given",
          client("udp", AT)[:3], (0, UDP_LINES, ""))
    equal("a dash can begin a message", client("udp", AT, "-x")[0], 0)
    equal("an empty message is a datagram of its own",
          client("udp", AT, "")[:2],
          (0, UDP_LINES.replace("bytes=5", "bytes=0")))
    rc, out, _, seconds = client("-n", 3, "-i", 150, "tcp", AT)
    equal("-n 3 sends three", (rc, out), (0, UDP_LINES * 3))
    ok("-i 150 pauses twice", 0.3 <= seconds < 3, seconds)
    rc, out, _, _ = client("udp", AT, "-", data=b"one\n\nthree")
    equal("-: each line is a datagram, the empty one and the last",
          (rc, re.findall(r"written: bytes=(\d+)", out)),
          (0, ["3", "0", "5"]))
    equal("-: no input, no message", client("tcp", AT, "-", data=b"")[:2],
          (0, ""))
    equal("the server ends with status 0", s.stop(), 0)


def other_families():
    s = Server("both", "localhost:9007", sockets=4)
    for args in (["udp"], ["-u", "udp"], ["tcp"]):
        rc, out, err, _ = client(*args, "localhost:9007")
        like(f"{' '.join(args)} by name", f"{rc} {out}{err}",
             r"0 packet-written: bytes=5\n"
             r"packet-received: bytes=5 from=(127\.0\.0\.1|\[::1\]):9007\n")
    s.stop()
    s = Server("both", "[::1]:9007", sockets=2)
    for proto in ("udp", "tcp"):
        equal(f"{proto} over IPv6", client(proto, "[::1]:9007")[:2],
              (0, UDP_LINES.replace(AT, "[::1]:9007")))
    equal("-u over IPv6", client("-u", "udp", "[::1]:9007")[0], 0)
    equal("a name with two addresses: TCP finds the one that answers, ::1",
          client("tcp", "twin:9007")[:2],
          (0, UDP_LINES.replace(AT, "[::1]:9007")))
    s.stop()
    s = Server("tcp", AT)
    equal("a name with two addresses: the one that answers is 127.0.0.1",
          client("tcp", "twin:9007")[:2], (0, UDP_LINES))
    s.stop()
    rc, _, err, _ = client("udp", "twin:9007")
    like("on UDP the first address is taken, for connect learns nothing", err,
         r"read udp \[::1\]:\d+->\[::1\]:9007: Connection refused\n")


def deadlines():
    with peer(socket.SOCK_DGRAM, silent) as at:
        results = []
        t = threading.Thread(
            target=lambda: results.append(client("udp", at)))
        t.start()  # the default deadline runs while the others are tried
        rc, out, err, seconds = client("-t", 0.3, "udp", at)
        equal("udp deadline: status 1, after writing", (rc, out),
              (1, "packet-written: bytes=5\n"))
        like("udp deadline: one line in the article's form", err,
             rf"read udp 127\.0\.0\.1:\d+->{at}: i/o timeout\n")
        ok("udp deadline: -t 0.3 is kept", 0.3 <= seconds < 1.3, seconds)
        rc, _, err, _ = client("-t", 0.3, "-u", "udp", at)
        like("-u deadline: the same, no address being bound", err,
             rf"read udp 0\.0\.0\.0:\d+->{at}: i/o timeout\n")
        with peer(socket.SOCK_STREAM, silent) as tcp:
            rc, _, err, seconds = client("-t", 0.3, "tcp", tcp)
            like("tcp deadline on reading", err,
                 rf"read tcp 127\.0\.0\.1:\d+->{tcp}: i/o timeout\n")
            ok("tcp deadline: kept, status 1", rc == 1 and
               0.3 <= seconds < 1.3, rc, seconds)
            rc, _, err, _ = client("-t", 0.3, "tcp", tcp, "x" * 120000)
            ok("tcp, large and never read: reading or writing times out",
               rc == 1 and err.endswith("i/o timeout\n"), rc, err)
        full = socket.socket()
        full.bind(("127.0.0.1", 9009))
        full.listen(0)
        fill = socket.create_connection(("127.0.0.1", 9009))
        rc, out, err, seconds = client("-t", 0.3, "tcp", "127.0.0.1:9009")
        equal("tcp deadline on connecting", (rc, out, err),
              (1, "", "dial tcp 127.0.0.1:9009: i/o timeout\n"))
        ok("tcp deadline on connecting: kept", 0.3 <= seconds < 1.3, seconds)
        fill.close()
        full.close()
        t.join(LIMIT)
        rc, _, err, seconds = results[0]
        ok("the default deadline is 5 s", rc == 1 and 5 <= seconds < 6.5 and
           "i/o timeout" in err, rc, seconds, err)

    def trickle(s):
        c, _ = s.accept()
        stop = threading.Event()
        with contextlib.suppress(OSError):
            for _ in range(100):
                c.send(b"x")
                stop.wait(0.1)

    with peer(socket.SOCK_STREAM, trickle) as at:
        rc, _, err, seconds = client("-t", 0.5, "tcp", at, "x" * 100)
        ok("a byte now and then does not put the deadline off",
           rc == 1 and seconds < 2 and "i/o timeout" in err, seconds, err)


def refusals():
    rc, out, err, _ = client("udp", "127.0.0.1:9009")
    like("udp refused: after one datagram, at the read", f"{rc} {out}{err}",
         "1 packet-written: bytes=5\nread udp 127.0.0.1:[0-9]+->"
         "127.0.0.1:9009: Connection refused\n")
    equal("tcp refused: at the dial", client("tcp", "127.0.0.1:9009")[:3],
          (1, "", "dial tcp 127.0.0.1:9009: Connection refused\n"))
    rc, out, err, _ = client("udp", "nosuch.invalid:9007")
    like("a name that cannot be resolved", f"{rc} {out}{err}",
         "1 lookup nosuch.invalid: [^\n]+\n")
    rc, out, err, _ = client("udp", "10.9.9.9:9007")
    equal("no route", (rc, out, err),
          (1, "", "dial udp 10.9.9.9:9007: Network is unreachable\n"))
    rc, out, err, _ = client("udp", AT, "x" * 65508)
    like("an oversized datagram", f"{rc} {out}{err}",
         rf"1 write udp 127.0.0.1:\d+->{AT}: Message too long\n")
    s = Server("udp", AT)
    with open("/dev/full", "w") as full:
        rc, _, err, _ = client("udp", AT, out=full)
        equal("standard output full: said, status 1", (rc, err),
              (1, "echo-client: standard output: No space left on device\n"))
        equal("--help to a full device: status 1",
              client("--help", out=full)[0], 1)
    s.stop()


def usage():
    bad = [[], ["udp"], ["sctp", AT], ["udp", AT, "a", "b"], ["udp", "9007"],
           ["udp", "127.0.0.1"], ["udp", "127.0.0.1:"], ["udp", ":9007"],
           ["udp", "::1:9007"], ["udp", "127.0.0.1:0"], ["udp", "[]:7"],
           ["udp", "127.0.0.1:65536"], ["udp", "127.0.0.1:7x"],
           ["udp", "127.0.0.1:-1"], ["udp", "x" * 300 + ":9007"],
           ["-u", "tcp", AT], ["tcp", AT, ""], ["-x", "udp", AT],
           ["-n", "2", "udp", AT, "-"]]
    bad += [[option, value, "udp", AT] for option, values in {
        "-t": ["0", "-1", "x", "", "nan", "inf", "1s", "1e9"],
        "-n": ["0", "-1", "x", "1x", "99999999999999999999"],
        "-i": ["-1", "x", "86400001"],
        "-b": ["0", "-5", "65537", "1k", ""]}.items() for value in values]
    for args in bad:
        rc, out, err, _ = client(*args)
        ok(f"bad usage: {' '.join(args)[:40]}", rc == 64 and out == "" and
           "usage: echo-client" in err, rc, out, err)
    rc, out, err, _ = client("--help")
    ok("--help: status 0, every option, examples", rc == 0 and err == "" and
       all(f"\n  {x}" in out for x in ("-t", "-n", "-i", "-b", "-u",
                                       "echo-client udp")), out)


def streams_that_are_missing():
    """What the shell closes with <&- and >&-, and a limit on files."""
    def shell(words):
        p = subprocess.run(["sh", "-c", words, "sh", f"{PAIR}/echo-client"],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, timeout=LIMIT)
        return p.returncode, p.stdout.decode(), p.stderr.decode()
    s = Server("both", AT, sockets=2)
    bad = "Bad file descriptor\n"
    for proto in ("udp", "tcp"):
        equal(f"{proto}, no standard output: said, status 1",
              shell(f'"$1" {proto} {AT} >&-'),
              (1, "", f"echo-client: standard output: {bad}"))
        equal(f"{proto}, - and no standard input: said, status 1",
              shell(f'"$1" {proto} {AT} - <&-'),
              (1, "", f"echo-client: standard input: {bad}"))
        rc, out, err = shell(f'"$1" {proto} {AT} <&-')
        equal(f"{proto}, no standard input, and no need of it: it works",
              (rc, len(out.splitlines()), err), (0, 2, ""))
        equal(f"{proto}, no standard error: it works",
              shell(f'"$1" {proto} {AT} 2>&-')[0], 0)
    equal("no standard error, and something to say: nothing goes elsewhere",
          shell(f'"$1" -t 0.1 tcp 127.0.0.1:1 2>&-'), (1, "", ""))
    equal("--help without standard output: said, status 1",
          shell('"$1" --help >&-'),
          (1, "", f"echo-client: standard output: {bad}"))
    with tempfile.NamedTemporaryFile() as file:
        equal("ulimit -f: said, status 1",
              shell(f'ulimit -f 0; "$1" udp {AT} >{file.name}'),
              (1, "", "echo-client: standard output: File too large\n"))
    s.stop()


def streams():
    s = Server("tcp", AT)
    rc, out, err, _ = client("tcp", AT, "x" * 100000)
    equal("a message larger than a segment comes back whole",
          (rc, size_of(out, "packet-written"), size_of(out, "packet-received"),
           err), (0, 100000, 100000, ""))
    size = 8 << 20
    rc, out, err, _ = client("-b", 65536, "tcp", AT, "-",
                             data=hashlib.sha256().digest() * (size // 32))
    equal("8 MiB of standard input come back whole",
          (rc, size_of(out, "packet-received"), err), (0, size, ""))
    s.stop()
    seen = hashlib.sha256()

    def digest(sock):
        c, _ = sock.accept()
        while piece := c.recv(4096):
            seen.update(piece)
            c.sendall(piece)

    data = bytes(i * i % 251 for i in range(1 << 20))
    with peer(socket.SOCK_STREAM, digest) as at:
        rc = client("tcp", at, "-", data=data)[0]
    equal("another server sees exactly the bytes of standard input",
          (rc, seen.hexdigest()), (0, hashlib.sha256(data).hexdigest()))

    def narrow(sock):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        c, _ = sock.accept()
        c.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)
        while piece := c.recv(1024):
            c.sendall(piece)

    with peer(socket.SOCK_STREAM, narrow) as at:
        rc, out, err, _ = client("tcp", at, "y" * 120000)
        equal("it reads while it writes: no deadlock with narrow buffers",
              (rc, size_of(out, "packet-received"), err), (0, 120000, ""))

    def answering(answer, linger=False):
        def play(sock):
            c, _ = sock.accept()
            take(c, 5)
            if answer:
                c.sendall(answer)
            if linger:
                c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             b"\1\0\0\0\0\0\0\0")
            c.close()
        return play

    for name, play, reason in (
            ("closes early", answering(b"HEL"),
             "the peer closed before the whole echo arrived"),
            ("alters a byte", answering(b"HELLQ"),
             "the reply is not what was sent"),
            ("says too much", answering(b"HELLO!"),
             "the reply is not what was sent"),
            ("resets", answering(b"", True), "Connection reset by peer")):
        with peer(socket.SOCK_STREAM, play) as at:
            rc, _, err, _ = client("tcp", at)
            like(f"a peer that {name}", f"{rc} {err}",
                 rf"1 read tcp 127\.0\.0\.1:\d+->{at}: {reason}\n")


def datagrams():
    stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    stranger.bind(("127.0.0.1", 0))
    who = "127.0.0.1:%d" % stranger.getsockname()[1]

    def interrupted(sock):
        data, source = sock.recvfrom(2048)
        stranger.sendto(b"INTRUDER", source)
        sock.sendto(data, source)

    with peer(socket.SOCK_DGRAM, interrupted) as at:
        equal("connected: a stranger's datagram is not let in",
              client("udp", at)[:3], (0, UDP_LINES.replace(AT, at), ""))
    with peer(socket.SOCK_DGRAM, interrupted) as at:
        rc, out, err, _ = client("-u", "udp", at)
        equal("-u: it is, with its sender's name, and the echo is waited for",
              (rc, out, err),
              (0, "packet-written: bytes=5\n"
               f"packet-received: bytes=8 from={who}\n"
               f"packet-received: bytes=5 from={at}\n",
               "echo-client: this datagram is not the echo; still waiting\n"))
    s = Server("udp", AT)
    rc, out, err, _ = client("-b", 4, "udp", AT, "HELLO")
    like("a buffer too small for the echo is said", f"{rc} {out}{err}",
         "1 packet-written: bytes=5\npacket-received: bytes=4 from="
         rf"{AT}\nread udp [^\n]*: only part of the echo fits the buffer "
         r"\(-b\)\n")
    s.stop()


def system_calls():
    """One call is one packet, and those that the lab says they are."""
    s = Server("both", AT, sockets=2, pair=PLAIN)
    for args, expected in (
            (["udp"], ["socket", "connect", "write", "read"]),
            (["-u", "udp"], ["socket", "sendto", "recvfrom"]),
            (["tcp"], ["socket", "setsockopt", "setsockopt", "connect",
                       "write", "read"])):
        log = subprocess.run(
            ["strace", "-e", "trace=%network,write,read",
             f"{PLAIN}/echo-client", *args, AT],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
            timeout=LIMIT).stderr.decode()
        calls = [(m[1], m[2]) for line in log.splitlines()
                 if (m := re.match(r"(\w+)\(([^)]*)", line))]
        got = [name for name, rest in calls
               if name not in ("write", "read") or "HELLO" in rest]
        equal(f"the calls of {' '.join(args)}", got, expected)
        if args == ["tcp"]:
            like("the TCP connect is a blocking one", log,
                 r".*connect\(3, [^)]*\)[^)]*\)[^)]*\) = 0\n.*"
                 r"|.*connect\(3, .*\) = 0\n.*")
    s.stop()


own_network()
for part in (articles_lines, other_families, deadlines, refusals, usage,
             streams_that_are_missing,
             streams, datagrams, system_calls):
    part()
done()
