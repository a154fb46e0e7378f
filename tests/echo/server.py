#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""echo-server: what it prints, what it ignores, where it listens.

spoof.py has the false source addresses, which need two hosts; crowd.py has the
many clients and the awkward ones.
"""
import signal
import socket
import subprocess
import tempfile
import time

from pair import (AT, HOST, LIMIT, PAIR, PORT, Server, done, echoed, equal,
                  like, ok, own_network, tcp, udp)


def run(*args, out=subprocess.PIPE):
    """An echo-server that is expected to end by itself."""
    p = subprocess.run([f"{PAIR}/echo-server", *args], stdout=out,
                       stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                       timeout=LIMIT)
    return p.returncode, (p.stdout or b"").decode(), p.stderr.decode()


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
               "totals: received=2 written=2 bytes=18 truncated=0 "
               "ignored=0 errors=0 connections=1 turned-away=0"])
        equal("and not a word on standard error", s.stderr(), "")
        equal("the client is told that it is over", t.recv(1), b"")


def truncation():
    s = Server("udp", AT)
    u = udp()
    u.sendto(b"x" * 1025, (HOST, PORT))
    u.sendto(b"y" * 1024, (HOST, PORT))
    equal("1025 bytes for a buffer of 1024 are not echoed, 1024 are",
          u.recv(65536), b"y" * 1024)
    s.wait("packet-written: .*")  # its lines may come after its echo
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
    equal("a datagram of no bytes is echoed", u.recv(10), b"")
    s.stop()


def source_ports():
    s = Server("udp", AT)
    for port in (1, 7, 1023, 5000, 7006):
        udp(port).sendto(b"low", (HOST, PORT))
        s.wait(f"packet-ignored: bytes=3 from={HOST}:{port}")
        ok(f"a datagram from port {port} is ignored", True)
    own = udp(PORT, "127.0.0.2")  # the same port at another address
    own.sendto(b"own", (HOST, PORT))
    s.wait("packet-ignored: bytes=3 from=127.0.0.2:9007")
    above = udp(PORT + 1)
    above.sendto(b"above", (HOST, PORT))
    equal("the port above its own is answered", above.recv(10), b"above")
    s.stop()
    equal("none of the ignored was answered, and they are counted",
          (s.totals()["written"], s.totals()["ignored"]), (1, 6))


def to_many():
    """Datagrams for everybody: no host answers them."""
    def send(to, family=socket.AF_INET, options=()):
        sender = socket.socket(family, socket.SOCK_DGRAM)
        sender.settimeout(LIMIT)
        for option in options:
            sender.setsockopt(*option)
        sender.sendto(b"for all", to)
        return sender
    s = Server("udp", f"0.0.0.0:{PORT}")
    lo = socket.inet_aton(HOST)
    group = udp(0, "0.0.0.0")  # whose host joins a group gets all of it
    group.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                     socket.inet_aton("239.1.2.3") + lo)
    many = [send((to, PORT), options=(
        (socket.SOL_SOCKET, socket.SO_BROADCAST, 1),
        (socket.IPPROTO_IP, socket.IP_MULTICAST_IF, lo)))
        for to in ("127.255.255.255", "239.1.2.3")]
    for sender in many:
        sender.setblocking(False)
    for to in (HOST, "127.4.5.6"):
        equal(f"a datagram to {to} alone is answered",
              send((to, PORT)).recv(10), b"for all")
    heard = []
    for sender in many:
        try:
            heard.append(sender.recv(10))
        except BlockingIOError:
            pass
    equal("one to a broadcast or a multicast address is not", heard, [])
    s.stop()
    equal("the kernel dropped them",
          (s.totals()["received"], s.totals()["written"]), (2, 2))
    s = Server("udp", f"[::]:{PORT}")
    for words in ("link add many type veth peer name other",
                  "address add fd01::1/64 dev many nodad", "link set many up",
                  "link set other up"):  # lo takes no IPv6 multicast
        subprocess.run(["ip", *words.split()], check=True)
    limit = time.monotonic() + LIMIT
    while "LOWER_UP" not in subprocess.run(  # the carrier comes a moment later
            ["ip", "link", "show", "many"], check=True, text=True,
            stdout=subprocess.PIPE).stdout and time.monotonic() < limit:
        pass
    sender = send(("ff02::1", PORT, 0, socket.if_nametoindex("many")),
                  socket.AF_INET6)
    equal("IPv6: one to this host alone is answered",
          send(("::1", PORT), socket.AF_INET6).recv(10), b"for all")
    s.stop()
    equal("one to all nodes is not, whichever way it comes",
          (s.totals()["received"], s.totals()["written"]), (1, 1))


def streams_that_are_missing():
    """What the shell closes with <&- and >&-, and a limit on files."""
    def shell(words):
        p = subprocess.run(["timeout", "10", "sh", "-c", words, "sh",
                            f"{PAIR}/echo-server"], stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return p.returncode, p.stdout.decode(), p.stderr.decode()
    lost = "echo-server: standard output: "
    for words in ('"$1" udp <&- >&-', '"$1" tcp >&-', '"$1" --help <&- >&-'):
        equal(f"{words}: said, status 1", shell(words),
              (1, "", f"{lost}Bad file descriptor\n"))
    equal("all three are closed: status 1", shell('"$1" udp <&- >&- 2>&-'),
          (1, "", ""))
    s = Server("udp", AT, prefix=["sh", "-c", 'exec "$@" <&- 2>&-', "sh"])
    u = udp()
    u.sendto(b"x", (HOST, PORT))
    equal("without standard input and error it serves", u.recv(10), b"x")
    equal("status 0", s.stop(), 0)
    with tempfile.NamedTemporaryFile() as file:
        equal("ulimit -f: said, status 1",
              shell(f'ulimit -f 0; exec "$1" udp >{file.name}'),
              (1, "", f"{lost}File too large\n"))


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


def addresses():
    s = Server("both", "twin:9007", sockets=4)
    equal("a name is served at each of its addresses", sorted(s.lines),
          sorted(f"listening: {p} {a}:9007" for p in ("udp", "tcp")
                 for a in ("127.0.0.1", "[::1]")))
    equal("and that with 127.0.0.1 and ::1 is no cause for a warning",
          s.stderr(), "")
    s.stop()
    six, four = Server("both", "[::]:9007", sockets=2), None
    four = Server("both", "0.0.0.0:9007", sockets=2)
    equal("[::] leaves IPv4 to another socket", four.lines,
          ["listening: udp 0.0.0.0:9007", "listening: tcp 0.0.0.0:9007"])
    for server, text in ((six, r"\[::\]:9007"), (four, "0.0.0.0:9007")):
        like("a warning where other machines may reach it", server.stderr(),
             rf"(echo-server: warning: {text} is not loopback[^\n]*\n){{2}}")
    equal("both end well", (six.stop(), four.stop()), (0, 0))

    s = Server("both", sockets=2)
    for proto in ("udp", "tcp"):
        equal(f"{proto}: no second server next to the first", run(proto),
              (1, "", f"echo-server: {proto} {AT}: Address already in use\n"))
    free = Server("udp", f"{HOST}:0")
    equal("port 0 is the first free one above 9007", free.lines,
          [f"listening: udp {HOST}:9008"])
    free.stop()
    c = tcp()
    echoed(c, b"x")
    s.stop()
    c.close()
    equal("a TCP server starts again at once, TIME_WAIT or no",
          Server("tcp", AT).stop(), 0)
    equal("an address of another host",
          run("udp", "10.9.9.9:9007"),
          (1, "", "echo-server: udp 10.9.9.9:9007: "
                  "Cannot assign requested address\n"))
    rc, out, err = run("udp", "nosuch.invalid:9007")
    like("a name that cannot be resolved", f"{rc} {out}{err}",
         "1 lookup nosuch.invalid: [^\n]+\n")


def usage():
    for args in ([], ["sctp"], ["udp", "9007"], ["udp", AT, "x"],
                 ["udp", "::1:9007"], ["udp", "127.0.0.1:65536"],
                 ["udp", "127.0.0.1:32768"], ["both", "127.0.0.1:65535"],
                 ["-b", "0", "udp"], ["-b", "65537", "udp"],
                 ["-b", "x", "udp"], ["-b", "1x", "udp"], ["-b", " 1", "udp"],
                 ["-T", "x", "tcp"], ["-T", "-1", "tcp"], ["-T", "", "tcp"],
                 ["-T", "86401", "tcp"], ["-T", "nan", "tcp"],
                 ["-T", "0x5", "tcp"], ["-T", " 5", "tcp"], ["-q", "udp"]):
        rc, out, err = run(*args)
        ok(f"bad usage: {' '.join(args)}", rc == 64 and out == "" and
           "usage: echo-server" in err, rc, out, err)
    rc, out, err = run("--help")
    ok("--help: status 0, the option, examples", rc == 0 and err == "" and
       "-b BYTES" in out and "-T SECONDS" in out and "default 60" in out and
       "\n  echo-server both" in out, out)
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
for part in (lines_and_totals, truncation, source_ports, to_many,
             streams_that_are_missing, late_errors, addresses, usage):
    part()
done()
