#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Typed placeholders: what may differ in a transcript and what may not (TAP)."""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
# pylint: disable=wrong-import-position
import placeholders  # noqa: E402

TRUE, FALSE = True, False
CASES = (
    ("equal", "", "a b\n", "a b\n", TRUE),
    ("blanks do not matter", "", "a   b\n", " a b\n", TRUE),
    ("another word", "", "a b\n", "a c\n", FALSE),
    ("a line more", "", "a\n", "a\nb\n", FALSE),
    ("a line less", "", "a\nb\n", "a\n", FALSE),
    ("one port, twice the same", "", "<PORT> <PORT>\n", "40000 40000\n", TRUE),
    ("one port, two values", "", "<PORT> <PORT>\n", "40000 40001\n", FALSE),
    ("two lines, two values", "", "<PORT>\n<PORT>\n", "40000\n40001\n", FALSE),
    ("two ports", "", "<PORT> <PORT2>\n", "40000 40001\n", TRUE),
    ("a port is a number", "", "<PORT>\n", "http\n", FALSE),
    ("times are free", "", "<MS> <MS>\n", "1.234 5.678\n", TRUE),
    ("a number, not the same", "", "<N> <N>\n", "2 3\n", TRUE),
    ("the same number", "", "<N1> <N1> <N2>\n", "2 2 3\n", TRUE),
    ("not the same number", "", "<N1> <N1>\n", "2 3\n", FALSE),
    ("a time is a number", "", "<MS>\n", "soon\n", FALSE),
    ("a pid, not free", "", "<PID> <PID>\n", "12 13\n", FALSE),
    ("a kernel", "", "Linux <KERNEL>.\n", "Linux 6.1.0-56-amd64.\n", TRUE),
    ("any text within a line", "", "a <TEXT> c\n", "a b b c\n", TRUE),
    ("but not over lines", "", "a <TEXT> c\n", "a b\nb c\n", FALSE),
    ("any number of lines", "", "a\n...\nc\n", "a\nx\ny\nc\n", TRUE),
    ("or none", "", "a\n...\nc\n", "a\nc\n", TRUE),
    ("order", "", "a\nb\n", "b\na\n", FALSE),
    ("any order", "any-order", "a\nb\n", "b\na\n", TRUE),
    ("any order, twice", "any-order", "a\na\n", "a\nb\n", FALSE),
    ("any order, a line more", "any-order", "a\n", "a\nb\n", FALSE),
    ("not an expression", "", "a.c (x*)\n", "abc (x*)\n", FALSE),
)
CAME = ("    0.123 ms  dial 77  connect(3, 10.0.0.2:9007)\n"
        "    0.200 ms  dial 77  write: from 10.0.0.1:40123\n"
        "again 40124, 40123; Linux 6.1.0-56-amd64\n")
FRESH = ("    <MS> ms  dial <PID>  connect(3, 10.0.0.2:9007)\n"
         "    <MS> ms  dial <PID>  write: from 10.0.0.1:<PORT>\n"
         "again <PORT2>, <PORT>; Linux <KERNEL>\n")


def main():
    """TAP."""
    results = []
    for name, kind, expected, came, holds in CASES:
        matched = placeholders.match(kind, expected, came, {}) is not None
        results.append((name, matched == holds))
    bound = placeholders.match("", "<PORT>\n", "40000\n", {})
    results.append(("a name keeps its value in the next block",
                    placeholders.match("", "<PORT>\n", "40001\n", bound)
                    is None))
    fresh = placeholders.fresh(CAME, {})
    results.append(("update puts placeholders in", fresh == FRESH))
    results.append(("and what it wrote is true",
                    placeholders.match("", fresh, CAME, {}) is not None))
    kept, _ = placeholders.rewrite("", "<TEXT>\n", "anything\n", {}, {})
    results.append(("update leaves alone what is true", kept == "<TEXT>\n"))
    print(f"1..{len(results)}")
    for number, (name, good) in enumerate(results, 1):
        print("ok" if good else "not ok", number, "-", name)
    return not all(good for _, good in results)


if __name__ == "__main__":
    sys.exit(main())
