# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The reports of students (labs/lab report --json), read on a teacher's machine.

In: files, or a folder of them, that anybody may have written. Out: one Report for
each student, with nothing in it that report.py could not have written.
"""
import datetime
import os
import pathlib
from dataclasses import dataclass

from . import notebook
from .catalogue import parse_object, shown
from .errors import DAMAGED, TOO_EARLY, LabError
from .files import read_file

MOST = 1 << 20  # bytes of a report; one of eleven labs has 10 KiB
NAME = 64  # characters of a student's name
LABS = 100


def _is_optional(fits):
    return lambda value: value is None or fits(value)


def _is_text(most):
    return lambda value: isinstance(value, str) and len(value) <= most


def _is_list(fits, most):
    return lambda value: isinstance(value, list) and len(value) <= most and \
        all(map(fits, value))


def _are_counts(value):
    return isinstance(value, dict) and len(value) <= LABS and all(
        len(key) <= NAME and notebook.is_count(count)
        for key, count in value.items())


_time, _word = _is_optional(notebook.is_time), _is_optional(_is_text(40))
_count = _is_optional(notebook.is_count)

# What an entry has to be; a key that it lacks is null, as in older reports.
ENTRY = {
    "lab": _is_text(NAME), "predicted": _word, "predicted_at": _time,
    "right": lambda value: value is None or isinstance(value, bool),
    "revised": _is_optional(_is_list(_is_text(40), 100)),
    "first_run_at": _time, "run_at": _time, "where": _word, "tier": _word,
    "checked_at": _time, "result": _is_optional(notebook.is_result),
    "score": _count, "of": _count,
    "recorded": lambda value: value is None or isinstance(value, bool),
    "left": _is_optional(_is_list(_is_text(notebook.NOTE), notebook.LEFT)),
    "solution": lambda value: value is None or isinstance(value, bool),
    "evidence": _is_optional(_is_text(64)), "passed_at": _time,
    "hints": _count, "attempts": _is_optional(_are_counts),
    "notes": _is_optional(_is_list(_is_text(notebook.NOTE), notebook.NOTES)),
}


@dataclass(frozen=True)
class Report:
    """One student's; labs: name of a lab -> its entry, which has every key of
    ENTRY.
    """
    student: str
    at: str
    labs: dict


def parse(data, path):
    """The report in some bytes. LabError, which names path, if they hold none."""
    found = parse_object(data, path)
    student, entries = found.get("student"), found.get("labs")
    if not (_is_text(NAME)(student) and student.strip() and
            notebook.is_time(found.get("at")) and
            _is_list(lambda entry: isinstance(entry, dict), LABS)(entries)):
        raise LabError(DAMAGED, f"{shown(path)} is not a report: labs/lab "
                       "report --json makes one")
    labs = {}
    for entry in entries:
        entry = {key: entry.get(key) for key in ENTRY}
        for key, fits in ENTRY.items():
            if not fits(entry[key]):
                raise LabError(DAMAGED, f"{shown(path)}: '{key}' of a lab is "
                               "not what a report has there")
        labs[entry["lab"]] = entry
    return Report(student, found["at"], labs)


def read(path):
    """The report in a file."""
    try:
        return parse(read_file(path, MOST), path)
    except OSError as error:
        raise LabError(DAMAGED if os.path.lexists(path) else TOO_EARLY,
                       f"{shown(path)} cannot be read: {error.strerror}") \
            from None


def files(words):
    """The files that are named, and those in the folders that are named."""
    found = []
    for word in words:
        path = pathlib.Path(word)
        inside = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not inside:
            raise LabError(TOO_EARLY, f"{shown(path)} has no file *.json: "
                           "labs/lab report --json >anna.json makes a report")
        found += inside
    return found


def read_all(words):
    """The newest report of each student, by name; and the LabError of each file
    that cannot be used.
    """
    newest, wrong = {}, []
    for path in files(words):
        try:
            report = read(path)
        except LabError as error:
            wrong.append(error)
            continue
        before = newest.get(report.student)
        if before is None or before.at <= report.at:
            newest[report.student] = report
    return [newest[student] for student in sorted(newest)], wrong


def minutes(entry):
    """From the prediction, or from the first run, to the pass; None: no pass."""
    begin = entry["predicted_at"] or entry["first_run_at"] or entry["run_at"]
    try:
        took = _moment(entry["passed_at"]) - _moment(begin)
    except (TypeError, ValueError):  # null, or the 99th of a month
        return None
    return max(0, round(took.total_seconds() / 60))


def _moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
