#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The labs in Chinese, Japanese and Korean: names what is missing, or older than its
English original (TAP). `languages.py --renew LANGUAGE NN` notes that a translation
has been brought up to its originals; book in the place of NN: that of the book.
"""
import ast
import hashlib
import itertools
import os
import pathlib
import re
import string
import subprocess
import sys

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "labs"))
# pylint: disable=wrong-import-position
from runner import catalogue, language, prediction  # noqa: E402

TRANSLATED = ("01", "02", "03", "07")
FILES = ("README.md", "predict.json", "hints", "answers", "check", "teacher.md")
TABLES = TOP / "labs" / "runner"
BOOK = TOP / "labs" / "handouts"
PAGES = ("student.md", "term.md")  # of the book itself
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


def parts(node):
    """The pieces of a text that a program makes: a piece, or None for a value."""
    if is_text(node):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for value in node.values:
            yield from parts(value)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from parts(node.left)
        yield from parts(node.right)
    else:
        yield None


def templates(node):
    """The texts that an expression can make, with {0}, {1}... for its values; those
    that have a word to translate.
    """
    if isinstance(node, ast.BoolOp):
        yield from (text for value in node.values for text in templates(value))
    elif isinstance(node, ast.IfExp):
        yield from (*templates(node.body), *templates(node.orelse))
    elif isinstance(node, ast.Tuple):
        yield from (text for value in node.elts for text in templates(value))
    else:
        places = itertools.count()
        text = "".join(f"{{{next(places)}}}" if part is None else
                       part.replace("{", "{{").replace("}", "}}")
                       for part in parts(node))
        if language.is_message(text):
            yield text


# Where a text is made that told() or of_check() translates: the function that is
# called, and which of its arguments; "came" and "why" are keywords.
MADE = {"LabError": 1, "NoEvidence": 0, "inconclusive": 0, "expect": 0,
        "_locked": 2, "Place": None}
RETURNS = ("lacks", "are_not_installed", "_")  # "_": a lab's observed()
KEYS = ("claim", "expected", "came")
# These are about a lab's own files: its author sees them, and no student does.
AUTHORS = re.compile(r"lab\.json|/check is broken|the labs speak en|"
                     r"needs a question|choice \{1\} needs|right is not one of the choices")


def made(path):
    """The texts that a file makes in the places of MADE, RETURNS and KEYS."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name not in MADE:
                continue
            place = MADE[name]
            arguments = node.args[place:place + 1] if place is not None else []
            for argument in arguments + [keyword.value for keyword in node.keywords
                                         if keyword.arg in ("came", "why")]:
                yield from templates(argument)
        elif isinstance(node, ast.FunctionDef) and node.name in RETURNS:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value:
                    yield from templates(inner.value)
                elif isinstance(inner, ast.Assign) and \
                        getattr(inner.targets[0], "id", "") == "sentence":
                    yield from templates(inner.value)
        elif isinstance(node, ast.Assign) and \
                getattr(node.targets[0], "id", "") == "why":
            yield from templates(node.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values):
                if is_text(key) and key.value in KEYS:
                    yield from templates(value)


def messages():
    """Every message of the runner's: the first argument of say() and label(), what
    told() translates, and the titles of the labs.
    """
    # pylint: disable=import-outside-toplevel
    from runner import checking, cli, place
    found = {cli.USAGE_TEXT, checking.NOT_YOURS, place.HERE, place.VM, place.NOWHERE,
             place.PASSWORD, "run labs/lab as root", checking.UNRELIABLE}
    found |= {lab.title for lab in catalogue.all_labs()}
    for path in (*(TOP / "labs" / "runner").glob("*.py"),
                 TOP / "labs" / "handouts" / "book"):
        for _, node in calls(path, ("say", "label", "labelled")):
            found |= {part.value for part in ast.walk(node.args[0])
                      if is_text(part) and part.value}
        found |= {text for text in made(path) if not AUTHORS.search(text)}
    return found


def of_check(lab):
    """What a lab's check says: claims, questions and hints, and what it expected and
    what came.
    """
    found = set()
    for name, node in calls(lab.folder / "check", ("part", "question")):
        texts = node.args if name == "part" else node.args[1:]
        texts = texts + [keyword.value for keyword in node.keywords]
        found |= {text.value for text in texts if is_text(text)}
    return found | set(made(lab.folder / "check"))


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


def digest(folder, name):
    """SHA-256 of an original."""
    return hashlib.sha256((folder / name).read_bytes()).hexdigest()


def older(original, folder, names):
    """The translations that are older than their originals."""
    path = folder / "originals"
    noted = dict(reversed(line.split()) for line in path.read_text(
        encoding="utf-8").splitlines()) if path.is_file() else {}
    for name in names:
        if noted.get(name) != digest(original, name):
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
    for name in ("README.md", "hints", "answers", "teacher.md"):
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
        if name == "README.md" and text.splitlines()[0] != \
                f"# {lab.number} {catalogue.read_json(TABLES / f'{folder.name}.json')[lab.title]}":
            yield "README.md: its title is not that of the list"
        if name.endswith(".md"):
            yield from unlike(name, text, original)


