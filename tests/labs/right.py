#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The right answers to a lab's questions about one run, NAME=ANSWER in each line.

    right.py labs/NN-name/check FOLDER [QUESTION...]

A check compares answers and prints none of them, so this runs the check's own
functions.
"""
import pathlib
import runpy
import sys

CHECK, FOLDER, *NAMES = sys.argv[1:]
sys.path.insert(0, str(pathlib.Path(CHECK).resolve().parent.parent))
# pylint: disable=wrong-import-position
from runner import checking  # noqa: E402
from runner.evidence import Evidence, NoEvidence  # noqa: E402


def asked(name, _ask, _hint, function, run):
    """In place of checking.asked(): print what is right."""
    right = function(run)
    if not NAMES or name in NAMES:
        print(f"{name}={right[0] if isinstance(right, tuple) else right}")
    return {"result": "pass"}


checking.asked = asked
checking.Check.main = lambda check: check.look(Evidence(pathlib.Path(FOLDER)))
try:
    runpy.run_path(CHECK, run_name="__main__")
except NoEvidence as why:
    sys.exit(f"right.py: {FOLDER}: {why}")
