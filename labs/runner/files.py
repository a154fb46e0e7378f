# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Files in a folder that somebody else may own and change meanwhile.

A Folder is held open by its descriptor. Its functions work in that very folder,
even if something else is at its path by now. They follow no link. They read only
ordinary files, and no FIFO, which may have no writer. They read no file that is
larger than expected.

In: names. Out: bytes; or an OSError that names the file and says why.
"""
import contextlib
import errno
import os
import stat

KINDS = {stat.S_IFIFO: "FIFO", stat.S_IFSOCK: "socket",
         stat.S_IFCHR: "device", stat.S_IFBLK: "device",
         stat.S_IFLNK: "symbolic link"}


def no_file(mode):
    """The OSError about something that is no ordinary file."""
    kind = stat.S_IFMT(mode)
    if kind == stat.S_IFDIR:
        return IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    return OSError(errno.EINVAL, f"it is a {KINDS.get(kind, 'special file')}, "
                   "and not a file")


def read_descriptor(descriptor, most):
    """All bytes of an open file, if it is an ordinary one, and no larger."""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise no_file(status.st_mode)
    data = b""
    if status.st_size <= most:
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(most + 1)  # it may grow meanwhile
    if status.st_size > most or len(data) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most >> 10} KiB")
    return data


def read_file(path, most):
    """A file that is named by its path; here a link is followed."""
    # O_NONBLOCK: the open of a FIFO without a writer would wait for one
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY
                         | os.O_CLOEXEC)
    try:
        return read_descriptor(descriptor, most)
    finally:
        os.close(descriptor)


class Folder:
    """A folder that is held open; path is for messages."""

    def __init__(self, descriptor, path):
        self.descriptor = descriptor
        self.path = path

    @classmethod
    def at(cls, path):
        """The folder at a path; here a link is followed. O_PATH does not need the
        right to list the folder.
        """
        return cls(os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC),
                   path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.descriptor)

    @property
    def here(self):
        """A path that leads to this very folder, for this process and for one
        that inherits the descriptor.
        """
        return f"/proc/self/fd/{self.descriptor}"

    @contextlib.contextmanager
    def _about(self, name):
        """An OSError names the whole path, and calls a link a link."""
        try:
            yield
        except OSError as error:
            if str(error.filename).startswith(str(self.path)):
                raise  # of something in a folder in this one
            why = error.strerror
            if error.errno == errno.ELOOP:
                why = "it is a symbolic link"
            raise type(error)(error.errno, why, str(self.path / name)) \
                from None
        except RecursionError:
            raise OSError(errno.EINVAL, "folders are nested too deep in it",
                          str(self.path / name)) from None

    def kind(self, name):
        """The type of the entry with this name (stat.S_IFREG, ...); None: there
        is no such entry.
        """
        with self._about(name):
            try:
                return stat.S_IFMT(os.stat(name, dir_fd=self.descriptor,
                                           follow_symlinks=False).st_mode)
            except FileNotFoundError:
                return None

    def folder(self, name, make=False):
        """A folder in this one; made if it is not there."""
        with self._about(name):
            if make:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, 0o755, dir_fd=self.descriptor)
            if self.kind(name) == stat.S_IFLNK:
                raise no_file(stat.S_IFLNK)
            return Folder(os.open(name, os.O_PATH | os.O_DIRECTORY
                                  | os.O_NOFOLLOW | os.O_CLOEXEC,
                                  dir_fd=self.descriptor), self.path / name)

    @contextlib.contextmanager
    def _listed(self):
        """A descriptor with which it can be listed, for a while."""
        with self._about(""):
            descriptor = os.open(".", os.O_RDONLY | os.O_DIRECTORY
                                 | os.O_CLOEXEC, dir_fd=self.descriptor)
            try:
                yield descriptor
            finally:
                os.close(descriptor)

    def names(self):
        """The names of all that is in it, sorted."""
        with self._listed() as descriptor:
            return sorted(os.listdir(descriptor))

    def open(self, name, flags, mode=0o644):
        """A descriptor of an entry, which is no link."""
        with self._about(name):
            return os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK
                           | os.O_NOCTTY | os.O_CLOEXEC, mode,
                           dir_fd=self.descriptor)

    def read(self, name, most):
        """All bytes of a file of at most so many."""
        descriptor = self.open(name, os.O_RDONLY)
        try:
            with self._about(name):
                return read_descriptor(descriptor, most)
        finally:
            os.close(descriptor)

    def rename(self, old, new):
        """Give an entry another name. An entry that had this name is replaced."""
        with self._about(new):
            os.rename(old, new, src_dir_fd=self.descriptor,
                      dst_dir_fd=self.descriptor)

    def remove(self, name):
        """Remove an entry, with all that is in it. It may be missing already."""
        with self._about(name):
            if self.kind(name) == stat.S_IFDIR:
                with self.folder(name) as inner:
                    for entry in inner.names():
                        inner.remove(entry)
                os.rmdir(name, dir_fd=self.descriptor)
            else:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=self.descriptor)

    def settle(self):
        """Write to the disk what was made or renamed in it, if the file system can
        do that.
        """
        with contextlib.suppress(OSError), self._listed() as descriptor:
            os.fsync(descriptor)

    def create(self, name, data, mode=0o644):
        """Make a new file with these bytes, and write it to the disk. The name must
        be free.
        """
        descriptor = self.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL,
                               mode)
        with self._about(name), open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)

    def write_whole(self, name, data):
        """Write bytes into a file: all of them, or the file stays as it was. An
        entry that has the name is replaced, never written to.
        """
        new = name + ".new"
        self.remove(new)
        try:
            self.create(new, data)
            self.rename(new, name)
        except OSError:
            with contextlib.suppress(OSError):
                self.remove(new)
            raise
        self.settle()
