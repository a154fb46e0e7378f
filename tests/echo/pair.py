# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What the suites of the echo pair share: TAP, a private network namespace,
and the two programs under test (the sanitised pair, unless ECHO_PAIR names
another directory; ECHO_PLAIN names the one that people start).

A suite calls own_network() first: every port is free there, nothing leaves it,
and no name server can be asked.
"""
import atexit
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

PAIR = os.environ.get("ECHO_PAIR", "build/asan/echo")
PLAIN = os.environ.get("ECHO_PLAIN", "echo")
LIMIT = 20  # seconds after which waiting for anything is a failure
os.environ["LC_ALL"] = "C.UTF-8"  # what the pair says is the same for everyone
os.umask(0o022)
HOST, PORT = "127.0.0.1", 9007
AT = f"{HOST}:{PORT}"
count = 0


def ok(name, good, *detail):
    """One line of TAP; the details only where it failed."""
    global count
    count += 1
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    if not good:
        for d in detail:
            for line in str(d).splitlines() or [""]:
                print(f"# {line}")
    sys.stdout.flush()
    return good


def equal(name, got, expected):
    return ok(name, got == expected, f"expected: {expected!r}",
              f"     got: {got!r}")


def like(name, got, pattern):
    """The whole text must match."""
    return ok(name, re.fullmatch(pattern, got, re.S) is not None,
              f"no match for: {pattern}", f"got: {got!r}")


def done():
    print(f"1..{count}")


def own_network():
    """Starts the suite again in a network namespace with lo and nothing else,
    where the name `twin` has an IPv4 and an IPv6 address."""
    if os.environ.get("ECHO_TEST_NETWORK") != "own":
        os.environ["ECHO_TEST_NETWORK"] = "own"
        user = ["--user", "--map-root-user"] if os.geteuid() else []
        os.execvp("unshare", ["unshare", *user, "--net", "--mount",
                              sys.executable, "-B", *sys.argv])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.NamedTemporaryFile("w") as hosts:
        hosts.write("127.0.0.1 localhost twin\n::1 localhost twin\n")
        hosts.flush()
        os.chmod(hosts.name, 0o644)
        subprocess.run(["mount", "--bind", hosts.name, "/etc/hosts"],
                       check=True)


def client(*args, data=None, out=subprocess.PIPE, pair=None):
    """Runs echo-client to its end: exit status, output, errors, seconds."""
    begin = time.monotonic()
    p = subprocess.run([f"{pair or PAIR}/echo-client", *map(str, args)],
                       input=data, stdout=out, stderr=subprocess.PIPE,
                       timeout=LIMIT,
                       **({} if data is not None
                          else {"stdin": subprocess.DEVNULL}))
    seconds = time.monotonic() - begin
    return (p.returncode, (p.stdout or b"").decode(), p.stderr.decode(),
            seconds)


class Server:
    """An echo-server that has said `listening` for each of its sockets. Of its
    lines those are kept that begin with the pattern `keep`: all."""

    def __init__(self, *args, sockets=1, prefix=(), pair=None, keep=""):
        self.lines = []
        self.keep = re.compile(keep)
        self.changed = threading.Condition()
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [*prefix, f"{pair or PAIR}/echo-server", *map(str, args)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=self.errors, text=True)
        atexit.register(self.process.kill)  # where the suite dies of it
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        for i in range(sockets):
            self.wait("listening: .*", i + 1)

    def _read(self):
        for line in self.process.stdout:
            if not self.keep.match(line):
                continue
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    def matching(self, pattern):
        return [x for x in self.lines if re.fullmatch(pattern, x)]

    def wait(self, pattern, times=1):
        """Waits for so many lines, which it returns; fails after LIMIT."""
        with self.changed:
            if not self.changed.wait_for(
                    lambda: len(self.matching(pattern)) >= times
                    or not self.reader.is_alive(), LIMIT) \
                    or len(self.matching(pattern)) < times:
                raise AssertionError(
                    f"server never said {pattern!r} {times} times: "
                    f"{self.lines[-5:]} {self.stderr()}")
            return self.matching(pattern)

    def stderr(self):
        self.errors.seek(0)
        return self.errors.read().decode()

    def totals(self):
        """The last line, as a dictionary."""
        return {k: int(v) for k, v in
                (x.split("=") for x in self.lines[-1].split()[1:])}

    def stop(self, signal=2):
        """Sends the signal; the exit status."""
        self.process.send_signal(signal)
        status = self.process.wait(LIMIT)
        self.reader.join(LIMIT)
        return status


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
