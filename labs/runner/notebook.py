# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The student's notebook: predictions, runs, answers and passes.

labs/notebook/ belongs to the student, even after sudo (rights.py). git ignores
it, and `make clean` leaves it alone. DIALTONE_NOTEBOOK names another folder. The
notebook may be another user's, so nothing in it is trusted. Each file is opened
by descriptor, and no link is followed (files.py). If the file system refuses an
operation, the old contents stay, and keeping() turns the error into one line.

    progress.json    one object for each lab, written whole or not at all
    NN/start.c       the student's program, if the lab has one
    NN/run/          the evidence of the last run
    NN/best/         the evidence of the best check, from which marks come
    NN/modify/       the evidence of the last run of Modify (LAB_WITH_…)
    .lock, NN/.lock  held while progress.json is rewritten; while a lab runs
"""
import contextlib
import datetime
import errno
import fcntl
import functools
import json
import os
import pathlib
import re
import stat
import time

from . import rights
from .catalogue import LABS, parse_object, shown
from .errors import BUSY, CANNOT_WRITE, DAMAGED, LabError
from .language import say
from .files import Folder

VERSION = 1
SMALL = 1 << 20  # bytes: more than any file that the runner writes has
ATTEMPTS = 200  # answers to questions that are kept, the last ones
LEFT = 40  # names of what a check found missing
NOTES, NOTE = 20, 1000  # notes of a lab, characters of one
PATIENCE_S = 10  # that nobody holds the lock on progress.json for longer


def folder():
    """Where the notebook is."""
    return pathlib.Path(os.environ.get("DIALTONE_NOTEBOOK")
                        or LABS / "notebook").absolute()


@contextlib.contextmanager
def keeping(path):
    """Around every use of the notebook's files: an OSError becomes a LabError
    that names the file.
    """
    try:
        yield
    except OSError as error:
        why = error.strerror
        if isinstance(error, (FileExistsError, NotADirectoryError)):
            why = "something that is not a folder is in the way"
        raise LabError(CANNOT_WRITE, f"cannot use the notebook: "
                       f"{shown(error.filename or path)}: {why}; "
                       "DIALTONE_NOTEBOOK=DIR names another folder") from None


# ---- the folder ------------------------------------------------------------

def _walked(path):
    """Open the folder at a path, for root. A link on the way must belong to root
    or to the user who called sudo, because another user's link leads where that
    user wants.
    """
    parts, links = list(path.parts[1:]), 0
    trusted = (0, rights.invited_by()[0])
    flags = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
    with contextlib.ExitStack() as opened:
        def entry(name, where=None):
            found = os.open(name, flags, dir_fd=where)
            opened.callback(os.close, found)
            return found

        place = entry("/")
        while parts:
            found = entry(parts.pop(0), place)
            status = os.fstat(found)
            if not stat.S_ISLNK(status.st_mode):
                place = found
                continue
            links += 1
            if status.st_uid not in trusted or links > 40:
                raise OSError(errno.ELOOP, "a symbolic link of another user "
                              "is in the path to it", str(path))
            target = pathlib.PurePath(os.readlink("", dir_fd=found))
            if target.is_absolute():
                place = entry("/")
            parts[:0] = [part for part in target.parts if part != "/"]
        return Folder(os.open(".", flags | os.O_DIRECTORY, dir_fd=place), path)


def _make_top():
    """Make the notebook as its owner. If the folder above belongs to root, as in
    a checkout of root's, make it as root for the owner.
    """
    path = folder()
    uid, gid = rights.invited_by()
    above = path.parent
    while not os.path.lexists(above):
        above = above.parent
    status = os.stat(above)
    if os.geteuid() == 0 and (status.st_uid or status.st_mode & 0o022):
        rights.become(*((uid, gid) if uid else
                        (status.st_uid, status.st_gid)))
    path.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        while path != above:
            os.chown(path, uid, gid, follow_symlinks=False)
            path = path.parent


@functools.lru_cache(maxsize=None)  # an exception is not cached
def _held():
    """Open the notebook once; its path may lead elsewhere later. From then on
    root has the rights of the owner. FileNotFoundError if it is missing.
    """
    top = _walked(folder()) if os.geteuid() == 0 else Folder.at(folder())
    status = os.fstat(top.descriptor)
    rights.become(status.st_uid, status.st_gid)
    return top


def _top(make=False):
    """The notebook; None if it is missing."""
    with keeping(folder()):
        try:
            return _held()
        except (FileNotFoundError, NotADirectoryError):
            if not make:
                return None
        _make_top()
        return _held()


def make():
    """Make the notebook if it is missing. From then on root has the rights of
    its owner.
    """
    _top(make=True)


def owner():
    """The uid of the notebook's owner."""
    top = _top()
    if top is None:
        return rights.invited_by()[0]
    return os.fstat(top.descriptor).st_uid


