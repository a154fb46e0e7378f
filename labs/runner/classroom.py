# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Class: where thirty students stand, from their reports.

In: reports. Out: for each lab how many have run it and passed, the median time,
what was expected before the run and after it, by the names of the misconceptions,
who is stuck and on what, whose evidence is a copy of another's, and whose program has
comments of the lab's own solution. As text, as CSV, or as a page for the projector
(classpage.py).
"""
import csv
import statistics
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from . import classpage, cut, notebook, prediction, reports
from .catalogue import all_labs
from .errors import DAMAGED
from .visible import keep_names, visible

BAR = 24  # columns of the longest bar


@dataclass
class Summary:
    """What the class did in one lab."""
    name: str
    title: str
    run: int = 0
    passed: int = 0
    minutes: list = field(default_factory=list)  # of those who passed
    before: Counter = field(default_factory=Counter)  # misconception -> students
    after: Counter = field(default_factory=Counter)
    stuck: list = field(default_factory=list)  # (student, on what)
    copies: list = field(default_factory=list)  # lists of students
    solutions: list = field(default_factory=list)  # students

    @property
    def median(self):
        """The median of minutes, as text."""
        return str(round(statistics.median(self.minutes))) \
            if self.minutes else "-"


def names_of(lab):
    """The name of each choice: that of its misconception, or "right"."""
    return {letter: choice.get("misconception", classpage.RIGHT)
            for letter, choice in prediction.load(lab)["choices"].items()}


def copies(entries):
    """Students with the same evidence: no two runs have the same times. All who
    took the recording have the same.
    """
    by_evidence = defaultdict(list)
    for student, entry in entries:
        if entry["evidence"] and not entry["recorded"]:
            by_evidence[entry["evidence"]].append(student)
    return [students for students in by_evidence.values() if len(students) > 1]


def summary(lab, entries):
    """One lab, from (student, entry) of all who have it in their report."""
    found, names = Summary(lab.name, lab.title), names_of(lab)
    for student, entry in entries:
        if entry["predicted"] in names:
            found.before[names[entry["predicted"]]] += 1
        revised = [choice for choice in entry["revised"] or []
                   if choice in names]
        if revised:
            found.after[names[revised[-1]]] += 1
        found.run += entry["first_run_at"] is not None or \
            entry["run_at"] is not None
        if entry["passed_at"]:
            found.passed += 1
            took = reports.minutes(entry)
            found.minutes += [] if took is None else [took]
        elif entry["left"]:
            found.stuck.append((student, entry["left"][0]))
    found.copies = copies(entries)
    found.solutions = [student for student, entry in entries if entry["solution"]]
    return found


def summaries(class_reports):
    """All labs that somebody has begun."""
    found = []
    for lab in all_labs():
        entries = [(report.student, report.labs[lab.name])
                   for report in class_reports if lab.name in report.labs]
        made = summary(lab, entries)
        if made.run or made.before:
            found.append(made)
    return found


# ---- text ------------------------------------------------------------------

def bar(count, most):
    """A bar for a count."""
    cell = "█" if (sys.stdout.encoding or "").lower() == "utf-8" else "#"
    return cell * max(1, round(count * BAR / most))


def bars(label, counter, most):
    """A line for each choice."""
    return [f"  {label if not i else '':<7} {bar(count, most):<{BAR}} "
            f"{count:>3}  {name}" for i, (name, count) in enumerate(
                classpage.ranked(counter))]


def lab_lines(found):
    """One lab in full."""
    most = max([*found.before.values(), *found.after.values()], default=1)
    lines = [f"{found.name}  {found.title}"]
    lines += bars("before", found.before, most)
    lines += bars("after", found.after, most)
    for i, (student, what) in enumerate(found.stuck):
        lines.append(f"  {'' if i else 'stuck':<7} {visible(student)}: "
                     f"{visible(what)}")
    same = [f"{', '.join(map(visible, students))}: one run, {len(students)} reports"
            for students in found.copies]
    same += [f"{visible(student)}: {cut.SOLUTION}"
             for student in found.solutions]
    return lines + [f"  {'' if i else 'copies':<7} {words}"
                    for i, words in enumerate(same)]


def text(class_reports):
    """The class on a terminal."""
    found = summaries(class_reports)
    lines = [f"{'LAB':<28} {'RUN':>4} {'PASSED':>7} {'MINUTES':>8}"]
    lines += [f"{lab.name:<28} {lab.run:>4} {lab.passed:>7} {lab.median:>8}"
              for lab in found]
    for lab in found:
        lines += [""] + lab_lines(lab)
    number = len(class_reports)
    lines += ["", f"{number} {'report' if number == 1 else 'reports'}. MINUTES: "
              "the median, from prediction to pass."]
    return "\n".join(lines)


# ---- CSV -------------------------------------------------------------------

COLUMNS = ("lab", "predicted", "right", "result", "score", "of", "hints",
           "first_run_at", "passed_at", "evidence", "solution")


def harmless(value):
    """A cell that no spreadsheet takes for a formula."""
    value = visible("" if value is None else value)
    return "'" + value if value[:1] in "=+-@" and value else value


def write_csv(class_reports):
    """A line for each student and lab that was begun."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("student", *COLUMNS, "minutes", "attempts"))
    for report in class_reports:
        for entry in report.labs.values():
            if not entry["predicted"] and not entry["run_at"]:
                continue
            out.writerow([harmless(value) for value in (
                report.student, *(entry[key] for key in COLUMNS),
                reports.minutes(entry),
                sum((entry["attempts"] or {}).values()))])


# ---- the verb --------------------------------------------------------------

def default_folder():
    """Where labs/lab collect keeps the reports."""
    return notebook.folder() / "class"


def verb(words, as_csv, as_html, names):
    """labs/lab class [FILE|DIR...] [--csv | --html] [--names]"""
    class_reports, wrong = reports.read_all(words or [default_folder()])
    if not class_reports:
        raise wrong[0]
    for error in wrong:
        print(f"lab: {visible(error)}", file=sys.stderr)
    if as_csv or as_html:
        keep_names()
    if as_csv:
        write_csv(class_reports)
    elif as_html:
        print(classpage.page(summaries(class_reports), len(class_reports),
                             names), end="")
    else:
        print(text(class_reports))
    return DAMAGED if wrong else 0
