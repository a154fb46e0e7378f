# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The evidence of a run that was recorded, for those who cannot run the lab.

labs/recordings/NN-name-KERNEL.tar.gz holds what `labs/lab run NN` leaves in a
notebook (`make recordings` makes it). In: a lab and a kernel, or the first that
was recorded. Out: its files, in the folder of the run.
"""
import io
import pathlib
import tarfile

from . import rights
from .catalogue import LABS, shown
from .errors import CANNOT_RUN, DAMAGED, USAGE, LabError
from .evidence import TEXT
from .files import read_file

RECORDINGS = LABS / "recordings"
WHERE = "recorded"  # what the notebook says about where the lab was run


def kernels(lab):
    """The kernels on which a lab was recorded: "6.1"."""
    with rights.root():
        return sorted(path.name[len(lab.name) + 1:-len(".tar.gz")]
                      for path in RECORDINGS.glob(f"{lab.name}-*.tar.gz"))


def choose(lab, kernel):
    """The recording of a lab; kernel is "" for the first one."""
    there = kernels(lab)
    if lab.solution:
        raise LabError(CANNOT_RUN, f"lab {lab.number} is about the program "
                       "that you write: it has no recording")
    if not there:
        raise LabError(CANNOT_RUN, f"lab {lab.number} has no recording")
    if kernel not in ("", *there):
        raise LabError(USAGE, f"lab {lab.number} was not recorded on "
                       f"'{kernel}', but on {', '.join(there)}")
    return RECORDINGS / f"{lab.name}-{kernel or there[0]}.tar.gz"


def unpack(path, here):
    """The files of a recording go to the folder of the run."""
    try:
        with rights.root():
            data = read_file(path, TEXT)
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                if member.isreg():
                    here.put(pathlib.PurePath(member.name).name,
                             archive.extractfile(member).read())
    except (OSError, EOFError, tarfile.TarError) as error:
        raise LabError(DAMAGED, f"{shown(path)} is damaged: {error}") \
            from None
