# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The student's notebook: predictions, runs, answers and passes.

labs/notebook/ belongs to the student, even after sudo. git ignores it, and
`make clean` leaves it alone. DIALTONE_NOTEBOOK names another folder. If the
file system refuses an operation, the old contents stay, and keeping() turns
the error into one line.

    progress.json    one object for each lab, written whole or not at all
    NN/start.c       the student's program, if the lab has one
    NN/run/          the evidence of the last run
"""
import contextlib
import datetime
import fcntl
import json
import os
import pathlib
import shutil

from .catalogue import LABS, read_json, shown
from .errors import CANNOT_WRITE, DAMAGED, LabError

VERSION = 1


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
            why = "something that is no folder is in the way"
        raise LabError(CANNOT_WRITE, f"cannot use the notebook: "
                       f"{shown(error.filename or path)}: {why}; "
                       "DIALTONE_NOTEBOOK=DIR names another folder") from None


def write_whole(path, data):
    """Write all bytes into a file, or leave the file as it was."""
    new = path.with_name(path.name + ".new")
    with keeping(new):
        try:
            new.write_bytes(data)
            give_back(new)
            new.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                new.unlink()
            raise


def lab_folder(lab):
    """A lab's folder in the notebook; created if it is missing."""
    pages = folder() / lab.number
    with keeping(pages):
        pages.mkdir(parents=True, exist_ok=True)
        give_back(folder(), pages)
    return pages


def evidence(lab):
    """The folder of the last run; it may be missing."""
    return folder() / lab.number / "run"


def owner():
    """The owner of the notebook: the user who called sudo, or this user."""
    if os.geteuid() == 0 and "SUDO_UID" in os.environ:
        return int(os.environ["SUDO_UID"]), int(os.environ["SUDO_GID"])
    return os.getuid(), os.getgid()


def give_back(*paths):
    """Give root's files to the student; without sudo nothing changes."""
    if os.geteuid() == 0 and "SUDO_UID" in os.environ:
        for path in paths:
            os.chown(path, *owner(), follow_symlinks=False)


def give_back_all(top):
    """The same for a folder and everything in it."""
    for directory, _, files in os.walk(top):
        give_back(directory, *(os.path.join(directory, f) for f in files))


def now():
    """The time now, in UTC: 2026-02-03T04:05:06Z."""
    utc = datetime.datetime.now(datetime.timezone.utc)
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def progress():
    """All entries: lab number -> what was done. Empty at first."""
    path = folder() / "progress.json"
    with keeping(path):
        if not path.exists():
            return {}
    remedy = f"; `mv {shown(path)} {shown(path)}.old` begins anew"
    try:
        noted = read_json(path)
    except LabError as error:
        raise LabError(DAMAGED, str(error) + remedy) from None
    labs = noted.get("labs")
    if noted.get("version") != VERSION or not isinstance(labs, dict) or \
            not all(isinstance(page, dict) for page in labs.values()):
        raise LabError(DAMAGED,
                       f"{shown(path)} is no progress file of version "
                       f"{VERSION}{remedy}")
    return labs


def page(lab):
    """The entry of one lab."""
    return progress().get(lab.number, {})


@contextlib.contextmanager
def noting(lab):
    """Yield the lab's entry to change, and save it if no error was raised."""
    pages = lab_folder(lab)
    path = folder() / "progress.json"
    with keeping(pages.parent):
        lock = os.open(pages.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with keeping(pages.parent):
            fcntl.flock(lock, fcntl.LOCK_EX)
        labs = progress()
        yield labs.setdefault(lab.number, {})
        text = json.dumps({"version": VERSION, "labs": labs}, indent=1,
                          sort_keys=True)
        write_whole(path, text.encode() + b"\n")
    finally:
        os.close(lock)


def remove(directory):
    """Remove a folder and everything in it; it may be missing."""
    with keeping(directory):
        if directory.is_symlink():
            directory.unlink()
        elif directory.exists():
            shutil.rmtree(directory)


def fresh_evidence(lab):
    """An empty folder for a run; keep_evidence puts it in its place."""
    new = lab_folder(lab) / "run.new"
    remove(new)
    with keeping(new):
        new.mkdir()
        give_back(new)
    return new


def keep_evidence(lab):
    """Replace the previous run with the new one."""
    old = evidence(lab)
    before = old.with_name("run.old")
    remove(before)
    with keeping(old):
        if old.exists():
            old.rename(before)
        old.with_name("run.new").rename(old)
    remove(before)


def forget(lab):
    """Remove a lab's evidence and entry; the student's own files stay."""
    with noting(lab) as sheet:
        sheet.clear()
    remove(evidence(lab))

