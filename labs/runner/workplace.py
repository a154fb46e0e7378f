# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The folder in which one run of a lab leaves its evidence, and how the evidence
comes to the notebook.

An experiment with the rights of the notebook's owner works in the notebook, in a
folder of this run's own. An experiment that runs as root writes by path, and a
student could redirect a path in their own folder. So it works in a private folder
of root, or of the user who called sudo, because the tracer writes as that user.
From there the files are copied with the rights of the notebook's owner. Either
folder becomes NN/run when it is complete; the run before stays until then.
"""
import contextlib
import fcntl
import os
import pathlib
import shutil
import stat
import tempfile

from . import notebook, rights
from .evidence import TEXT
from .files import Folder

UNFINISHED = ".run-"  # in NN/; the next run removes what a killed one left
PREFIX = "dialtone-lab."  # in the folder for temporary files
CHUNK = 1 << 20
MOST = 64 << 20  # bytes of what a compiler makes of one file


class Workplace:
    """path is for the experiment; keep() or fail() says what becomes of it."""

    def __init__(self, sheet, name, path):
        self._sheet = sheet
        self._name = name  # in the notebook
        self.path = path

    @property
    def near(self):
        """The path of the folder in the notebook, for what has the rights of
        its owner: the compiler.
        """
        return self._sheet.path / self._name

    def put(self, name, data):
        """A file of the run that we write ourselves."""
        with notebook.keeping(self.near), \
                self._sheet.folder(self._name) as folder:
            folder.create(name, data)
        self.lend(name)

    def lend(self, name, mode=0o644):
        """What stands in the notebook is there for the experiment, too."""
        if self.path == self.near:
            return
        with notebook.keeping(self.near), \
                self._sheet.folder(self._name) as folder:
            data = folder.read(name, MOST)
            folder.remove(name)
        with rights.root():
            (self.path / name).write_bytes(data)
            (self.path / name).chmod(mode)

    def _bring(self):
        """What is in a private folder comes to the notebook."""
        if self.path == self.near:
            return
        with rights.root():
            private = Folder.at(self.path)
        with private, self._sheet.folder(self._name, make=True) as target:
            with rights.root():
                names = private.names()
            for name in names:
                copy(private, name, target)

    def keep(self, name="run"):
        """It takes the place of the run before, or of the last one of Modify."""
        sheet = self._sheet
        with notebook.keeping(sheet.path):
            self._bring()
            settle(sheet, self._name)
            replace(sheet, name, self._name)

    def fail(self):
        """It is kept to be looked at; returns its path."""
        sheet = self._sheet
        with notebook.keeping(sheet.path):
            self._bring()
            sheet.remove("run.failed")
            sheet.rename(self._name, "run.failed")
        return sheet.path / "run.failed"


def copy(source, name, target):
    """A file, and nothing else, with the rights of the owner of target."""
    with rights.root():
        if source.kind(name) != stat.S_IFREG:
            return
        descriptor = source.open(name, os.O_RDONLY)
    with open(descriptor, "rb") as bytes:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            return
        made = target.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL,
                           0o755 if mode & 0o100 else 0o644)
        with open(made, "wb") as new:
            shutil.copyfileobj(bytes, new, CHUNK)


def settle(sheet, name):
    """The files of a run are on the disk before it gets its name."""
    with sheet.folder(name) as run:
        for entry in run.names():
            if run.kind(entry) == stat.S_IFREG:
                with contextlib.suppress(PermissionError):
                    descriptor = run.open(entry, os.O_RDONLY)
                    try:
                        os.fsync(descriptor)
                    finally:
                        os.close(descriptor)
        run.settle()


def replace(sheet, name, made):
    """The folder made gets the name; what had it stays until then."""
    old = name + ".old"
    sheet.remove(old)
    if sheet.kind(name) is not None:
        sheet.rename(name, old)
    sheet.rename(made, name)
    sheet.settle()
    sheet.remove(old)


def keep_best(sheet):
    """Copy the last run to NN/best/, with the rights of the notebook's owner: the
    marks come from this run, and the next one may fail on purpose. What is larger
    than evidence may be, or cannot be read, is not evidence, and is left out.
    """
    made = UNFINISHED + "best"
    with notebook.keeping(sheet.path):
        sheet.remove(made)
        with sheet.folder("run") as run, sheet.folder(made, make=True) as best:
            names = []
            with contextlib.suppress(PermissionError):
                names = run.names()
            for name in names:
                with contextlib.suppress(OSError):
                    data = run.read(name, TEXT)
                    best.create(name, data)
        replace(sheet, "best", made)


def tidy(sheet):
    """Removes what killed runs have left. We hold the lock of NN/."""
    for name in sheet.names():
        if name.startswith(UNFINISHED):
            sheet.remove(name)
    for name in ("run", "modify", "best"):
        old = name + ".old"
        if sheet.kind(name) is None and sheet.kind(old) is not None:
            sheet.rename(old, name)  # killed between two renames


def can_execute(folder):
    """Whether the program of a student can be started there."""
    return not os.statvfs(folder).f_flag & os.ST_NOEXEC


def lock(folder):
    """The lock of a folder that is ours, as a descriptor; an OSError if it is
    somebody else's, or held.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
                         | os.O_CLOEXEC)
    try:
        if os.fstat(descriptor).st_uid not in (os.geteuid(),
                                               rights.invited_by()[0]):
            raise PermissionError
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def new_folder(parent):
    """A new folder, and its lock. Before it is locked, another run may take it
    for the folder of a run that was killed, and remove it.
    """
    while True:
        path = pathlib.Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        with contextlib.suppress(OSError):
            held = lock(path)
            if os.path.lexists(path):
                return path, held
            os.close(held)


@contextlib.contextmanager
def private_folder():
    """A folder that only root and the user who called sudo can enter. It is
    locked while it is in use; those that nobody holds any more are removed.
    """
    with rights.root():
        uid, gid = rights.invited_by()
        # sudo's TMPDIR may be root's alone
        parents = [tempfile.gettempdir() if uid == os.geteuid() else "/tmp",
                   "/var/tmp"]
        parent = pathlib.Path(next(filter(can_execute, parents), parents[0]))
        for old in parent.glob(PREFIX + "*"):
            with contextlib.suppress(OSError):
                held = lock(old)
                shutil.rmtree(old, ignore_errors=True)
                os.close(held)
        path, held = new_folder(parent)
        os.chown(path, uid, gid)
    try:
        yield path
    finally:
        with rights.root():
            shutil.rmtree(path, ignore_errors=True)
        os.close(held)


@contextlib.contextmanager
def workplace(lab, as_root):
    """Around a run: the place for its evidence. As long as it lasts, no other
    run of the lab begins.
    """
    with notebook.running(lab) as sheet, contextlib.ExitStack() as at_end:
        name = UNFINISHED + os.urandom(4).hex()
        with notebook.keeping(sheet.path):
            tidy(sheet)
            at_end.callback(forget, sheet, name)
            with sheet.folder(name, make=True):
                path = sheet.path / name
            if as_root:
                path = at_end.enter_context(private_folder())
        yield Workplace(sheet, name, path)


def forget(sheet, name):
    """What has not been kept goes."""
    with contextlib.suppress(OSError):
        sheet.remove(name)
