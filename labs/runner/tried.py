# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The results of a trial, for a check: expectations that name the trial's own
steps, and what the student's program printed.

In: trials.jsonl (trials.py).
"""
import re

from .checking import expect
from .evidence import NoEvidence

# "SUMMARY: AddressSanitizer: stack-buffer-overflow /…/start.c:56 in echo_once"
ASAN = re.compile(r"SUMMARY: \w+Sanitizer: (\S+) (?:\S*/)?(\S+?:\d+)"
                  r"(?::\d+)? in (\w+)")
# "/…/start.c:77:5: runtime error: left shift of ..."
UBSAN = re.compile(r"(?:\S*/)?(\S+:\d+):\d+: runtime error: (.*)")


def memory_error(lines):
    """What a sanitizer found, in a few words; "" if nothing."""
    for line in lines:
        if found := UBSAN.match(line):
            return f"{found[2]}, {found[1]}"
        if found := ASAN.match(line):
            return f"{found[1]} in {found[3]}, {found[2]}"
    return ""


class Tried:
    """One trial, and the process of the student's program in it."""

    def __init__(self, run, name):
        found = run.records("trials.jsonl", trial=name)
        if not found:
            raise NoEvidence(f"trials.jsonl has no trial '{name}'")
        self.kept = found[0]
        self.program = (self.kept["programs"] or [{}])[0]
        self.said = self.program.get("said", [])

    def __getitem__(self, key):
        return self.kept[key]

    def expect(self, expected, holds, came):
        """checking.expect(), after the steps of this trial."""
        if self.said and not holds and self.said[-1] not in str(came):
            came = f"{came}; your program's last line: {self.said[-1]}"
        expect(expected, holds, came, after=self.kept["steps"])

    def sound(self):
        """Expect that it said it was ready, and used no memory but its own."""
        wrong = memory_error(self.said)
        expect("no byte read or written outside the program's memory",
               not wrong, came=wrong, after=self.kept["steps"])
        if "never_came" in self.kept:
            self.expect(self.kept["never_came"], False, came="none")
        return self
