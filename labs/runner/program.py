# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Labs in which students write code: the file, and the compiled program.

In: the lab's solution, in which regions are marked. Out: start.c in the
notebook, which is the solution without these regions (cut.py), and the program
that the compiler makes of it. The runner writes start.c once. `labs/lab reset
NN` writes a new one, and keeps the old one as start.c.1, start.c.2...
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
    """The text of an unchanged start.c."""
    try:
        return cut(read_text(lab.folder / lab.solution))
    except Disorder as error:
        raise LabError(DAMAGED, f"{shown(lab.folder / lab.solution)}: {error}") \
            from None


def start(lab):
    """The student's file; written if it is missing."""
    path = notebook.lab_folder(lab) / "start.c"
    with notebook.keeping(path):
        if not path.exists():
            notebook.write_whole(path, shipped(lab).encode())
    return path


def reset(lab):
    """Write a new start.c, and keep the old one next to it, under the first
    free name. Returns (start.c, the path of the old one or None).
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
    """Whether start.c has changed since the run that left the evidence."""
    path = notebook.folder() / lab.number / "start.c"
    with notebook.keeping(path):
        try:
            return path.read_bytes() != (evidence / "start.c").read_bytes()
        except FileNotFoundError:
            return False


def build(lab, out):
    """Compile start.c into the evidence; the student sees the compiler's
    messages.
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
