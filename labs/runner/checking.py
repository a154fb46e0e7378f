# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What a lab's `check` is written with.

A check looks at the evidence of one run and at nothing else:

    from runner.checking import Check, expect, inconclusive

    check = Check()

    @check.observed
    def _(run):
        "The choice of predict.json that this run shows, and a sentence."
        return "a", "connect(2) put 0 packets on the wire"

    @check.part("connect(2) on a UDP socket put nothing on the wire")
    def _(run):
        expect("0 packets before the first write(2)", packets_before(run) == 0,
               came="1 packet: ...")

    @check.question("port", "Which local port did connect(2) choose?")
    def _(run):
        return 40112   # held against what she answered; text is compared
                       # without regard to case and blanks

    check.main()

    labs/NN-name/check [FOLDER]          text; exit status 0, 1 or 2
    labs/NN-name/check --json [FOLDER]   the same for the runner

A part passes if it returns. It fails where an expect() does not hold, and is
inconclusive where the evidence cannot tell: a file is not there, a capture saw
nothing at all. Read next: evidence.py, what `run` offers.
"""
import json
import pathlib
import sys

from .errors import FAIL, INCONCLUSIVE, PASS
from .evidence import Evidence, NoEvidence
from .render import text

STATUS = {"pass": PASS, "fail": FAIL, "inconclusive": INCONCLUSIVE}


class Failed(Exception):
    """An assertion that does not hold."""


def expect(expected, holds, came, after=()):
    """An assertion: what was expected, whether it came, what came instead;
    after: its own steps, where they are not those of the whole run.
    """
    if not holds:
        raise Failed(expected, came, list(after))


def inconclusive(why):
    """The evidence does not tell."""
    raise NoEvidence(why)


def plain(answer):
    """An answer as it is compared: case, blanks and a full stop aside."""
    return " ".join(str(answer).lower().split()).rstrip(".")


class Check:
    """The parts and questions of one lab."""

    def __init__(self):
        self._parts = []
        self._questions = []
        self._observe = None

    def observed(self, function):
        """The function that says which choice of predict.json came true; it
        returns (letter or None, sentence).
        """
        self._observe = function
        return function

    def part(self, claim):
        """A function that looks at one assertion, or several of one claim."""
        def keep(function):
            self._parts.append((claim, function))
            return function
        return keep

    def question(self, name, ask, hint=""):
        """A function that returns the right answer for this run: one value, or
        a tuple of values that are all right. A wrong answer is told hint.
        """
        def keep(function):
            self._questions.append((name, ask, hint, function))
            return function
        return keep

    def look(self, run):
        """Everything about one run, as a dictionary that JSON can carry."""
        parts = [judged(claim, function, run)
                 for claim, function in self._parts]
        questions = [asked(*question, run) for question in self._questions]
        try:
            choice, sentence = self._observe(run)
        except NoEvidence as why:
            choice, sentence = None, f"nothing that can be relied on: {why}"
        everything = parts + questions
        return {"observed": {"choice": choice, "sentence": sentence},
                "parts": parts, "questions": questions,
                "steps": run.steps(),
                "score": sum(x["result"] == "pass" for x in everything),
                "of": len(everything), "result": overall(parts, questions)}

    def main(self):
        """The check as a program; ends the process."""
        words = [word for word in sys.argv[1:] if word != "--json"]
        folder = pathlib.Path(words[0]) if words else own_evidence()
        found = self.look(Evidence(folder))
        print(json.dumps(found) if "--json" in sys.argv[1:] else text(found))
        sys.exit(STATUS[found["result"]])


def own_evidence():
    """The last run of the lab whose check was started."""
    from . import notebook  # pylint: disable=import-outside-toplevel
    number = pathlib.Path(sys.argv[0]).resolve().parent.name[:2]
    return notebook.folder() / number / "run"


def judged(claim, function, run):
    """One part: pass, fail with what was expected and came, inconclusive."""
    part = {"claim": claim, "result": "pass"}
    try:
        function(run)
    except Failed as failure:
        part.update(result="fail", expected=failure.args[0],
                    came=str(failure.args[1]))
        if failure.args[2]:
            part["steps"] = failure.args[2]
    except NoEvidence as why:
        part.update(result="inconclusive", why=str(why))
    return part


def asked(name, ask, hint, function, run):
    """One question: what she answered held against this run."""
    item = {"name": name, "ask": ask, "result": "fail", "given": None}
    given = run.answers().get(name)
    try:
        right = function(run)
    except NoEvidence as why:
        item.update(result="inconclusive", why=str(why))
        return item
    right = right if isinstance(right, tuple) else (right,)
    item["right"] = str(right[0])
    if given is not None:
        item["given"] = given
        item["hint"] = hint
        if plain(given) in [plain(value) for value in right]:
            item["result"] = "pass"
    return item


def overall(parts, questions):
    """One verdict: a part that fails is told before one that cannot tell, and
    both before an answer that is missing.
    """
    for result in ("fail", "inconclusive"):
        if any(part["result"] == result for part in parts):
            return result
    for result in ("inconclusive", "fail"):
        if any(item["result"] == result for item in questions):
            return result
    return "pass"