def unlike(name, text, original):
    """What a translation does not share with its original, though it has to."""
    was, wanted = shape(text), shape(original)
    yield from (f"{name}: other {what} than in English"
                for what in wanted if was[what] != wanted[what])


def pages(folder, script):
    """What is wrong with the pages of the book itself."""
    for name in PAGES:
        if not (folder / name).is_file():
            yield f"{(folder / name).relative_to(TOP)} is missing"
            continue
        text = (folder / name).read_text(encoding="utf-8")
        if not re.search(f"[{script}]", text):
            yield f"{name} is not translated"
        if f"\nlang: {folder.name}\n" not in text:
            yield f"{name} does not name its language"
        yield from unlike(name, text, (BOOK / name).read_text(encoding="utf-8"))


def book(tongue, labs):
    """What is wrong with what `make handouts` makes of all this."""
    for which in ("student", "teacher"):
        done = subprocess.run([BOOK / "book", which], capture_output=True,
                              text=True, check=False,
                              env={**os.environ, "LABS_LANG": tongue})
        text = done.stdout.replace("\\*", "*").replace("\\_", "_")
        if done.returncode or not text.startswith("---\ntitle: "):
            yield f"{which}: exit status {done.returncode}: {done.stderr[-200:]}"
        yield from (f"{which}: in English: {word}" for word in re.findall(
            r"^(?:## )?(?:\*\*)?(Answer sheet|Notes|Prediction|Answers|\d+ minutes\..*)",
            text, re.M))
        for number, lab in labs.items():
            where = lab.folder / tongue if number in TRANSLATED else lab.folder
            name = "README.md" if which == "student" else "teacher.md"
            part = (where / name).read_text(encoding="utf-8").split("\n\n")[-1]
            if part.strip() not in text:
                yield f"{which}: lacks the end of {(where / name).relative_to(TOP)}"
            title = f"# {number} {catalogue.read_json(TABLES / f'{tongue}.json')[lab.title]}"
            if (which == "teacher" or number in TRANSLATED) and title not in text:
                yield f"{which}: lacks the title {title}"


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


def filled(labs, script):
    """What is wrong with messages in which values already stand."""
    word = language.of_check(labs["01"].folder)
    for say, text, values in (
            (word, "12 packets on the cable", ("12",)),
            (word, "nothing that can be relied on: run.jsonl has no beginning",
             ("run.jsonl",)),
            (language.told, "there is no lab 99; labs/lab list shows them all",
             ("99", "labs/lab list")),
            (language.told, "this kernel has no kprobes (make doctor says more); "
             "the lab VM cannot start: busybox, xz are not installed",
             ("make doctor", "busybox, xz"))):
        made = say(text)
        # [a-z] besides the values: an English word is left
        rest = re.sub("|".join(map(re.escape, (*values, "lab VM", "kprobe"))), "", made)
        if not re.search(f"[{script}]", made) or re.search("[a-z]{3}", rest) or \
                any(value not in made for value in values):
            yield f"{text!r} is {made!r}"
    for other in ("10.0.0.1:40112 → 10.0.0.2:9007", "HELLO-7f3a", "", "x" * 5000):
        if word(other) != other:
            yield f"{other[:40]!r} is not left as it is"


def choose(chosen):
    """The language from here on."""
    language.chosen = lambda: chosen


def main():
    """All languages."""
    labs = {lab.number: lab for lab in catalogue.all_labs()}
    for tongue in language.LANGUAGES:
        script = SCRIPT[tongue]
        report(f"{tongue}: the runner's messages", table(
            TABLES / f"{tongue}.json", messages(), script))
        choose(tongue)
        report(f"{tongue}: messages with values",
               filled(labs, script))
        report(f"{tongue}: lines of 60 columns", lines(tongue, labs))
        choose("")
        report(f"{tongue}: the pages of the book", pages(BOOK / tongue, script))
        report(f"{tongue}: as new as the originals",
               older(BOOK, BOOK / tongue, PAGES))
        report(f"{tongue}: the book", book(tongue, labs))
        for number in TRANSLATED:
            lab = labs[number]
            folder, name = lab.folder / tongue, f"{tongue}: {lab.name}"
            report(f"{name}: the texts", handout(lab, folder, script))
            report(f"{name}: the prediction", predicts(lab, folder, choose))
            report(f"{name}: the check's words", table(
                folder / "check.json", of_check(lab) - messages(), script))
            report(f"{name}: as new as the originals", older(
                lab.folder, folder, FILES))
    print(f"1..{count}")
    return failed > 0


def renew(tongue, number):
    """Note the originals that a translation is of: those of a lab, or of the book."""
    folder, names = (BOOK, PAGES) if number == "book" else \
        (catalogue.find(number).folder, FILES)
    (folder / tongue / "originals").write_text("".join(
        f"{digest(folder, name)}  {name}\n" for name in names), encoding="utf-8")
    return 0


sys.exit(renew(*sys.argv[2:]) if sys.argv[1:2] == ["--renew"] else main())
