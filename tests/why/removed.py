#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""`tracer why` says nothing that its records do not support (TAP).

Each record that a sentence cites is taken out of the recording (its line becomes
one of a type that no reader knows, so that the others keep their numbers). Then
the sentence must be gone, or cite another record of the same packet; and when
that is taken out too, it must be gone in the end.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

WHY = [os.environ.get("RECORDS", "build/unit/records"), "why"]
REMOVED = '{"type":"removed"}\n'
PLACE = re.compile(r"^line +(\d+) +-?\d+\.\d{3} ms  (.*)$")
# a packet on lo is seen by the wire, and twice by the kernel
WITNESSES_MOST = 8


def explain(path, line=None):
    """The results, a list of (line, sentence) each: the result comes first."""
    done = subprocess.run(WHY + [path] + ([str(line)] if line else []),
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    blocks = []
    for block in done.stdout.split("\n\n"):
        places = [PLACE.match(row) for row in block.splitlines()]
        blocks.append([(int(place[1]), place[2]) for place in places if place])
    return [block for block in blocks if block]


class Recording:
    """A copy with some lines taken out."""

    def __init__(self, path, copy):
        self.lines = pathlib.Path(path).read_text(
            encoding="utf-8").splitlines(True)
        self.copy = copy

    def without(self, gone, result):
        """What is said of the result when the lines in gone are not there."""
        text = "".join(REMOVED if number in gone else line
                       for number, line in enumerate(self.lines, 1))
        pathlib.Path(self.copy).write_text(text, encoding="utf-8")
        said = explain(self.copy, result)
        return said[0][1:] if said else []


def outlives(recording, result, line, sentence):
    """Why the sentence is wrong, or None: it is gone without its records."""
    gone = set()
    while line:
        gone.add(line)
        if len(gone) > WITNESSES_MOST:
            return f"it stands without lines {sorted(gone)}"
        again = [number for number, other
                 in recording.without(gone, result) if other == sentence]
        line = again[0] if again else None
        if line in gone:
            return f"it cites line {line}, which is not there"
    return None


def main():
    recordings = sys.argv[1:] or sorted(
        str(path) for folder in ("tests/why", "tests/golden")
        for path in pathlib.Path(folder).glob("*.jsonl"))
    failed = tests = cited = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in recordings:
            results = explain(path)
            if not results:
                continue
            recording = Recording(path, f"{folder}/copy.jsonl")
            wrong = []
            for (result, words), *sentences in results:
                for line, sentence in sentences:
                    if line == result:
                        continue  # it is about the result itself
                    cited += 1
                    why = outlives(recording, result, line, sentence)
                    if why:
                        wrong.append(f"{words}: {sentence}: {why}")
            tests += 1
            failed += bool(wrong)
            print("not ok" if wrong else "ok", tests, "-", path)
            print("".join(f"# {line}\n" for line in wrong), end="")
    tests += 1
    enough = cited > 100 or sys.argv[1:]
    print("ok" if enough else "not ok", tests, f"- {cited} sentences cite")
    print(f"1..{tests}")
    return failed != 0 or not enough


if __name__ == "__main__":
    sys.exit(main())
