# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Run a lab's experiment in a new pair of namespaces, and keep the evidence.

The experiment starts at the top of the checkout, in the namespace client
(10.0.0.1), with these variables:

    LAB_OUT       the folder for its evidence (workplace.py)
    LAB_TIER      kprobe or tracepoint, for `tracer --tier`; none: no tracer
    LAB_PROGRAM   the student's program, compiled, if the lab has one
    LAB_STUDENT   the student's name: some labs choose their numbers by it
    LAB_MESSAGE   what this run sends, and LAB_BEGUN, when it began (greeting.py)
"""
import contextlib
import os
import subprocess
import sys
import threading

from . import greeting, notebook, place, prediction, program, recorded, rights
from .catalogue import TOP, shown
from .errors import CANNOT_RUN, FAIL, LabError
from .grade import examine
from .language import label, say, told
from .language import path as translated
from .report import student
from .visible import visible
from .workplace import workplace

LINE = 4096  # bytes of a line of others that are shown at once
LAST_WORDS_S = 2  # for output after the end of a program


def say_where(spot):
    """One line that names the kernel."""
    if spot.where == place.HERE:
        tier = "" if spot.tier == "none" else say(", {tier} tier", tier=spot.tier)
        print(say("On this kernel, Linux {release}{tier}.",
                  release=os.uname().release, tier=tier), flush=True)
    else:
        print(say("In the lab VM: {why}.", why=told(spot.why)), flush=True)


def is_modify():
    """Whether the caller replaces a part of the experiment, as in Modify."""
    return any(value for name, value in os.environ.items()
               if name.startswith("LAB_WITH_"))


def needs_root(spot):
    """Whether the experiment is started as root."""
    if spot.where == place.HERE:
        return os.geteuid() == 0 or spot.as_root is not None
    return rights.is_root()


def command(lab, spot, out, compiled):
    """The whole command to execute."""
    begun = notebook.now()
    variables = {"LAB_OUT": str(out), "LAB_TIER": spot.tier,
                 "LAB_MESSAGE": greeting.made(student(), lab.name, begun),
                 "LAB_BEGUN": begun,
                 "LAB_PROGRAM": str(compiled or ""),
                 "LAB_STUDENT": student(),
                 "LC_ALL": "C.UTF-8"}  # evidence does not depend on the terminal
    variables.update((name, value) for name, value in os.environ.items()
                     if name.startswith("LAB_WITH_"))
    run = ["labs/net", "run", f"{shown(lab.folder)}/experiment"]
    pairs = [f"{name}={value}" for name, value in variables.items()]
    if spot.where == place.HERE:
        return [*(spot.as_root or ()), "env", *pairs, *run]
    options = [word for pair in pairs for word in ("-e", pair)]
    if sys.stderr.isatty():
        options.append("-l")
    return ["labs/vm/run", "-o", str(out), *options, "--", *run]


def relay(stream):
    """What a program prints, line by line, as it may be shown."""
    with stream:
        while line := stream.readline(LINE):
            print(line.decode(errors="backslashreplace").rstrip("\n"),
                  file=sys.stderr, flush=True)


def start(words, as_root):
    """Runs a command at the top of the checkout to its end; what it prints is
    shown. Its exit status.
    """
    with rights.root() if as_root else contextlib.nullcontext():
        # pylint: disable=consider-using-with
        process = subprocess.Popen(words, cwd=TOP, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT)
    shower = threading.Thread(target=relay, args=(process.stdout,),
                              daemon=True)
    shower.start()
    try:
        return process.wait()
    finally:
        shower.join(LAST_WORDS_S)


def take_home(spot, out):
    """Give the files that root has written by sudo to the user; not links."""
    if spot.where == place.HERE and spot.as_root:
        subprocess.run([*spot.as_root, "chown", "-hR",
                        f"{os.getuid()}:{os.getgid()}", str(out)], check=False)


def conduct(lab, spot, here, as_root, name):
    """The experiment, and what it left comes to the notebook under a name."""
    compiled = program.build(lab, here) if lab.solution else None
    say_where(spot)
    status = start(command(lab, spot, here.path, compiled), as_root)
    take_home(spot, here.path)
    if status != 0:
        raise LabError(FAIL if status in (1, 2) else CANNOT_RUN, say(
            "the experiment ended with status {status}; what it left is in "
            "{path}", status=status, path=shown(here.fail())))
    here.keep(name)


def find_place(lab, vm):
    """Where the lab runs; a LabError if nowhere."""
    spot = place.find(lab, vm_only=vm, ask=True)
    if spot.where == place.NOWHERE:
        fixes = [told(fix) for fix in spot.fix]
        if not lab.solution and recorded.kernels(lab):
            fixes.append(f"labs/lab run {lab.number} --recorded")
        fix = say("; fix: {commands}", commands=say(", or ").join(fixes)) \
            if fixes else ""
        raise LabError(CANNOT_RUN, say("lab {lab} cannot run: {why}{fix}",
                                       lab=lab.number, why=told(spot.why),
                                       fix=fix))
    return spot


@contextlib.contextmanager
def experiment(lab, vm):
    """A run, here or in the lab VM: its place, and what it is called."""
    spot = find_place(lab, vm)
    as_root, name = needs_root(spot), "modify" if is_modify() else "run"
    with workplace(lab, as_root) as here:
        conduct(lab, spot, here, as_root, name)
        yield spot, name


@contextlib.contextmanager
def recording(lab, kernel):
    """The same from a recording: nothing is started."""
    path = recorded.choose(lab, kernel)
    print(say("Not run: this is the recording {path}.", path=shown(path)),
          flush=True)
    with workplace(lab, as_root=False) as here:
        recorded.unpack(path, here)
        here.keep()
        yield place.Place(recorded.WHERE), "run"


def note(lab, spot, name, found):
    """What the notebook says of a run. Whether it is the first one."""
    with notebook.noting(lab) as page:
        first = "observed" not in page and name == "run"
        if first and found["observed"]["choice"]:
            page["observed"] = {"choice": found["observed"]["choice"],
                                "at": notebook.now()}
        page[name] = {"at": notebook.now(), "where": spot.where,
                      "tier": spot.tier}
        page.setdefault("first_run", page[name]["at"])
        if name == "run":
            page.pop("checked", None)
    return first


def verb(lab, no_predict=False, vm=False, kernel=None):
    """labs/lab run NN; kernel: of a recording, "" for the first one."""
    if not no_predict:
        prediction.want(lab)
    notebook.make()
    taken = experiment(lab, vm) if kernel is None else recording(lab, kernel)
    with taken as (spot, name):
        found = examine(lab, name)
        first = note(lab, spot, name, found)
    print()
    prediction.show(lab, found["observed"], first)
    with notebook.open_evidence(lab, name) as evidence, \
            notebook.keeping(evidence.path):
        names = ", ".join(map(visible, evidence.names()))
        print("\n" + label("Evidence:", 12)
              + f"{shown(evidence.path)}/: {names}")
    following = label("Next:", 12)
    if name == "modify":
        print(following + say("labs/lab check {lab} --modify; your other run and "
                              "your score stay", lab=lab.number))
        return 0
    if lab.solution:
        print(label("Yours:", 12) + shown(program.start(lab)))
    handout = shown(translated(lab, "README.md"))
    print(following + say("{handout}, Observe; then labs/lab check {lab}",
                          handout=handout, lab=lab.number))
    sys.stdout.flush()
    return 0
