# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The functions for the `experiment` of a lab in which students write C.

The student's program (LAB_PROGRAM) runs in several trials, each with a process
of its own in one of the two namespaces. A trial is a function; its name is the
trial's. The results, one JSON object on each line, go to the lab's check:

    def echo(trial):
        trial.start("server", "10.0.0.2", "9007", until="listening")
        trial.step("10.0.0.1 sent HELLO")
        trial.kept["answer"] = ...

    run(echo)

In: LAB_OUT, LAB_PROGRAM, LAB_STUDENT (launch.py), DIALTONE_NET (labs/net). Out:
trials.jsonl, and program.txt, what the program has printed. tried.py reads them
for the check. NAME.pcap, if the experiment captures.
"""
import contextlib
import ctypes
import errno
import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent import futures

from .evidence import counters_in

CLONE_NEWNET = 0x40000000  # sched.h
OUTPUT = 256 << 10  # bytes of what a program prints that are kept, about
# strace -D: the program keeps its process, and strace is a child of it. The
# program's output ends when strace has written its file.
STRACE = ("strace", "-D", "-f", "--seccomp-bpf", "-q", "-ttt", "-T",
          "-e", "signal=none", "-e", "trace=%network,read,readv,write,writev,"
          "poll,ppoll,select,pselect6,epoll_wait,epoll_pwait,fcntl,nanosleep,"
          "clock_nanosleep")
NO_LEAKS = "ASAN_OPTIONS=detect_leaks=0"  # LeakSanitizer fails under ptrace(2)
PATIENCE = 10  # seconds to wait for what must come; a machine may be slow
# Seconds for the end of a program's output after its own end: another process may
# keep the output open for ever. Examples are a child of the program, or a process
# that strace made to try what the kernel can do. labs/net ends them.
LAST_WORDS = 2


class Fault(Exception):
    """The program did not do what a trial needs first; the text says what."""


def entered(pid):
    """Move this thread into the network namespace of a process."""
    descriptor = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    os.close(descriptor)


@contextlib.contextmanager
def at(side):
    """Run the body of a `with` in that namespace. A socket stays in the
    namespace in which it was opened.
    """
    notes = pathlib.Path(os.environ["DIALTONE_NET"])
    holder = (notes / side).read_text(encoding="ascii").split()[0]
    home = (notes / "client").read_text(encoding="ascii").split()[0]
    entered(holder)
    try:
        yield
    finally:
        entered(home)


def numbers(lab):
    """Random numbers that are the same in each run of a student, and others for
    each student: what is asked about them is not worth copying.
    """
    student = os.environ.get("LAB_STUDENT", "")
    return random.Random(os.fsencode(f"{student} {lab}"))


def chosen(*known, variable="LAB_WITH_WORLD", default=""):
    """The worlds that a run of Modify is to have: names with commas. A name that
    is not known ends the experiment: the run would differ in nothing, and the
    student would learn something wrong from it.
    """
    names = [name for name in
             os.environ.get(variable, default).split(",") if name]
    for name in names:
        if name not in known:
            sys.exit(f"{variable}: this lab has no {name!r}; it has "
                     f"{', '.join(known)}")
    return frozenset(names)


def execute(side, *words, given=""):
    """Run a command of ours in a namespace; it has to succeed. Its output."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return subprocess.run(["labs/net", "exec", side, *words], input=given,
                          stdout=subprocess.PIPE, text=True, check=True,
                          env={**os.environ, "PATH": path}).stdout


def counters(side="client"):
    """The kernel's counters of a namespace: {"UdpOutDatagrams": 3, ...}."""
    return counters_in(execute(side, "cat", "/proc/net/snmp",
                               "/proc/net/netstat").splitlines())


def unlimited_icmp(side="server"):
    """The kernel there sends every ICMP error. Else it sends six to a host, and
    then one a second (icmp(7), icmp_ratelimit).
    """
    execute(side, "sh", "-c", "echo 0 >/proc/sys/net/ipv4/icmp_ratelimit")


@contextlib.contextmanager
def capture(name="capture", side="client", iface="eth0"):
    """Capture an interface into NAME.pcap during the body of a `with`."""
    iface = os.environ.get("LAB_WITH_IFACE") or iface
    file = pathlib.Path(os.environ["LAB_OUT"], name + ".pcap")
    with subprocess.Popen(["labs/net", "exec", side, "tracer/tracer", "capture",
                           "-i", iface, str(file)], text=True,
                          stderr=subprocess.PIPE) as process:
        said = process.stderr.readline()
        if not said.startswith("ready"):
            raise RuntimeError(f"tracer capture: {said.strip()}")
        try:
            yield
        finally:
            process.send_signal(signal.SIGINT)  # its last packets come first


def socket_at(side, address, port=0, kind=socket.SOCK_DGRAM, limit=PATIENCE):
    """A socket that is bound to an address of a namespace; its calls wait at
    most `limit` seconds.
    """
    with at(side):
        made = socket.socket(socket.AF_INET, kind)
    made.bind((address, port))
    made.settimeout(limit)
    return made


