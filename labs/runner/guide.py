# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Next, start and watch: what to do now, a first lab in five minutes, and a check
each time that something has changed.
"""
import fcntl
import os
import signal
import sys

from . import grade, launch, notebook, packets, prediction
from .catalogue import all_labs, shown
from .errors import TOO_EARLY, LabError
from .language import of_check, path, say, told
from .visible import visible

CHANGES = (fcntl.DN_CREATE | fcntl.DN_MODIFY | fcntl.DN_RENAME |
           fcntl.DN_DELETE | fcntl.DN_MULTISHOT)
TRIES = 3  # answers to the one question of `start`


# ---- next ------------------------------------------------------------------

def step(lab, page):
    """The next command for a lab that has not been passed, and why."""
    number = lab.number
    if "run" not in page:
        if "predicted" not in page and not prediction.is_frozen(page):
            return f"labs/lab predict {number}", say("say what you expect")
        return f"labs/lab run {number}", say("see what happens")
    if "checked" not in page:
        return f"labs/lab check {number}", say("compare your run with the claim")
    questions = {item["name"] for item in grade.examine(lab)["questions"]}
    left = page.get("left", [])
    if left and set(left) <= questions:
        return (f"labs/lab answers {number} NAME=ANSWER",
                say("left: {names}", names=", ".join(left)))
    return (f"labs/lab hint {number}",
            say("left: {names}", names="; ".join(map(of_check(lab.folder), left))))


def next_step():
    """labs/lab next"""
    pages = notebook.progress()
    for lab in all_labs():
        page = pages.get(lab.number, {})
        if "passed" in page:
            continue
        command, why = step(lab, page)
        print(f"{lab.number}  {say(lab.title)} "
              + say("({minutes} minutes): ", minutes=lab.minutes)
              + f"{shown(path(lab, 'README.md'))}\n"
              f"    {command:<32} {visible(why)}")
        return 0
    print(say("Every lab is passed."))
    return 0


# ---- start -----------------------------------------------------------------

def ask(lab, item):
    """One question at the terminal, until the answer is right or three were
    wrong.
    """
    print("\n" + say("One question.") + " "
          + of_check(lab.folder)(item["ask"]))
    for _ in range(TRIES):
        print(f"{item['name']}: ", end="", flush=True)
        given = sys.stdin.readline()
        if not given:
            return
        if given.strip() and \
                grade.answer(lab, [f"{item['name']}={given.strip()}"]) == 0:
            return


def start():
    """labs/lab start"""
    lab = all_labs()[0]
    if not sys.stdin.isatty():
        raise LabError(TOO_EARLY, "labs/lab start asks questions at a "
                       f"terminal; labs/lab predict {lab.number} begins "
                       "without one")
    print(f"{lab.number}  {say(lab.title)}\n")
    launch.verb(lab)
    print("\n" + say("What the run captured:"))
    packets.verb(lab, False)
    ask(lab, grade.examine(lab)["questions"][0])
    print("\n" + say("That is how each lab goes. The rest of this one: {path}",
                     path=shown(path(lab, "README.md"))))
    print(say("labs/lab next says what comes next."))
    return 0


# ---- watch -----------------------------------------------------------------

def stamp(lab):
    """What a check depends on: the student's program and the last run."""
    found = []
    with notebook.pages(lab, make=True) as sheet:
        for name in (lab.start, "run"):
            try:
                status = os.stat(name, dir_fd=sheet.descriptor,
                                 follow_symlinks=False)
                found.append((status.st_ino, status.st_mtime_ns))
            except FileNotFoundError:
                found.append(None)
    return found


def check_now(lab, check):
    """One check; a line if it cannot be made now."""
    try:
        with notebook.running(lab, notebook.PATIENCE_S):
            pass  # a run ends after its evidence has got its place
        check(lab, False)
    except LabError as error:
        print(f"lab: {visible(told(error))}", file=sys.stderr)
    print("\n" + say("Watching lab {lab}; Ctrl-C ends it.", lab=lab.number),
          flush=True)


def watch(lab, check):
    """labs/lab watch NN. The kernel sends SIGIO when an entry of the lab's
    folder changes (fcntl(2), F_NOTIFY).
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGIO})
    with notebook.pages(lab, make=True) as sheet, \
            notebook.keeping(sheet.path):
        listed = sheet.open(".", os.O_RDONLY | os.O_DIRECTORY)
    fcntl.fcntl(listed, fcntl.F_NOTIFY, CHANGES)
    before = None
    while True:
        if stamp(lab) != before:
            check_now(lab, check)
            before = stamp(lab)
        signal.sigwaitinfo({signal.SIGIO})  # sigwait() would outlast Ctrl-C
