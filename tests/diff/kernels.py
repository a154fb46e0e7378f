#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""`tracer diff` names exactly the functions that differ in README's table.

    kernels.py DIFF...      DIFF is the command and its first words

It compares recordings of two kernels each. There is no recording of 5.10, so that
of 6.1 is used for it: their columns of functions must be the same.
"""
import itertools
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, "tests")
import kernels  # noqa: E402  pylint: disable=wrong-import-position

RECORDINGS = ["tests/golden/vm-both-ipv6-6.1.jsonl",
              "tests/golden/vm-udp-refused-ipv6-6.12.jsonl",
              "tests/diff/both-7.2.jsonl"]
ROW = re.compile(r"^(\w+) +(\S+)(?: \|| +\|) (\S+)$", re.M)


def plan(path):
    """The kernel, and its functions by step."""
    with open(path, encoding="utf-8") as lines:
        meta = json.loads(lines.readline())
    return (re.match(r"\d+\.\d+", meta["kernel"]).group(),
            {entry["step"]: entry["symbol"] for entry in meta["plan"]})


def cell(columns, kernel, step):
    text = columns[kernel].get(step, kernels.NONE)
    return "none" if text == kernels.NONE else text.strip("`")


def named(command, a, b):
    """The steps that diff names, with the functions of both."""
    said = subprocess.run(command + [a, b], stdout=subprocess.PIPE, text=True,
                          check=False).stdout
    part = said.partition("functions of the kernel\n")[2].partition("\n\n")[0]
    # "not called" is of the two programs, not of the kernels
    return {m[1]: (m[2], m[3]) for m in ROW.finditer(part)
            if "not called" not in m[0]}


def main(*command):
    readme = pathlib.Path("README.md").read_text(encoding="utf-8")
    columns = kernels.parse(kernels.TABLE.search(readme).group(0))
    steps = set(columns["5.10"]) - {row for row, *_ in kernels.VERDICTS}
    bad = [f"{step}: 5.10 is not as 6.1" for step in sorted(steps)
           if cell(columns, "5.10", step) != cell(columns, "6.1", step)]
    found = 0
    for a, b in itertools.combinations(RECORDINGS, 2):
        (kernel_a, plan_a), (kernel_b, plan_b) = plan(a), plan(b)
        expected = {}
        for step in plan_a.keys() & plan_b.keys():
            pair = cell(columns, kernel_a, step), cell(columns, kernel_b, step)
            if pair[0] != pair[1]:
                expected[step] = pair
        found += len(expected)
        got = named(list(command), a, b)
        if got != expected:
            bad.append(f"{kernel_a} and {kernel_b}: diff names {got}, README "
                       f"{expected}")
    if not found:
        bad.append("no function differs: nothing was tested")
    print("\n".join(bad))
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
