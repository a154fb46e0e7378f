# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The student's notebook: what she has predicted, run, answered and passed.

labs/notebook/ is hers: git ignores it, `make clean` leaves it alone, and it
belongs to her even where sudo was used. DIALTONE_NOTEBOOK names another folder.
Where the file system refuses something, what was there before stays, and
keeping() makes one line of it.

    progress.json    one object a lab, written whole or not at all
    NN/start.c       her program, where the lab is to write one
    NN/run/          the evidence of her last run
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
    """Bytes into a file: all of them, or the file stays as it was."""
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
    """A lab's pages; made if they are not there."""
    pages = folder() / lab.number
    with keeping(pages):
        pages.mkdir(parents=True, exist_ok=True)
        give_back(folder(), pages)
    return pages


def evidence(lab):
    """The folder of the last run; it may not be there."""
    return folder() / lab.number / "run"


def owner():
    """Whose the notebook is: who called sudo, or who we are."""
    if os.geteuid() == 0 and "SUDO_UID" in os.environ:
        return int(os.environ["SUDO_UID"]), int(os.environ["SUDO_GID"])
    return os.getuid(), os.getgid()


def give_back(*paths):
    """Root's files become the student's; without sudo nothing changes."""
    if os.geteuid() == 0 and "SUDO_UID" in os.environ:
        for path in paths:
            os.chown(path, *owner(), follow_symlinks=False)


def give_back_all(top):
    """The same for a folder and all that is in it."""
    for directory, _, files in os.walk(top):
        give_back(directory, *(os.path.join(directory, f) for f in files))


def now():
    """This moment, for a person and for a machine: 2026-02-03T04:05:06Z."""
    utc = datetime.datetime.now(datetime.timezone.utc)
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def progress():
    """All that was noted: lab number -> what was done. Empty at first."""
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
    """What was noted of one lab."""
    return progress().get(lab.number, {})


@contextlib.contextmanager
def noting(lab):
    """Gives the lab's page to write on, and keeps it when all went well."""
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
    """A folder goes, with all that is in it; it may not be there."""
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
    """The new run takes the place of the one before."""
    old = evidence(lab)
    before = old.with_name("run.old")
    remove(before)
    with keeping(old):
        if old.exists():
            old.rename(before)
        old.with_name("run.new").rename(old)
    remove(before)


def forget(lab):
    """Evidence and notes of a lab go; her own files stay."""
    with noting(lab) as sheet:
        sheet.clear()
    remove(evidence(lab))

