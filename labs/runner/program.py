# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Labs in which she writes code: her file, and the program made of it.

In: the lab's solution, in which regions are marked. Out: start.c in the
notebook, the solution without them (cut.py), and what the compiler makes of
what she has written there. start.c is written once and then hers; `labs/lab
reset NN` begins anew and keeps what was there as start.c.old.
"""
import subprocess

from . import notebook
from .catalogue import TOP, read_text, shown
from .cut import cut
from .errors import FAIL, LabError

FLAGS = ("-std=gnu11", "-D_GNU_SOURCE", "-O1", "-g", "-Wall", "-Wextra",
         "-iquote", ".")


def start(lab):
    """Her file; cut from the solution if it is not there yet."""
    path = notebook.lab_folder(lab) / "start.c"
    if not path.exists():
        solution = read_text(lab.folder / lab.solution)
        path.write_text(cut(solution), encoding="utf-8")
        notebook.give_back(path)
    return path


def reset(lab):
    """A new start.c; the one before is kept beside it."""
    path = start(lab)
    path.replace(path.with_name("start.c.old"))
    return start(lab)


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
    (out / "start.c").write_bytes(source.read_bytes())
    return compiled
