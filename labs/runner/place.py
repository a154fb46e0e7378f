# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Where a lab can run: on this kernel, in the lab VM, or not at all.

A lab's lab.json says what it needs:

    namespaces   network namespaces: unprivileged user namespaces will do
    root         the first user namespace's root, without the tracer
    tracer       the tracer at any tier: root, and BTF
    kprobes      the tracer's kprobe tier

The runner guesses nothing from versions: it tries what the lab needs.
"""
import functools
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass, field

from . import rights
from .catalogue import TOP
from .language import say

HERE = "here"
VM = "in the lab VM"
NOWHERE = "not at all"

INSTALL = "make deps"  # the one command that installs anything
PASSWORD = "needs root, and sudo asks for a password"


@dataclass(frozen=True)
class Place:
    """Where a lab runs, why not here, and what to do about it."""
    where: str
    tier: str = "none"  # kprobe, tracepoint; none: without the tracer
    as_root: tuple = None  # words before the command; None: run it as the
    # notebook's owner
    why: str = ""  # why not here, or not at all
    fix: tuple = field(default_factory=tuple)  # commands to type


def works(*command):
    """Exit status of a command; its output is discarded. None: it cannot be
    started, or takes longer than a minute.
    """
    try:
        return subprocess.run(command, cwd=TOP, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False,
                              timeout=60).returncode
    except (OSError, subprocess.TimeoutExpired):
        return None


@functools.lru_cache(maxsize=None)
def root():
    """The words before a command to run it as root without a password
    question. None: impossible.
    """
    if rights.is_root():
        return ()
    return ("sudo", "-n") if works("sudo", "-n", "true") == 0 else None


@functools.lru_cache(maxsize=None)
def root_by_password():
    """The same, after sudo has asked the person at the terminal; None: sudo
    refuses. Not `sudo -n`: sudo may ask each time.
    """
    print(say("The lab needs root here. Press Ctrl-D to run it without root, in "
              "the lab VM."), file=sys.stderr, flush=True)
    try:
        asked = subprocess.run(["sudo", "-v"], check=False).returncode
    except OSError:
        return None
    return ("sudo",) if asked == 0 else None


@functools.lru_cache(maxsize=None)
def tier(as_root):
    """The best tier of the tracer that works here, as root; else None.
    LAB_TIER in the environment overrides it.
    """
    if os.environ.get("LAB_TIER") in ("kprobe", "tracepoint"):
        return os.environ["LAB_TIER"]
    with rights.root():
        if works(*as_root, "tracer/tracer", "doctor") == 0:
            return "kprobe"
        # 2: it watched `true`, which connects nothing
        if works(*as_root, "tracer/tracer", "udp", "-q", "--tier",
                 "tracepoint", "--", "true") == 2:
            return "tracepoint"
    return None


def lacks(needs):
    """What this kernel lacks for a lab, as far as a user without root can
    see; "" if nothing. Without this test, sudo could ask in vain.
    """
    if needs == "root":
        return ""
    if not os.path.exists("/sys/kernel/btf/vmlinux"):
        return "/sys/kernel/btf/vmlinux is missing"
    if needs == "kprobes" and \
            not os.path.exists("/sys/bus/event_source/devices/kprobe/type"):
        return "this kernel has no kprobes"
    return ""


def missing(programs):
    """The programs that are not installed. Debian's PATH for users does not
    have /usr/sbin.
    """
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return sorted(program for program in programs
                  if not shutil.which(program, path=path))


def vm_lacks():
    """The programs that the lab VM needs and that are not installed."""
    processor = platform.machine()
    emulator = "aarch64" if processor in ("aarch64", "arm64") else "x86_64"
    return missing((f"qemu-system-{emulator}", "busybox", "modprobe",
                    "depmod", "xz", "zstd"))


def commands_missing(lab):
    """The programs that a lab uses and that are not installed."""
    compiler = (("clang" if lab.is_bpf else "cc"),) if lab.solution else ()
    return missing({*lab.commands, *compiler, "ip", "unshare"})


def not_built():
    """The first program that is missing; "" if none is."""
    with rights.root():
        for program in ("echo/echo-client", "echo/echo-server",
                        "echo/sum-server", "tracer/tracer"):
            if not os.access(TOP / program, os.X_OK):
                return program
    return ""


def are_not_installed(programs):
    """The sentence that names the missing programs."""
    names = ", ".join(programs)
    return f"{names} is not installed" if len(programs) == 1 else \
        f"{names} are not installed"


# The settings that forbid user namespaces to users: a sysctl, its forbidding
# value, and the other one. Debian up to 10, Ubuntu from 23.10, and every kernel have it.
SYSCTLS = (("kernel.unprivileged_userns_clone", "0", "1"),
           ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
           ("user.max_user_namespaces", "0", "15000"))


def allow_namespaces():
    """The commands that would allow them."""
    return tuple(f"sudo sysctl {name}={allows}"
                 for name, forbids, allows in SYSCTLS
                 if sysctl(name) == forbids)


def sysctl(name):
    """Its value; "" if this kernel has no such sysctl."""
    try:
        with open("/proc/sys/" + name.replace(".", "/"),
                  encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""


def as_root_for(needs, ask):
    """The words before the lab's command, or a Place that says why not."""
    if root() is not None:
        return root()
    if lacks(needs):
        return Place(NOWHERE, why=lacks(needs) + " (make doctor says more)")
    if not shutil.which("sudo"):
        return Place(NOWHERE, why="needs root, and sudo is not installed",
                     fix=("run labs/lab as root",))
    if not (ask and sys.stdin.isatty() and sys.stderr.isatty()):
        return Place(NOWHERE, why=PASSWORD, fix=("sudo -v",))
    by_password = root_by_password()
    if by_password is None:
        return Place(NOWHERE, why="needs root, and sudo refused",
                     fix=("sudo -v",))
    return by_password


