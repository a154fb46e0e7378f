# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Verify: the marks of a report, worked out again from the student's evidence.

In: a report, and a tar archive of the same notebook. Out: for each lab whether the
evidence is that of the report, and what its check says here. Both files are a
stranger's: only ordinary files of a notebook are unpacked, up to a size.
"""
import contextlib
import os
import pathlib
import re
import tarfile
import tempfile

from . import cut, report, reports
from .catalogue import all_labs, shown
from .checking import NOT_YOURS
from .errors import DAMAGED, FAIL, PASS, TOO_EARLY, LabError
from .evidence import TEXT
from .grade import examine
from .visible import visible

MOST = 256 << 20  # bytes unpacked, of all files
FILES = 5000
MEMBER = re.compile(r"(?:\./)?(?:[^/]+/)?([0-9]{2})/(run|best)/"
                    r"([A-Za-z0-9_-][A-Za-z0-9._-]{0,99})")
# What is said of each lab, and whether the report holds there.
SAME, CHANGED, MISSING = "as in the report", "NOT that of the report", "missing"
ANOTHERS = "made for another student"


def unpack(path, folder):
    """The evidence in an archive, as files below folder."""
    left, count = MOST, 0
    with tarfile.open(path) as archive:
        for member in archive:
            found = MEMBER.fullmatch(member.name)
            if not found or not member.isreg() or member.size > TEXT:
                continue
            left, count = left - member.size, count + 1
            if left < 0 or count > FILES:
                raise LabError(DAMAGED, f"{shown(path)} is larger than a "
                               "notebook")
            target = folder / found[1] / found[2] / found[3]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.extractfile(member).read())


@contextlib.contextmanager
def unpacked(path):
    """Around the use of an archive as the notebook."""
    with tempfile.TemporaryDirectory(prefix="dialtone-verify.") as folder:
        os.environ["DIALTONE_NOTEBOOK"] = folder
        try:
            unpack(path, pathlib.Path(folder))
        except (tarfile.TarError, EOFError) as error:
            raise LabError(DAMAGED, f"{shown(path)} is not a tar archive: "
                           f"{error}") from None
        except OSError as error:
            raise LabError(TOO_EARLY, f"{shown(path)} cannot be read: "
                           f"{error.strerror}") from None
        yield


def recomputed(lab, student):
    """(digest, is_solution(), what the check found) of the evidence; None for a lab
    without any. student: who has to have made it, "" for anybody.
    """
    name, *known = report.judged_run(lab)
    return None if name is None else (*known, examine(lab, name, student))


def mark(result, score, of):
    """A mark as it is printed."""
    return f"{result} {score}/{of}" if result else "-"


def line(lab, entry, student):
    """What there is to say about one lab, and whether the report holds."""
    claimed = mark(entry["result"], entry["score"], entry["of"])
    found = recomputed(lab, "" if entry["recorded"] else student)
    if found is None:
        return (claimed, "-", MISSING), entry["result"] is None
    digest, is_solution, result = found
    word = SAME if digest == entry["evidence"] else CHANGED
    if word == SAME and result["parts"][0]["claim"] == NOT_YOURS:
        word = ANOTHERS
    said = f"{word}; {cut.SOLUTION}" if is_solution else word
    holds = word == SAME and (result["result"], result["score"]) == \
        (entry["result"], entry["score"])
    return (claimed, mark(result["result"], result["score"], result["of"]),
            said), holds


def verb(report_path, archive_path):
    """labs/lab verify REPORT.json NOTEBOOK.tar"""
    claimed = reports.read(pathlib.Path(report_path))
    everything_holds = True
    with unpacked(archive_path):
        print(f"{'LAB':<30} {'REPORT':<20} {'HERE':<20} EVIDENCE")
        for lab in all_labs():
            entry = claimed.labs.get(lab.name)
            if entry is None or entry["run_at"] is None:
                continue
            words, holds = line(lab, entry, claimed.student)
            everything_holds = everything_holds and holds
            print(visible(f"{lab.name:<30} {words[0]:<20} {words[1]:<20} "
                          f"{words[2]}"))
    print("The marks of " + visible(claimed.student)
          + (" hold" if everything_holds else " do not hold")
          + ". This does not prove who made the evidence.")
    return PASS if everything_holds else FAIL
