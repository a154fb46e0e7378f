# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Labs in which students write code: the file, and the compiled program.

In: the lab's solution, in which regions are marked. Out: start.c in the
notebook, which is the solution without these regions (cut.py), and the program
that the compiler makes of it; start.bpf.c, if it is an eBPF program, and then an
object of the shipped text, too. The runner writes start.c once. `labs/lab reset
NN` writes a new one, and keeps the old one as start.c.1, start.c.2...
"""
import errno
import json
import os
import platform
import stat
import subprocess
import sys

from . import notebook
from .catalogue import TOP, read_text, shown
from .cut import Disorder, cut
from .errors import DAMAGED, FAIL, LabError

# A memory error ends the program with a report, which the checks look for.
FLAGS = ("-std=gnu11", "-D_GNU_SOURCE", "-O1", "-g", "-Wall", "-Wextra",
         "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
         "-iquote", ".")
# For the kernel. clang -target bpf does not search Debian's folder of the headers
# of this machine.
BPF_COMPILER = ("clang", "-target", "bpf", "-O2", "-g", "-Wall", "-Wextra",
                "-idirafter", f"/usr/include/{platform.machine()}-linux-gnu",
                "-c")
# A text of ten lines can keep a compiler busy for days. timeout(1) ends its
# children, too.
COMPILE_S = 60
LIMIT = ("timeout", "--kill-after=1", str(COMPILE_S))
TOO_LONG = (124, 137, -9)


def shipped(lab):
    """The text of an unchanged start.c."""
    try:
        return cut(read_text(lab.folder / lab.solution))
    except Disorder as error:
        raise LabError(DAMAGED, f"{shown(lab.folder / lab.solution)}: {error}") \
            from None


def start(lab):
    """The student's file; written if it is missing."""
    with notebook.pages(lab, make=True) as sheet:
        with notebook.keeping(sheet.path):
            there = sheet.kind(lab.start) is not None
        if not there:
            with notebook.keeping(sheet.path / lab.start):
                sheet.write_whole(lab.start, shipped(lab).encode())
        return sheet.path / lab.start


def reset(lab):
    """Write a new start.c, and keep the old one next to it, under the first
    free name. Returns (start.c, the path of the old one or None).
    """
    path = start(lab)
    with notebook.pages(lab) as sheet, notebook.keeping(path):
        if is_untouched(sheet, lab.start, shipped(lab).encode()):
            return path, None
        number = 1
        while sheet.kind(f"{lab.start}.{number}") is not None:
            number += 1
        kept = f"{lab.start}.{number}"
        sheet.rename(lab.start, kept)
        try:
            return start(lab), sheet.path / kept
        except LabError:
            sheet.rename(kept, lab.start)
            raise


def is_untouched(sheet, name, text):
    """Whether start.c is the text that was shipped."""
    if sheet.kind(name) != stat.S_IFREG:
        return False
    try:
        return sheet.read(name, notebook.SMALL) == text
    except OSError as error:
        if error.errno == errno.EFBIG:
            return False
        raise


def changed(lab):
    """Whether start.c has changed since the last run."""
    sheet, evidence = notebook.pages(lab), notebook.open_evidence(lab)
    if sheet is None or evidence is None:
        return False
    with sheet, evidence, notebook.keeping(sheet.path / lab.start):
        try:
            return sheet.read(lab.start, notebook.SMALL) != \
                evidence.read(lab.start, notebook.SMALL)
        except FileNotFoundError:
            return False


def build(lab, here):
    """Compile start.c into the evidence; the student sees the compiler's
    messages. The compiler gets the text that is kept as evidence, not the file:
    the file may change meanwhile.
    """
    source = start(lab)
    with notebook.pages(lab) as sheet, notebook.keeping(source):
        text = sheet.read(lab.start, notebook.SMALL)
    compile_text(lab, source, text, here.near / "program")
    if lab.is_bpf:  # for what the kernel says of it, whatever the student's is
        compile_text(lab, source, shipped(lab).encode(), here.near / "shipped")
        here.lend("shipped", 0o644)
    here.put(lab.start, text)
    here.lend("program", 0o755)
    return here.path / "program"


def compile_text(lab, source, text, target):
    """Compile the text of a file into a program, or into an object for the kernel.
    """
    # a linemarker: what follows is line 1 of that file (cpp, Preprocessor
    # Output)
    marker = f"# 1 {json.dumps(str(source), ensure_ascii=False)}\n"
    compiler = BPF_COMPILER if lab.is_bpf else ("cc", *FLAGS)
    done = subprocess.run(
        [*LIMIT, *compiler, "-iquote", str(source.parent), "-x", "c", "-",
         "-o", str(target), *lab.libraries], cwd=TOP,
        input=os.fsencode(marker) + text, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False)
    for line in done.stdout.decode(errors="backslashreplace").splitlines():
        print(line, file=sys.stderr)
    if done.returncode in TOO_LONG:
        raise LabError(FAIL, f"{shown(source)} does not compile within "
                       f"{COMPILE_S} s")
    if done.returncode != 0:
        raise LabError(FAIL, f"{shown(source)} does not compile (see above)")
