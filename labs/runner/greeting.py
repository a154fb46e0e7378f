# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The message of a run: HELLO-7f3a.

It follows from the student's name, the lab and the time, so that no two runs send
the same bytes. Their number follows from the name and the lab alone: students
differ, and two runs of one student can be compared step by step (tracer diff). The
experiment keeps message and time in the file `message` (experiment.sh). A check that
gets a student's name (LAB_STUDENT) finds out whether a run was made for somebody
else. This does not prove who ran it: anybody who reads this file can make any
message.
"""
import hashlib

from .evidence import NoEvidence

FIRST, MORE = 4, 4  # digits: at least so many, and up to so many others less one


def digits(*words):
    """Hexadecimal digits that follow from the words, and do not show them."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def made(student, lab, at):
    """The message of a student's run of a lab (its name) at a time."""
    more = int(digits(student, lab)[-1], 16) % MORE
    return "HELLO-" + digits(student, lab, at)[:FIRST + more]


def another_students(run, student, lab):
    """The message of this run, if it was made for another student, else None.
    An experiment that labs/lab did not start sends HELLO.
    """
    try:
        message, at = run.greeting()
    except NoEvidence:
        return None
    if not at or (len(message) >= len("HELLO-") + FIRST and
                  ("HELLO-" + digits(student, lab, at)).startswith(message)):
        return None
    return message
