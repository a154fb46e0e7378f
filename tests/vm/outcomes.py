# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The verdict of each case, in the quiet world and alongside busy neighbours.

    outcomes.py QUIET BUSY      two folders of tests/vm/suite's results

Prints a table of the cases in TAP diagnostics, and three tests: in the busy world
there are verdicts, only a client that lies gets FAIL, and each INCONCLUSIVE
gives a reason.
"""
import pathlib
import re
import sys

LIARS = {"window"}  # cases whose client sends within connect(2)
VERDICT = re.compile(r"^(PASS|FAIL|INCONCLUSIVE)  (UDP|TCP) connect")


def outcome(path):
    """[(protocol, verdict, reasons)] of one case."""
    found = []
    text = path.read_text(encoding="utf-8", errors="replace")
    for line in text.splitlines():
        verdict = VERDICT.match(line)
        if verdict:
            found.append((verdict.group(2), verdict.group(1), []))
        elif found and line.startswith("      - "):
            found[-1][2].append(line[8:])
    return found


def outcomes(folder):
    if not folder.is_dir():
        return {}
    return {path.stem: outcome(path) for path in sorted(folder.glob("*.txt"))
            if outcome(path)}


def cell(found):
    return ", ".join(f"{proto} {result}" for proto, result, _ in found) or "-"


def report(number, name, bad):
    print(f"{'not ok' if bad else 'ok'} {number} - {name}")
    for line in bad:
        print(f"# {line}")


def main(quiet, busy):
    quiet, busy = outcomes(quiet), outcomes(busy)
    print(f"# {'case':24} {'quiet':34} busy")
    failed, unexplained = [], []
    for name, found in busy.items():
        print(f"# {name:24} {cell(quiet.get(name, [])):34} {cell(found)}")
        for proto, result, reasons in found:
            for reason in reasons:
                print(f"#     {reason[:150]}")
            if result == "FAIL" and name not in LIARS:
                failed.append(f"{name}: {proto} FAIL: {reasons}")
            if result == "INCONCLUSIVE" and not reasons:
                unexplained.append(f"{name}: {proto}")
    nothing = [] if busy else ["no case left a verdict"]
    report(1, "busy: there are verdicts", nothing)
    report(2, "busy: only a client that lies gets FAIL", failed)
    report(3, "busy: each INCONCLUSIVE has a reason", unexplained)
    print("1..3")
    return 1 if nothing or failed or unexplained else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
