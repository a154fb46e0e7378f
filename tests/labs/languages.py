#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The labs in Chinese, Japanese and Korean: names what is missing, or older than its
English original (TAP). `languages.py --renew LANGUAGE NN` notes that a translation
has been brought up to its originals.
"""
import ast
import hashlib
import pathlib
import re
import string
import sys

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "labs"))
# pylint: disable=wrong-import-position
from runner import catalogue, language, prediction  # noqa: E402

TRANSLATED = ("01", "02", "03", "07")
FILES = ("README.md", "predict.json", "hints", "answers", "check")
SCRIPT = {"zh": "\u4e00-\u9fff", "ja": "\u3040-\u30ff", "ko": "\uac00-\ud7a3"}
BLOCK = re.compile(r"```console.*?```", re.S)
count = failed = 0


def report(name, wrong):
    """A case: wrong lists what is wrong."""
    global count, failed  # pylint: disable=global-statement
    count, wrong = count + 1, list(wrong)
    failed += bool(wrong)
    print(f"{'not ok' if wrong else 'ok'} {count} - {name}")
    for line in wrong:
        print(f"# {line}")


def is_text(node):
    """Whether a node of Python's syntax is a text."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def calls(path, names):
    """The calls of these functions in a file: (name, node)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in names:
                yield name, node


def messages():
    """Every message of the runner's: the first argument of say() and label()."""
    found = set()
    for path in (TOP / "labs" / "runner").glob("*.py"):
        for _, node in calls(path, ("say", "label", "labelled")):
            found |= {part.value for part in ast.walk(node.args[0])
                      if is_text(part) and part.value}
    from runner.cli import USAGE_TEXT  # pylint: disable=import-outside-toplevel
    return found | {USAGE_TEXT}


def of_check(lab):
    """The claims, questions and hints of a lab's check."""
    found = set()
    for name, node in calls(lab.folder / "check", ("part", "question")):
        texts = node.args if name == "part" else node.args[1:]
        texts = texts + [keyword.value for keyword in node.keywords]
        found |= {text.value for text in texts if is_text(text)}
    return found


def places(text):
    """The {names} of a message."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text)
                  if name is not None)


def table(path, keys, script):
    """What is wrong with a table of translations."""
    if not path.is_file():
        yield f"{path.relative_to(TOP)} is missing"
        return
    made = catalogue.read_json(path)
    yield from (f"missing: {key!r}" for key in sorted(keys - made.keys()))
    yield from (f"of no use: {key!r}" for key in sorted(made.keys() - keys))
    for key, text in made.items():
        if key in keys and places(key) != places(text):
            yield f"other {{names}} than {key!r}"
        if not re.search(f"[{script}\u4e00-\u9fff]", text):
            yield f"not translated: {key!r}"


def digest(lab, name):
    """SHA-256 of an original."""
    return hashlib.sha256((lab.folder / name).read_bytes()).hexdigest()


def older(lab, folder):
    """The translations that are older than their originals."""
    path = folder / "originals"
    noted = dict(reversed(line.split()) for line in path.read_text(
        encoding="utf-8").splitlines()) if path.is_file() else {}
    for name in FILES:
        if noted.get(name) != digest(lab, name):
            made = "check.json" if name == "check" else name
            yield f"{(folder / made).relative_to(TOP)} is older than its original"


def shape(text):
    """What a translation shares with its original: headings, rows, commands."""
    return {"headings": re.findall(r"^#+", text, re.M),
            "rows of tables": len(re.findall(r"^\|", text, re.M)),
            "console blocks": BLOCK.findall(text),
            "commands": sorted(" ".join(command.split()) for command in re.findall(
                r"`((?:labs|tracer|make)\b[^`]*)`", BLOCK.sub("", text))),
            "lists": len(re.findall(r"^(?:-|\d\.) ", text, re.M))}


def handout(lab, folder, script):
    """What is wrong with the texts of a translation."""
    for name in ("README.md", "hints", "answers"):
        path = folder / name
        if not path.is_file():
            yield f"{path.relative_to(TOP)} is missing"
            continue
        text = path.read_text(encoding="utf-8")
        if not re.search(f"[{script}]", text):
            yield f"{name} is not translated"
        original = (lab.folder / name).read_text(encoding="utf-8")
        if name == "hints" and text.count("\n---\n") != 2:
            yield "hints has not three steps"
        if name == "README.md":
            made, wanted = shape(text), shape(original)
            yield from (f"README.md: other {what} than in English"
                        for what in wanted if made[what] != wanted[what])


def predicts(lab, folder, monkey):
    """What is wrong with a translated predict.json; monkey chooses the language."""
    english = prediction.load(lab)
    monkey(folder.name)
    made = prediction.load(lab)
    monkey("")
    if made["right"] != english["right"] or \
            made["choices"].keys() != english["choices"].keys():
        yield "predict.json has other choices"
    if made["question"] == english["question"]:
        yield "predict.json is not translated"


def lines(tongue, labs):
    """What is wrong with the lines that a question of each lab is printed in."""
    for number in TRANSLATED:
        text = prediction.load(labs[number])["question"]
        made = language.wrap(text, 60, "", "    ")
        words = "".join(made).replace(" ", "")
        if words != text.replace(" ", ""):
            yield f"{number}: letters are lost"
        for line in made:
            if language.columns(line) > 60:
                yield f"wider than 60 columns: {line}"
            if line.strip()[0] in language.NOT_FIRST:
                yield f"begins with a mark that may not: {line}"
        if tongue == "ko" and not {word for line in made
                                   for word in line.split()} <= set(text.split()):
            yield f"{number}: a word is broken"


def choose(chosen):
    """The language from here on."""
    language.chosen = lambda: chosen


def main():
    """All languages."""
    labs = {lab.number: lab for lab in catalogue.all_labs()}
    for tongue in language.LANGUAGES:
        script = SCRIPT[tongue]
        report(f"{tongue}: the runner's messages", table(
            TOP / "labs" / "runner" / f"{tongue}.json", messages(), script))
        choose(tongue)
        report(f"{tongue}: lines of 60 columns", lines(tongue, labs))
        choose("")
        for number in TRANSLATED:
            lab = labs[number]
            folder, name = lab.folder / tongue, f"{tongue}: {lab.name}"
            report(f"{name}: the texts", handout(lab, folder, script))
            report(f"{name}: the prediction", predicts(lab, folder, choose))
            report(f"{name}: the check's words", table(
                folder / "check.json", of_check(lab), script))
            report(f"{name}: as new as the originals", older(lab, folder))
    print(f"1..{count}")
    return failed > 0


def renew(tongue, number):
    """Note the originals that a translation is of."""
    lab = catalogue.find(number)
    (lab.folder / tongue / "originals").write_text("".join(
        f"{digest(lab, name)}  {name}\n" for name in FILES), encoding="utf-8")
    return 0


sys.exit(renew(*sys.argv[2:]) if sys.argv[1:2] == ["--renew"] else main())
