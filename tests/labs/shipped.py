#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Each lab's folder holds what labs/README.md asks for (TAP)."""
import os
import pathlib
import re
import sys

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "labs"))
# pylint: disable=wrong-import-position
from runner import catalogue, prediction  # noqa: E402
from runner.errors import LabError  # noqa: E402

SECTIONS = ["Claim", "Predict", "Run", "Observe", "Explain", "Check", "Modify",
            "Kernel notes", "Further"]
WORDS = 700
MINUTES = {"08": (15, 25), "09": (60, 70), "11": (60, 70), "12": (40, 50),
           "13": (25, 35), "14": (25, 35), "15": (25, 35), "16": (30, 40),
           "17": (60, 70), "20": (25, 35), "22": (40, 50), "23": (25, 35),
           "24": (25, 35)}  # the others: 15 to 25, or 70 if students write code
# Their handouts do not say that a program can read the result of the check.
NO_JSON = {f"{number:02}" for number in range(2, 11)}
# Questions of a handout that have no name in the check: what its answers say of them.
OPEN = {"01": ("keeps no list of clients",), "02": ("How long.",), "03": ("How long.", "as in lab 02"),
        "07": ("Which field of the UDP header",)}
# A command that a student types: in backticks, or behind a prompt. The programs
# are in no PATH, so their folders belong to it.
FENCE = re.compile(r"```.*?```", re.S)
BARE = re.compile(r"(?<![\w/.-])(tracer|echo-client|echo-server) +[\w-]")


def typed(text):
    """Each command of a text."""
    for fence in FENCE.findall(text):
        yield from re.findall(r"^\$ (.*)", fence, re.M)
    yield from re.findall(r"`([^`]+)`", FENCE.sub("", text))


def handout(lab):
    """What is wrong with the README of a lab."""
    text = (lab.folder / "README.md").read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```", "", text, flags=re.S)
    words = len(prose.split())
    if not text.startswith(f"# {lab.number} "):
        yield f"the title does not begin with '# {lab.number} '"
    if re.findall(r"^## (.*)$", text, re.M) != SECTIONS:
        yield "its sections are not " + ", ".join(SECTIONS)
    if words > WORDS:
        yield f"{words} words; {WORDS} at most"
    steps = text.split("## Run")[-1].split("## Observe")[0]
    if len(re.findall(r"^\d\. ", steps, re.M)) > 6:
        yield "more than six steps to run"
    if lab.number not in NO_JSON and f"labs/lab check {lab.number} --json" not in text:
        yield "its Check does not name --json"
    if "```console" not in text:
        yield "no console block, so nothing of it is tested"
    for name in ("README.md", "hints", "answers", "predict.json",
                 "teacher.md"):
        for command in typed((lab.folder / name).read_text("utf-8")):
            if re.search(r"tshark.*2> ?/dev/null", command):
                yield f"{name}: who has no tshark sees nothing: {command}"
            if re.match(r"labs/lab run \d\d --no-predict(?! 2>)", command):
                yield f"{name}: nobody has to predict: {command}"
            if "7007" in command:
                yield f"{name}: port 7007 has a dissector: {command}"
            if BARE.search(command):
                yield f"{name}: no shell finds the program: {command}"


def false_claims(lab):
    """README's tree shows functions that both paths of connect(2) call:
    security_socket_connect(), lock_sock_nested(), ip_route_output_flow().
    """
    text = (lab.folder / "predict.json").read_text(encoding="utf-8")
    for words in re.findall(r"shares? nothing|nothing is (?:shared|the same(?! as))",
                            text):
        yield f"predict.json says: {words}"


def folder(lab):
    """What is wrong with the other files."""
    for name in ("experiment", "check"):
        if not os.access(lab.folder / name, os.X_OK):
            yield f"{name} is not executable"
    for name in ("answers", "hints"):
        if not (lab.folder / name).is_file():
            yield f"{name} is missing"
    answers = (lab.folder / "answers").read_text(encoding="utf-8")
    for words in OPEN.get(lab.number, ()):
        if words not in answers:
            yield f"answers has nothing about: {words}"
    hints = (lab.folder / "hints").read_text(encoding="utf-8")
    if len(hints.split("\n---\n")) != 3:
        yield "hints has not three steps"
    if lab.solution and not (lab.folder / lab.solution).is_file():
        yield f"{lab.solution} is missing"
    least, most = MINUTES.get(lab.number, (15, 70 if lab.solution else 25))
    if not least <= lab.minutes <= most:
        yield f"minutes: this lab takes {least} to {most}"
    yield from false_claims(lab)
    try:
        prediction.load(lab)
    except LabError as error:
        yield str(error)


def letters(labs):
    """Who always predicts the same letter must not be right more often than not,
    nor three times in a row.
    """
    right = "".join(prediction.load(lab)["right"] for lab in labs)
    for letter in sorted(set(right)):
        if 2 * right.count(letter) > len(right):
            yield f"{letter} is right in {right.count(letter)} of {len(right)} labs"
        if 3 * letter in right:
            yield f"{letter} is right three times in a row: {right}"


def main():
    """TAP for every lab."""
    labs = catalogue.all_labs()
    bad = 0
    print(f"1..{2 * len(labs) + 1}")
    for i, lab in enumerate(labs):
        for j, (what, look) in enumerate((("handout", handout),
                                          ("folder", folder)), 1):
            wrong = list(look(lab))
            bad += bool(wrong)
            print("not ok" if wrong else "ok", 2 * i + j, "-", lab.name, what)
            for words in wrong:
                print("#", words)
    wrong = list(letters(labs))
    bad += bool(wrong)
    print("not ok" if wrong else "ok", 2 * len(labs) + 1,
          "- no letter is a good guess for each prediction")
    for words in wrong:
        print("#", words)
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