def awaited(program, made, call, *arguments, seconds=PATIENCE):
    """What a call on a socket returns. TimeoutError if the program has ended and
    the call would wait, or after so many seconds.
    """
    limit = time.monotonic() + seconds
    while True:
        ended = program.wait(0)
        made.settimeout(0 if ended else 0.1)
        try:
            return call(*arguments)
        except (TimeoutError, BlockingIOError):
            if ended or time.monotonic() > limit:
                raise TimeoutError from None


def outcome(call, *arguments):
    """What a call returned, or the name of its error; "EAGAIN": nothing came."""
    try:
        return call(*arguments)
    except TimeoutError:
        return "EAGAIN"
    except OSError as error:
        return errno.errorcode[error.errno]


class Program:
    """One process of the student's program; `lines`: what it has printed."""

    def __init__(self, side, words):
        self.lines = []
        self._began = time.monotonic()
        self._process = subprocess.Popen(  # pylint: disable=consider-using-with
            ["labs/net", "exec", side, *words], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        left = OUTPUT
        while line := self._process.stdout.readline(OUTPUT):
            if left > 0:
                self.lines.append(line.decode(errors="replace").rstrip("\n"))
            left -= len(line)

    @property
    def pid(self):
        """labs/net executes nsenter(1), and that the program: one process."""
        return self._process.pid

    def said(self, pattern, seconds=PATIENCE):
        """Wait for a line; None if it does not come, or the program ends."""
        limit = time.monotonic() + seconds
        while True:
            alive = self._reader.is_alive()
            for line in self.lines:
                if re.match(pattern, line):
                    return line
            if not alive or time.monotonic() > limit:
                return None
            time.sleep(0.005)

    def wait(self, seconds, since=None):
        """Wait for its end, at most so long from its start; True if it ended."""
        since = self._began if since is None else since
        self._reader.join(max(0, since + seconds - time.monotonic()))
        return not self._reader.is_alive()

    def end(self):
        """Kill it if it has not ended. Returns what is known of the process."""
        late = not self.wait(0)
        if late:  # not Popen.kill(), which takes the status of one that is dead
            os.kill(self._process.pid, signal.SIGKILL)
        _, status, used = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self._reader.join(LAST_WORDS)
        killed = late and self._process.returncode == -signal.SIGKILL
        return {"killed": killed, "status": self._process.returncode,
                "cpu_ms": round(1000 * (used.ru_utime + used.ru_stime)),
                "said": self.lines}


class Trial:
    """One trial: its steps, and its results."""

    def __init__(self, name):
        self.kept = {"trial": name, "steps": []}
        self._programs = []

    def step(self, text):
        """Record a step; the check prints it as "after TEXT"."""
        self.kept["steps"].append(text)

    def start(self, side, *words, until=None, strace=False, under=()):
        """Start the program with these arguments. `until`: the line that says
        that it is ready. Raises Fault if that line does not come. `strace`: its
        system calls go to TRIAL.strace, with the times of a clock of our own.
        `under`: a command that starts the program.
        """
        command = [*under, os.environ["LAB_PROGRAM"], *words]
        if strace:
            file = pathlib.Path(os.environ["LAB_OUT"],
                                self.kept["trial"] + ".strace")
            command = ["env", NO_LEAKS, *STRACE, "-o", str(file), *command]
        started = Program(side, command)
        self._programs.append(started)
        self.step(f"{side}: your program, {' '.join(words)}")
        if until and not started.said(until):
            raise Fault(f"a line '{until}...'")
        return started

    def conduct(self, function):
        """Run the whole trial; in every case, end what it has started."""
        try:
            function(self)
        except Fault as fault:
            self.kept["never_came"] = str(fault)
        finally:
            self.kept["programs"] = [program.end()
                                     for program in self._programs]


def run(*functions, together=False, alone=()):
    """Run the trials one after the other, or all together if they mostly
    wait; before them those that have to be alone. Then write the results.
    """
    trials = [Trial(function.__name__) for function in (*alone, *functions)]
    for trial, function in zip(trials, alone):
        trial.conduct(function)
    with futures.ThreadPoolExecutor(len(functions) if together else 1) as pool:
        for ended in [pool.submit(trial.conduct, function) for trial, function
                      in zip(trials[len(alone):], functions)]:
            ended.result()
    out = pathlib.Path(os.environ["LAB_OUT"])
    with open(out / "trials.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(trial.kept) + "\n" for trial in trials)
    with open(out / "program.txt", "w", encoding="utf-8") as file:
        for trial in trials:
            file.write(trial.kept["trial"] + ":\n")
            file.writelines(f"    {line}\n"
                            for program in trial.kept["programs"]
                            for line in program["said"])
    (out / "kernel").write_text(os.uname().release + "\n", encoding="utf-8")
