# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""All that is known of one run of the tracer, joined call by call.

The programs' log has each call; the tracer's JSON Lines have its entry, its exit
and what the verdict says of it. judge.py compares them.
"""
import bisect
import collections
import errno
import re

FOLLOWED = {"udp4": "udp", "udp6": "udp", "tcp4": "tcp", "tcp6": "tcp"}
SENDS = {"send", "sendto", "sendmsg", "sendmmsg", "write", "writev"}
COMPARED = SENDS | {"connect", "bind"}
SENDTO = {"send": "sendto", "flood": "sendto"}  # what the kernel calls it
REASON = re.compile(r".*? connect\([^)]*\)[^:]*: ")
FLOOD = 20  # play_calls.c
CLOSE_NS = 20_000  # two clocks and two places in the kernel: too close to call


def written(host, port):
    """An address of a program as the tracer writes it."""
    if host.startswith("::ffff:"):
        host = host.removeprefix("::ffff:")
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class Call:
    """One call of a program's log, with what the tracer has of it."""

    def __init__(self, line, program):
        self.__dict__.update(line)
        self.program = program
        self.proto = FOLLOWED.get(self.kind)
        self.error = errno.errorcode.get(self.errno) if self.errno else None
        self.exit = self.enter = self.verdict = None

    def __str__(self):
        return (f"op {self.op} {self.call}({self.fd}) of {self.kind} by "
                f"{self.tid} = {self.error or self.ret}")


class Run:
    """All that is known of one run of the tracer."""

    def __init__(self, programs, logs, records, packets, strace=None):
        self.programs = programs
        self.calls = [Call(line, program) for program, log in logs.items()
                      for line in log]
        self.records = records
        # each processor puts its packets into the ring when it comes to it
        self.packets = sorted(packets, key=lambda packet: packet.ts_ns)
        self.strace = strace
        self.times = [p.ts_ns for p in self.packets]
        meta = [r for r in records if r["type"] == "meta"]
        self.offset = meta[0]["realtime_minus_monotonic_ns"] if meta else 0
        self.verdicts = {r["claim"].split("-")[0]: r for r in records
                         if r["type"] == "verdict"}
        self.lost = [r for r in records if r["type"] == "lost"]
        self.join_tracer()

    def join_tracer(self):
        """Each thread's calls are in order: the log's and the tracer's."""
        exits, entered = collections.defaultdict(list), {}
        for r in self.records:
            if r["type"] == "enter":
                entered[r["tid"], r["name"]] = r
            elif r["type"] == "exit":
                enter = entered.pop((r["tid"], r["name"]), None)
                if r["errno"] == "EBADF":
                    continue  # closed meanwhile, by another thread
                exits[r["tid"], r["name"], r["fd"]].append((enter, r))
        for call in self.calls:
            name = SENDTO.get(call.call, call.call)
            theirs = exits[call.tid, name, call.fd]
            if call.call == "flood":
                del theirs[:FLOOD]
            if call.call in COMPARED and theirs and call.error != "EBADF" \
                    and (call.proto or self.within(call, theirs[0][1])):
                call.enter, call.exit = theirs.pop(0)
        self.surplus = {key: rest for key, rest in exits.items()
                        if rest and key[1] in COMPARED}
        self.join_verdicts()

    def within(self, call, record):
        """A record of the tracer's is of this call, by its time. A raw socket
        has none, and the next socket may have its descriptor.
        """
        return call.begin - CLOSE_NS < record["ts_ns"] + self.offset < \
            call.end + CLOSE_NS

    def join_verdicts(self):
        """connects[] has no time; what else it has identifies it. A
        verdict lists the first hundred that passed; as many as it says are not
        in the list have passed, too.
        """
        listed = collections.defaultdict(list)
        for proto, verdict in self.verdicts.items():
            for one in verdict["connects"]:
                key = (proto, one["pid"], one["fd"], one["duration_ns"],
                       one["ret"], one.get("peer"))
                listed[key].append(one)
        unlisted = collections.Counter(
            {proto: verdict.get("unlisted", 0)
             for proto, verdict in self.verdicts.items()})
        for call in self.connects():
            if not call.enter or not call.exit:
                continue
            duration = call.exit["ts_ns"] - call.enter["ts_ns"]
            ours = listed[call.exit["proto"], call.pid, call.fd, duration,
                          call.exit["ret"], call.enter["args"].get("peer")]
            if ours:
                call.verdict = ours.pop(0)
            elif unlisted[call.exit["proto"]] > 0:
                unlisted[call.exit["proto"]] -= 1
                call.verdict = {"result": "pass"}

    def connects(self, proto=None):
        return [c for c in self.calls if c.call == "connect" and c.proto and
                (not proto or c.proto == proto)]

    def between(self, begin, end):
        return self.packets[bisect.bisect_left(self.times, begin):
                            bisect.bisect_right(self.times, end)]

    def reason(self, call):
        """What the verdict says of this call: `NAME PID connect(FD, …: text`"""
        peer = call.enter["args"].get("peer", "")
        mine = f" {call.pid} connect({call.fd}, {peer}"
        reasons = self.verdicts[call.proto]["reasons"]
        texts = {REASON.sub("", one) for one in reasons if mine in one}
        return "; ".join(sorted(texts)) or "no reason given"


def digest(text):
    """The same text for the same kind of fault."""
    return re.sub(r"[^a-z]+", "-", text.lower())[:40].strip("-")
