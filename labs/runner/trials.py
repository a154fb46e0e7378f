# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What the `experiment` of a lab is written with in which she writes C.

Her program (LAB_PROGRAM) is put to several trials, each with a process of its
own in one of the two namespaces. A trial is a function; its name is the
trial's. What came is one JSON object a line, for the lab's check to judge:

    def echo(trial):
        trial.start("server", "10.0.0.2", "7007", until="listening")
        trial.step("10.0.0.1 sent HELLO")
        trial.kept["answer"] = ...

    run(echo)

In: LAB_OUT, LAB_PROGRAM (launch.py), DIALTONE_NET (labs/net). Out:
trials.jsonl, and program.txt, what her program has said. Read next: a lab's
experiment; tried.py, the same from the check's side.
"""
import contextlib
import ctypes
import json
import os
import pathlib
import re
import subprocess
import threading
import time
from concurrent import futures

CLONE_NEWNET = 0x40000000  # sched.h
PATIENCE = 10  # seconds until what must come is given up: the machine is slow


class Fault(Exception):
    """Her program did not do what it has to before a trial can begin: what?"""


def entered(pid):
    """Moves this thread into the network namespace of a process."""
    descriptor = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    os.close(descriptor)


@contextlib.contextmanager
def at(side):
    """What is done inside, such as to open a socket, is done there; a socket
    stays where it was opened.
    """
    notes = pathlib.Path(os.environ["DIALTONE_NET"])
    holder = (notes / side).read_text(encoding="ascii").split()[0]
    home = (notes / "client").read_text(encoding="ascii").split()[0]
    entered(holder)
    try:
        yield
    finally:
        entered(home)


class Program:
    """One process of her program; `lines` is what it has printed so far."""

    def __init__(self, side, words):
        self.lines = []
        self._began = time.monotonic()
        self._process = subprocess.Popen(  # pylint: disable=consider-using-with
            ["labs/net", "exec", side, *words], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self.lines.append(line.decode(errors="replace").rstrip("\n"))

    @property
    def pid(self):
        """labs/net became nsenter(1), and that the program: one process."""
        return self._process.pid

    def said(self, pattern, seconds=PATIENCE):
        """Waits for a line; None if it does not come, or the program ends."""
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
        """Waits until it has ended, so long from its beginning; True if so."""
        since = self._began if since is None else since
        self._reader.join(max(0, since + seconds - time.monotonic()))
        return not self._reader.is_alive()

    def end(self):
        """Kills it if it has not ended; what is known of it afterwards."""
        killed = not self.wait(0)
        if killed:
            self._process.kill()
        _, status, used = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self._reader.join()
        return {"killed": killed, "status": self._process.returncode,
                "cpu_ms": round(1000 * (used.ru_utime + used.ru_stime)),
                "said": self.lines}


class Trial:
    """One trial: the steps that were taken, and what came of them."""

    def __init__(self, name):
        self.kept = {"trial": name, "steps": []}
        self._programs = []

    def step(self, text):
        """What was done, in the check's words: "after TEXT"."""
        self.kept["steps"].append(text)

    def start(self, side, *words, until=None):
        """Her program with these words; `until`: the line that says that it is
        ready. Raises Fault if that does not come.
        """
        started = Program(side, [os.environ["LAB_PROGRAM"], *words])
        self._programs.append(started)
        self.step(f"{side}: your program, {' '.join(words)}")
        if until and not started.said(until):
            raise Fault(f"a line '{until}...'")
        return started

    def conduct(self, function):
        """The whole of it; what was started is ended, whatever happens."""
        try:
            function(self)
        except Fault as fault:
            self.kept["never_came"] = str(fault)
        finally:
            self.kept["programs"] = [program.end()
                                     for program in self._programs]


def run(*functions, together=False):
    """Conducts trials, one after the other or, where each mostly waits, all
    together; then writes down what came.
    """
    trials = [Trial(function.__name__) for function in functions]
    with futures.ThreadPoolExecutor(len(trials) if together else 1) as pool:
        for ended in [pool.submit(trial.conduct, function)
                      for trial, function in zip(trials, functions)]:
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
