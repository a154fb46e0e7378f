# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Labs in which she writes code: her file, and the program made of it.

In: the lab's solution, in which regions are marked. Out: start.c in the
notebook, the solution without them (cut.py), and what the compiler makes of
what she has written there. start.c is written once and then hers; `labs/lab
reset NN` begins anew, and keeps what she has written as start.c.1, start.c.2...
"""
import subprocess

from . import notebook
from .catalogue import TOP, read_text, shown
from .cut import Disorder, cut
from .errors import DAMAGED, FAIL, LabError

# A memory error ends the program with a report, which the checks look for.
FLAGS = ("-std=gnu11", "-D_GNU_SOURCE", "-O1", "-g", "-Wall", "-Wextra",
         "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
         "-iquote", ".")


def shipped(lab):
    """The text of a start.c that nobody has touched."""
    try:
        return cut(read_text(lab.folder / lab.solution))
    except Disorder as error:
        raise LabError(DAMAGED, f"{shown(lab.folder / lab.solution)}: {error}") \
            from None


def start(lab):
    """Her file; written if it is not there yet."""
    path = notebook.lab_folder(lab) / "start.c"
    with notebook.keeping(path):
        if not path.exists():
            notebook.write_whole(path, shipped(lab).encode())
    return path


def reset(lab):
    """A new start.c. What she has written is kept next to it, under the first
    name that is free: (start.c, where the one before is, or None).
    """
    path = start(lab)
    with notebook.keeping(path):
        if path.read_bytes() == shipped(lab).encode():
            return path, None
        number = 1
        while (kept := path.with_name(f"start.c.{number}")).exists():
            number += 1
        path.rename(kept)
        try:
            return start(lab), kept
        except LabError:
            kept.rename(path)
            raise


def changed(lab, evidence):
    """Whether she has written something since the run that left evidence."""
    path = notebook.folder() / lab.number / "start.c"
    with notebook.keeping(path):
        try:
            return path.read_bytes() != (evidence / "start.c").read_bytes()
        except FileNotFoundError:
            return False


def build(lab, out):
    """Compiles her file into the evidence; the compiler's words are hers to
    read.
    """
    source = start(lab)
    compiled = out / "program"
    done = subprocess.run(["cc", *FLAGS, "-o", str(compiled), str(source),
                           *lab.libraries], cwd=TOP, check=False)
    if done.returncode != 0:
        raise LabError(FAIL, f"{shown(source)} does not compile (see above)")
    with notebook.keeping(out / "start.c"):
        (out / "start.c").write_bytes(source.read_bytes())
    return compiled