def in_namespaces(lab):
    """This kernel, for a lab that needs network namespaces only."""
    if works("unshare", *(() if os.geteuid() == 0 else ("-Ur",)), "-n",
             "true") == 0:
        return Place(HERE)
    if rights.is_lent() and lab.solution:
        return Place(NOWHERE, why="this kernel does not allow network namespaces to "
                     "the notebook's owner, and the owner's program must not run "
                     "as root", fix=allow_namespaces())
    if os.geteuid() != 0 and root() is not None:
        return Place(HERE, as_root=root())
    return Place(NOWHERE, why="this kernel does not allow you network namespaces",
                 fix=allow_namespaces())


def here(lab, ask):
    """This kernel, or why not. ask: sudo may ask for a password."""
    needs = lab.needs
    if needs == "namespaces":
        return in_namespaces(lab)
    if rights.is_lent() and lab.is_bpf:
        return Place(NOWHERE, why="root does not load a program into this kernel "
                     "that the notebook's owner has written")
    as_root = as_root_for(needs, ask)
    if isinstance(as_root, Place):
        return as_root
    if needs == "root":
        return Place(HERE, as_root=as_root)
    best = tier(as_root)
    if best == "kprobe" or (best and needs == "tracer"):
        return Place(HERE, tier=best, as_root=as_root)
    why = "this kernel has no kprobes" if best else \
        "this kernel cannot be traced"
    return Place(NOWHERE, why=why + " (make doctor says more)")


def in_vm(needs):
    """The lab VM, or why not."""
    lacking = vm_lacks()
    if lacking:
        return Place(NOWHERE, why="the lab VM cannot start: "
                     + are_not_installed(lacking), fix=(INSTALL,))
    return Place(VM,
                 tier="kprobe" if needs in ("tracer", "kprobes") else "none")


def find(lab, vm_only=False, ask=False):
    """Where a lab runs; with NOWHERE, why, and the commands that fix it."""
    if not_built():
        return Place(NOWHERE, why=f"{not_built()} is not built",
                     fix=("make",))
    if commands_missing(lab):
        return Place(NOWHERE, why=are_not_installed(commands_missing(lab)),
                     fix=(INSTALL,))
    native = here(lab, ask) if not vm_only else \
        Place(NOWHERE, why="asked for")
    if native.where == HERE:
        return native
    virtual = in_vm(lab.needs)
    return Place(virtual.where, virtual.tier, None,
                 "; ".join(filter(None, (native.why, virtual.why))),
                 native.fix + virtual.fix)