def pages(lab, make=False):
    """A lab's folder in the notebook; None if it is missing and not made."""
    top = _top(make)
    if top is None:
        return None
    with keeping(folder() / lab.number):
        try:
            return top.folder(lab.number, make)
        except FileNotFoundError:
            return None


def class_folder():
    """The folder of the reports that labs/lab collect has received, held open."""
    with keeping(folder() / "class"):
        return _top(make=True).folder("class", make=True)


def evidence(lab, name="run"):
    """The path of the last run's folder, for messages; it may be missing."""
    return folder() / lab.number / name


def open_evidence(lab, name="run"):
    """The folder of the last run, or of the last of Modify; None if there is
    none.
    """
    sheet = pages(lab)
    if sheet is None:
        return None
    with sheet, keeping(evidence(lab, name)):
        try:
            return sheet.folder(name)
        except FileNotFoundError:
            return None


# ---- locks -----------------------------------------------------------------

@contextlib.contextmanager
def _locked(place, patience_s, message):
    """Holds the lock of a folder: a file that only its owner can open. Every
    process that can open a file can lock it.
    """
    with keeping(place.path / ".lock"):
        lock = place.open(".lock", os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        with keeping(place.path / ".lock"):
            if not stat.S_ISREG(os.fstat(lock).st_mode):
                raise OSError(errno.EINVAL, "it is not a file")
        limit = time.monotonic() + patience_s
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= limit:
                    raise LabError(BUSY, message) from None
                time.sleep(0.02)
        yield
    finally:
        os.close(lock)


@contextlib.contextmanager
def running(lab, patience_s=0):
    """Around each change of NN/run: gives the lab's folder. One process at a
    time has it; wait so long for another one.
    """
    with pages(lab, make=True) as sheet, \
            _locked(sheet, patience_s, f"a run of lab {lab.number} is in progress; "
                    "wait until it has ended"):
        yield sheet


# ---- progress --------------------------------------------------------------

def now():
    """The time now, in UTC: 2026-02-03T04:05:06Z."""
    utc = datetime.datetime.now(datetime.timezone.utc)
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def is_time(value):
    return isinstance(value, str) and re.fullmatch(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", value)


def is_count(value):
    return type(value) is int and 0 <= value < 10000  # bool is an int, too


def _is_word(value):
    return isinstance(value, str) and len(value) <= 40


def is_result(value):
    return value in ("pass", "fail", "inconclusive")


def _are_attempts(value):
    return isinstance(value, list) and len(value) <= ATTEMPTS and all(
        isinstance(attempt, dict) and is_time(attempt.get("at")) and
        _is_word(attempt.get("question")) and
        isinstance(attempt.get("right"), bool) for attempt in value)


def _are_names(value):
    return isinstance(value, list) and len(value) <= LEFT and all(
        isinstance(name, str) and len(name) <= NOTE for name in value)


def _are_notes(value):
    return isinstance(value, list) and len(value) <= NOTES and all(
        isinstance(note, dict) and is_time(note.get("at")) and
        isinstance(note.get("text"), str) and len(note["text"]) <= NOTE
        for note in value)


def _are_predictions(value):
    return isinstance(value, list) and len(value) <= 100 and \
        all(_fits(item, PAGE["predicted"]) for item in value)


# What is noted of a lab, and what each part has to be.
PAGE = {
    "predicted": {"choice": _is_word, "at": is_time,
                  "right": lambda value: isinstance(value, bool)},
    "revised": _are_predictions,  # after the first run
    "observed": {"choice": _is_word, "at": is_time},  # by the first run
    "run": {"at": is_time, "where": _is_word, "tier": _is_word},
    "modify": {"at": is_time, "where": _is_word, "tier": _is_word},
    "checked": {"at": is_time, "score": is_count, "of": is_count,
                "result": is_result},
    "best": {"at": is_time, "score": is_count, "of": is_count,
             "result": is_result},
    "left": _are_names,  # what the last check found missing
    "attempts": _are_attempts,
    "notes": _are_notes,
    "first_run": is_time,
    "passed": is_time,
    "hints": is_count,
}


# What a reset keeps: otherwise it would be a way to predict again.
LASTING = ("predicted", "revised", "observed", "first_run", "best", "passed",
           "hints", "notes", "attempts")


def _fits(value, shape):
    """Whether a value is what PAGE says."""
    if callable(shape):
        return shape(value)
    return isinstance(value, dict) and \
        all(key in value and shape[key](value[key]) for key in shape)


def _is_page(page):
    return isinstance(page, dict) and \
        all(_fits(page[key], shape) for key, shape in PAGE.items()
            if key in page)


def progress():
    """All entries: lab number -> what was done. Empty at first."""
    path = folder() / "progress.json"
    remedy = say("; `mv {path} {path}.old` begins anew", path=shown(path))
    top = _top()
    if top is None:
        return {}
    with keeping(path):
        if top.kind("progress.json") is None:
            return {}
    try:
        noted = parse_object(top.read("progress.json", SMALL), path)
    except OSError as error:
        raise LabError(DAMAGED, f"{shown(path)} cannot be read: "
                       f"{error.strerror}{remedy}") from None
    except LabError as error:
        raise LabError(DAMAGED, str(error) + remedy) from None
    labs = noted.get("labs")
    if noted.get("version") != VERSION or not isinstance(labs, dict) or \
            not all(map(_is_page, labs.values())):
        raise LabError(DAMAGED,
                       f"{shown(path)} is not a progress file of version "
                       f"{VERSION}{remedy}")
    return labs


def page(lab):
    """The entry of one lab."""
    return progress().get(lab.number, {})


def best(entry):
    """The best check of a lab, or None. Older notebooks have only the last."""
    return entry.get("best") or entry.get("checked")


@contextlib.contextmanager
def noting(lab):
    """Yield the lab's entry to change, and save it if no error was raised."""
    top = _top(make=True)
    with _locked(top, PATIENCE_S, "another labs/lab has held "
                 f"{shown(folder() / '.lock')} for {PATIENCE_S} s; try again"):
        labs = progress()
        yield labs.setdefault(lab.number, {})
        text = json.dumps({"version": VERSION, "labs": labs}, indent=1,
                          sort_keys=True)
        write(top, "progress.json", text)


def write(place, name, text):
    """Write text into a file of the notebook, whole or not at all."""
    with keeping(place.path / name):
        place.write_whole(name, text.encode() + b"\n")


def forget(lab, everything):
    """Remove a lab's evidence; the student's own files stay, and so do the
    prediction and the best check, unless everything is to go. Returns whether
    some of that was there.
    """
    with running(lab) as sheet:
        with noting(lab) as noted:
            kept = {} if everything else dict(noted, best=best(noted))
            noted.clear()
            noted.update((key, kept[key]) for key in LASTING if kept.get(key))
            stays = bool(noted)
        with keeping(sheet.path):
            for name in ("run", "modify", "run.failed") + \
                    (("best",) if everything else ()):
                sheet.remove(name)
    return stays
