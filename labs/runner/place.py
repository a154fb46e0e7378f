# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Where a lab can run: on this kernel, in the lab machine, or not at all.

A lab's lab.json says what it needs:

    namespaces   network namespaces: unprivileged user namespaces will do
    root         the first user namespace's root, without the tracer
    tracer       the tracer at any tier: root, and BTF
    kprobes      the tracer's kprobe tier

Nothing is guessed from versions: what is needed is tried.
"""
import functools
import os
import shutil
import subprocess
from dataclasses import dataclass, field

from .catalogue import TOP

HERE = "here"
MACHINE = "in the lab machine"
NOWHERE = "not at all"


@dataclass(frozen=True)
class Place:
    """Where, why not here, and what would mend that."""
    where: str
    tier: str = "none"  # kprobe, tracepoint; none: without the tracer
    as_root: tuple = ()  # what goes before the command
    why: str = ""  # why not here, or not at all
    mend: tuple = field(default_factory=tuple)  # commands to type


def works(*command):
    """Exit status of a command of which only that is of interest."""
    try:
        return subprocess.run(command, cwd=TOP, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False,
                              timeout=60).returncode
    except (OSError, subprocess.TimeoutExpired):
        return None


@functools.lru_cache(maxsize=None)
def root():
    """The words before a command that is to run as root; None: no way."""
    if os.geteuid() == 0:
        return ()
    return ("sudo", "-n") if works("sudo", "-n", "true") == 0 else None


@functools.lru_cache(maxsize=None)
def tier():
    """The best tier of the tracer that works here, as root; else None.
    LAB_TIER in the environment is taken at its word.
    """
    if os.environ.get("LAB_TIER") in ("kprobe", "tracepoint"):
        return os.environ["LAB_TIER"]
    if works(*root(), "tracer/tracer", "doctor") == 0:
        return "kprobe"
    # 2: it watched `true`, which connects nothing
    if works(*root(), "tracer/tracer", "udp", "-q", "--tier", "tracepoint",
             "--", "true") == 2:
        return "tracepoint"
    return None


@functools.lru_cache(maxsize=None)
def lacking(packages):
    """The command that installs what is missing of a need_ list; "" if
    nothing is.
    """
    done = subprocess.run(["make", "-s", f"lacking-{packages}"], cwd=TOP,
                          capture_output=True, text=True, check=False)
    missing = done.stdout.split()
    if done.returncode != 0:
        missing = ["make"]
    return ("sudo apt-get install -y --no-install-recommends "
            + " ".join(missing)) if missing else ""


def commands_missing(lab):
    """Debian packages of the commands that a lab uses and cannot find."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return sorted({package for command, package in lab.commands.items()
                   if not shutil.which(command, path=path)})


def not_built():
    """The first program that is not there; "" if all are."""
    for program in ("echo/echo-client", "echo/echo-server", "tracer/tracer"):
        if not os.access(TOP / program, os.X_OK):
            return program
    return ""


# What forbids user namespaces to users: a sysctl, its forbidding value, and
# the other one. Debian up to 10, Ubuntu from 23.10, and every kernel have it.
SYSCTLS = (("kernel.unprivileged_userns_clone", "0", "1"),
           ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
           ("user.max_user_namespaces", "0", "15000"))


def allow_namespaces():
    """The commands that would allow them."""
    return tuple(f"sudo sysctl {name}={allows}"
                 for name, forbids, allows in SYSCTLS
                 if sysctl(name) == forbids)


def sysctl(name):
    """Its value; "" where this kernel has none of that name."""
    try:
        with open("/proc/sys/" + name.replace(".", "/"),
                  encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""


def here(needs):
    """This kernel, or why not."""
    if needs == "namespaces":
        if works("unshare", *(() if os.geteuid() == 0 else ("-Ur",)), "-n",
                 "true") == 0:
            return Place(HERE)
        if root():
            return Place(HERE, as_root=root())
        return Place(NOWHERE, why="no network namespaces to be had here",
                     mend=allow_namespaces())
    if root() is None:
        if not shutil.which("sudo"):
            return Place(NOWHERE, why="needs root, and there is no sudo")
        return Place(NOWHERE, why="needs root, and sudo asks for a password",
                     mend=("sudo -v",))
    if needs == "root":
        return Place(HERE, as_root=root())
    best = tier()
    if best == "kprobe" or (best and needs == "tracer"):
        return Place(HERE, tier=best, as_root=root())
    why = "this kernel has no kprobes" if best else \
        "this kernel cannot be traced"
    return Place(NOWHERE, why=why + " (make doctor says more)")


def machine(needs):
    """The lab machine, or why not."""
    install = lacking("vm")
    if install:
        return Place(NOWHERE, why="the lab machine is not installed",
                     mend=(install,))
    return Place(MACHINE,
                 tier="kprobe" if needs in ("tracer", "kprobes") else "none")


def find(lab, machine_only=False):
    """Where a lab runs; with NOWHERE, why, and the commands that mend it."""
    if not_built():
        return Place(NOWHERE, why=f"{not_built()} is not built",
                     mend=("make",))
    if commands_missing(lab):
        packages = " ".join(commands_missing(lab))
        return Place(NOWHERE, why=f"{packages} is not installed",
                     mend=(f"sudo apt-get install -y {packages}",))
    native = here(lab.needs) if not machine_only else \
        Place(NOWHERE, why="asked for")
    if native.where == HERE:
        return native
    virtual = machine(lab.needs)
    return Place(virtual.where, virtual.tier, (),
                 "; ".join(filter(None, (native.why, virtual.why))),
                 native.mend + virtual.mend)
