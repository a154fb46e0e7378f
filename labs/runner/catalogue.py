# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The labs' folders. In: labs/NN-name/. Out: the contents of each lab.json."""
import json
import pathlib
import re
from dataclasses import dataclass, field

from . import rights
from .errors import DAMAGED, USAGE, LabError

LABS = pathlib.Path(__file__).resolve().parent.parent
TOP = LABS.parent

# What a lab may need from the kernel, least first. See place.py.
NEEDS = ("namespaces", "root", "tracer", "kprobes")


@dataclass(frozen=True)
class Lab:
    """A lab as it is shipped."""
    number: str  # "02"
    folder: pathlib.Path
    title: str
    needs: str  # one of NEEDS
    minutes: int
    commands: dict = field(default_factory=dict)  # command -> Debian package
    solution: str = ""  # file in folder; start.c is cut from it
    libraries: tuple = ()  # for the linker, if students write code
    after: tuple = ()  # numbers of the labs that come first
    reads: tuple = ()  # RFCs, and chapters of textbooks (handouts/term.md)

    @property
    def name(self):
        return self.folder.name

    @property
    def is_bpf(self):
        """Whether students write for the kernel: an eBPF program."""
        return self.solution.endswith(".bpf.c")

    @property
    def start(self):
        """The name of the student's file in the notebook."""
        return "start.bpf.c" if self.is_bpf else "start.c"


def read_text(path):
    """The text of a file of ours. LabError if it cannot be read."""
    try:
        with rights.root():
            return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise LabError(DAMAGED, f"{shown(path)} cannot be read: {why}") \
            from None


def read_json(path):
    """The same for a JSON object."""
    return parse_object(read_text(path), path)


def no_constant(word):
    """NaN and Infinity, which Python would take, are not JSON (RFC 8259, 6)."""
    raise ValueError(f"{word} is not a number in JSON")


def parse_json(text):
    """A value; ValueError if the text is not JSON."""
    try:
        return json.loads(text, parse_constant=no_constant)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def parse_object(text, path):
    """The JSON object in a file; bytes have to be UTF-8. Anything else ends
    the runner with a line.
    """
    try:
        text = text if isinstance(text, str) else text.decode()
    except ValueError as error:
        raise LabError(DAMAGED, f"{shown(path)} cannot be read: {error}") \
            from None
    try:
        value = parse_json(text)
    except ValueError as error:
        raise LabError(DAMAGED,
                       f"{shown(path)} is damaged: {error}") from None
    if not isinstance(value, dict):
        raise LabError(DAMAGED, f"{shown(path)} holds no JSON object")
    return value


def shown(path):
    """A path, relative to the top of the checkout if it is inside."""
    try:
        return str(pathlib.Path(path).relative_to(TOP))
    except ValueError:
        return str(path)


def load(folder):
    """The lab in a folder."""
    about = read_json(folder / "lab.json")
    try:
        lab = Lab(folder.name[:2], folder, about["title"], about["needs"],
                  about["minutes"], about.get("commands", {}),
                  about.get("solution", ""),
                  tuple(about.get("libraries", ())),
                  tuple(about.get("after", ())), tuple(about.get("reads", ())))
    except KeyError as key:
        raise LabError(DAMAGED, f"{shown(folder)}/lab.json lacks {key}") \
            from None
    if lab.needs not in NEEDS:
        raise LabError(DAMAGED, f"{shown(folder)}/lab.json: 'needs' must be one of "
                       + ", ".join(NEEDS))
    return lab


def all_labs():
    """Every lab, by number."""
    with rights.root():
        return [load(folder) for folder in sorted(LABS.glob("[0-9][0-9]-*"))
                if (folder / "lab.json").exists()]


def find(word):
    """The lab for 2, 02, 02-udp-connect, udp-connect, or the path of its folder,
    as a shell completes it.
    """
    labs = all_labs()
    name = word.rstrip("/").removeprefix("./").removeprefix("labs/").lower()
    if re.fullmatch(r"\d{1,2}", word):
        found = [lab for lab in labs if int(lab.number) == int(word)]
    else:
        found = [lab for lab in labs if name in (lab.name, lab.name[3:])]
    if not found:
        raise LabError(USAGE, f"there is no lab {word}; labs/lab list "
                       "shows them all")
    return found[0]
