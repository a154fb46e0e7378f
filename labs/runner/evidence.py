# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The evidence of one run, read for a check.

In: the folder that an experiment has filled (experiment.sh names the files).
Out: records, packets, counters, lines. The folder may come from a stranger: what
is missing, unreadable or not what an experiment writes raises NoEvidence, which
makes a part of a check inconclusive.
"""
import errno
import functools

from . import pcap, pcapng
from .catalogue import parse_json
from .errors import DAMAGED, LabError
from .files import Folder

TEXT = 8 << 20  # bytes of a file: a lab's own have some thousands
LINE = 1 << 20  # of a line of it
ANSWERS = 1 << 20
GREETING = 100  # bytes of the file message
ANSWER = 1000  # characters of one answer


class NoEvidence(Exception):
    """The evidence proves nothing, and why."""


def counters_in(lines):
    """The kernel's counters in the lines of /proc/net/snmp or netstat, names above
    numbers: {"UdpOutDatagrams": 3, ...}.
    """
    values = {}
    for names, numbers in zip(lines[::2], lines[1::2]):
        group = names.split(":")[0]
        values.update((group + key, int(number)) for key, number in
                      zip(names.split()[1:], numbers.split()[1:]))
    return values


class Record(dict):
    """A line of a recording; a key that it lacks is no evidence."""

    def __missing__(self, key):
        raise NoEvidence(f"a record has no '{key}'")


class Evidence:
    """One run. folder: a path, or a files.Folder."""

    def __init__(self, folder):
        self._missing = None
        self._read = functools.lru_cache(maxsize=None)(self._read_once)
        self._parsed = functools.lru_cache(maxsize=None)(self._parse)
        try:
            self._folder = folder if isinstance(folder, Folder) \
                else Folder.at(folder)
        except OSError as error:
            self._missing = error

    def _read_once(self, name, most):
        """The bytes of a file; each file is read once."""
        try:
            if self._missing:
                raise self._missing
            return self._folder.read(name, most)
        except OSError as error:
            raise NoEvidence(f"{name} cannot be read: {error.strerror}") \
                from error

    def text(self, name):
        """A file as text."""
        return self._read(name, TEXT).decode(errors="replace")

    def lines(self, name):
        """A file as a list of lines."""
        lines = self.text(name).splitlines()
        for number, line in enumerate(lines, 1):
            if len(line) > LINE:
                raise NoEvidence(f"{name}, line {number} is longer than "
                                 f"{LINE >> 10} KiB")
        return lines

    def steps(self):
        """What was done, in order: `step` of experiment.sh."""
        try:
            return self.lines("steps")
        except NoEvidence:
            return []

    def greeting(self):
        """What the experiment has sent, HELLO-7f3a, and when it began; None if
        labs/lab did not start it (greeting.py).
        """
        words = self._read("message", GREETING).decode(errors="replace").split()
        if not words:
            raise NoEvidence("the file message is empty")
        return words[0], words[1] if len(words) > 1 else None

    def message(self):
        """The bytes that the experiment has sent."""
        return self.greeting()[0].encode()

    def answers(self):
        """What the student has answered to the questions about this run. A
        damaged file ends the check: an answer is not to be lost silently.
        """
        name = "answers.json"
        try:
            data = self._read(name, ANSWERS)
        except NoEvidence as why:
            if why.__cause__.errno in (errno.ENOENT, errno.ENOTDIR,
                                       errno.EACCES):
                return {}
            raise LabError(DAMAGED, f"{why}; labs/lab run makes a new one") \
                from None
        try:
            found = parse_json(data.decode())
        except ValueError as error:
            raise LabError(DAMAGED, f"{name} is damaged: {error}; labs/lab "
                           "run makes a new one") from None
        if not isinstance(found, dict) or \
                not all(isinstance(value, str) and len(value) <= ANSWER
                        for value in found.values()):
            raise LabError(DAMAGED, f"{name} holds no answers; labs/lab run "
                           "makes a new one")
        return found

    def _parse(self, name):
        """The JSON objects of a file, one a line."""
        found = []
        for number, line in enumerate(self.lines(name), 1):
            try:
                record = parse_json(line)
            except ValueError:
                raise NoEvidence(f"{name}, line {number}: not JSON") from None
            if not isinstance(record, dict):
                raise NoEvidence(f"{name}, line {number}: not a JSON object")
            found.append(Record(record))
        return found

    def records(self, name="run.jsonl", **keys):
        """The tracer's records that have these values:
        records(type="packet", witness="wire"). See bpf/event.h and README.
        """
        return [record for record in self._parsed(name)
                if all(record.get(key) == value
                       for key, value in keys.items())]

    def verdict(self, claim, name="run.jsonl"):
        """The tracer's own verdict on a claim. Raises NoEvidence if the
        verdict is inconclusive.
        """
        found = self.records(name, type="verdict", claim=claim)
        if not found:
            raise NoEvidence(f"{name} has no verdict on {claim}")
        if found[-1]["result"] == "inconclusive":
            reasons = "; ".join(found[-1]["reasons"]) or found[-1]["summary"]
            raise NoEvidence(f"the tracer's verdict is inconclusive: {reasons}")
        return found[-1]

    def packets(self, name="capture.pcap"):
        """The packets of a capture file, in order: pcap.Packet."""
        if name.endswith(".pcapng"):
            return self.capture(name).packets
        return self._capture(name, pcap.parse)

    def capture(self, name):
        """All of a pcapng file: pcapng.Capture."""
        return self._capture(name, pcapng.parse)

    def _capture(self, name, parse):
        try:
            return parse(self._read(name, pcap.MOST))
        except ValueError as error:
            raise NoEvidence(f"{name} cannot be read: {error}") from None

    def counters(self, name):
        """Counters that `counters NAME` of experiment.sh has kept, by the
        kernel's names: counters("before")["UdpOutDatagrams"].
        """
        return counters_in(self.lines(f"counters.{name}"))

    def counted(self, before, after):
        """What changed between two of them: name -> difference."""
        first, last = self.counters(before), self.counters(after)
        return {key: last[key] - first[key] for key in last
                if key in first and last[key] != first[key]}
