# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The evidence of one run, read for a check.

In: the folder that an experiment has filled (experiment.sh names the files).
Out: records, packets, counters, lines. A missing or unreadable file raises
NoEvidence, which makes a part of a check inconclusive.
"""
import json

from . import pcap


class NoEvidence(Exception):
    """The evidence proves nothing, and why."""


class Evidence:
    """One run."""

    def __init__(self, folder):
        self.folder = folder

    def text(self, name):
        """A file as text."""
        try:
            return (self.folder / name).read_text(encoding="utf-8",
                                                  errors="replace")
        except OSError as error:
            raise NoEvidence(f"{name} cannot be read: {error.strerror}") \
                from None

    def lines(self, name):
        """A file as a list of lines."""
        return self.text(name).splitlines()

    def steps(self):
        """What was done, in order: `step` of experiment.sh."""
        try:
            return self.lines("steps")
        except NoEvidence:
            return []

    def answers(self):
        """What the student has answered to the questions about this run."""
        try:
            return json.loads(self.text("answers.json"))
        except (NoEvidence, ValueError):
            return {}

    def records(self, name="run.jsonl", **keys):
        """The tracer's records that have these values:
        records(type="packet", witness="wire"). See bpf/event.h and README.
        """
        found = []
        for number, line in enumerate(self.lines(name), 1):
            try:
                record = json.loads(line)
            except ValueError:
                raise NoEvidence(f"{name}, line {number}: no JSON") from None
            if all(record.get(key) == value for key, value in keys.items()):
                found.append(record)
        return found

    def verdict(self, claim, name="run.jsonl"):
        """The tracer's own verdict on a claim. Raises NoEvidence if the
        verdict is inconclusive.
        """
        found = self.records(name, type="verdict", claim=claim)
        if not found:
            raise NoEvidence(f"{name} has no verdict on {claim}")
        if found[-1]["result"] == "inconclusive":
            reasons = "; ".join(found[-1]["reasons"]) or found[-1]["summary"]
            raise NoEvidence(f"the tracer could not tell: {reasons}")
        return found[-1]

    def packets(self, name="capture.pcap"):
        """The packets of a capture file, in order: pcap.Packet."""
        try:
            return pcap.read(self.folder / name)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise NoEvidence(f"{name} cannot be read: {why}") from None

    def counters(self, name):
        """Counters that `counters NAME` of experiment.sh has kept, by the
        kernel's names: counters("before")["UdpOutDatagrams"].
        """
        values = {}
        lines = self.lines(f"counters.{name}")
        for names, numbers in zip(lines[::2], lines[1::2]):
            group = names.split(":")[0]
            values.update((group + key, int(number)) for key, number in
                          zip(names.split()[1:], numbers.split()[1:]))
        return values

    def counted(self, before, after):
        """What changed between two of them: name -> difference."""
        first, last = self.counters(before), self.counters(after)
        return {key: last[key] - first[key] for key in last
                if key in first and last[key] != first[key]}
