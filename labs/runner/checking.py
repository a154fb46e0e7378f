# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The functions that a lab's `check` uses.

A check reads the evidence of one run and nothing else:

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
        return 40112   # compared with the student's answer in plain() form:
                       # ":40112", "port 40112" are right, too

    check.main()

    labs/NN-name/check [FOLDER]          text; exit status 0, 1 or 2
    labs/NN-name/check --json [FOLDER]   the same for the runner

A part passes if it returns. It fails if an expect() does not hold. It is
inconclusive if the evidence proves nothing: a file is missing, a capture saw
nothing at all, or a record is not what the check reads. evidence.py has the
methods of `run`.
"""
import json
import os
import pathlib
import re
import signal
import sys
import traceback

from . import greeting, language
from .errors import DAMAGED, FAIL, INCONCLUSIVE, PASS, LabError
from .evidence import Evidence, NoEvidence
from .render import text
from .visible import guard_output, visible

STATUS = {"pass": PASS, "fail": FAIL, "inconclusive": INCONCLUSIVE}
NOT_YOURS = "the run is yours"  # the claim of a part that only ever fails
UNRELIABLE = "nothing that can be relied on: {0}"  # what such a run shows
WORDS = 2000  # characters of what came: the evidence may have megabytes
PROCESSOR_S = 20  # a check takes less than one second of processor time


class Failed(Exception):
    """An assertion that does not hold."""


def expect(expected, holds, came, after=()):
    """An assertion: what was expected, whether it holds, what came instead.
    after: the steps of this assertion, if they differ from the whole run's.
    """
    if not holds:
        raise Failed(expected, came, list(after))


def inconclusive(why):
    """The evidence proves nothing, and why."""
    raise NoEvidence(why)


NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven",
           "eight", "nine", "ten")
UNITS = "bytes?|octets?|b|ms|milliseconds?|packets?|functions?|frames?|sockets?"


def plain(answer):
    """An answer in one form, to compare: "SYN, ACK" is like "SYN-ACK", "poll(2)"
    like "Poll", "13 bytes" like "13", ":9007" like "9007", "zero" like "0".
    """
    text = "-".join(filter(None, re.split(r"[\s,+/\[\]-]+",
                                          str(answer).lower().rstrip(" ."))))
    text = re.sub(r"(?<=\w)\((\d\w*)?\)$", "", text)
    if text in NUMBERS:
        return str(NUMBERS.index(text))
    if number := re.fullmatch(rf"(?:port-|:)?(\d+)(?:-?(?:{UNITS}))?", text):
        return str(int(number[1]))
    return text


def short(came):
    """What came, if need be without its end."""
    came = str(came)
    return came if len(came) <= WORDS else came[:WORDS] + " ..."


def attempt(function, run):
    """What a function of a check returns. It may trip over evidence in which
    a text stands for a number: then the evidence cannot tell.
    """
    try:
        return function(run)
    except (Failed, NoEvidence, LabError):
        raise
    except Exception as error:  # pylint: disable=broad-exception-caught
        line = traceback.extract_tb(error.__traceback__)[-1].lineno
        raise NoEvidence(f"this is not what the check can read (line {line}: "
                         f"{type(error).__name__}: {error})") from None


def too_long(*_):
    """Evidence can be written so that a pattern takes days to match."""
    raise LabError(DAMAGED, "the check takes longer than "
                   f"{PROCESSOR_S} s: the evidence is not that of a run")


class Check:
    """The parts and questions of one lab."""

    def __init__(self):
        self._parts = []
        self._questions = []
        self._observe = None

    def observed(self, function):
        """Register the function that says which choice of predict.json the run
        shows. It returns (letter or None, sentence).
        """
        self._observe = function
        return function

    def part(self, claim):
        """Register a function that checks one claim: one assertion or more."""
        def keep(function):
            self._parts.append((claim, function))
            return function
        return keep

    def question(self, name, ask, hint=""):
        """Register a function that returns the right answer for this run: one
        value, or a tuple of values that are all right. After a wrong answer
        the check prints hint.
        """
        def keep(function):
            self._questions.append((name, ask, hint, function))
            return function
        return keep

    def look(self, run):
        """All results for one run, as a dictionary that fits into JSON."""
        parts = whose(run) + [judged(claim, function, run)
                              for claim, function in self._parts]
        questions = [asked(*question, run) for question in self._questions]
        try:
            choice, sentence = attempt(self._observe, run)
        except NoEvidence as why:
            choice, sentence = None, UNRELIABLE.format(why)
        everything = parts + questions
        return {"observed": {"choice": choice, "sentence": sentence},
                "parts": parts, "questions": questions,
                "steps": run.steps(),
                "score": sum(x["result"] == "pass" for x in everything),
                "of": len(everything), "result": overall(parts, questions)}

    def main(self):
        """Run the check as a program, and end the process."""
        words = [word for word in sys.argv[1:] if word != "--json"]
        guard_output()
        signal.signal(signal.SIGPROF, too_long)
        signal.setitimer(signal.ITIMER_PROF, PROCESSOR_S)
        try:
            found = self.look(Evidence(pathlib.Path(words[0]) if words
                                       else own_evidence()))
        except LabError as error:
            print(f"check: {visible(language.told(error))}", file=sys.stderr)
            sys.exit(error.status)
        word = language.of_check(pathlib.Path(sys.argv[0]).resolve().parent)
        print(json.dumps(found) if "--json" in sys.argv[1:]
              else text(found, word))
        sys.exit(STATUS[found["result"]])


def own_evidence():
    """The last run of the lab whose check, or other program, was started."""
    # pylint: disable=import-outside-toplevel
    from . import catalogue, notebook
    lab = catalogue.find(pathlib.Path(sys.argv[0]).resolve().parent.name)
    return notebook.open_evidence(lab) or notebook.evidence(lab)


def show(function):
    """A program of a lab that shows evidence, as a whole: function prints it.
    Where it cannot be shown, one line says why.
    """
    guard_output()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # ... | head
    program = pathlib.Path(sys.argv[0])
    try:
        attempt(lambda _: function(), None)
    except (NoEvidence, LabError) as why:
        number = program.resolve().parent.name[:2]
        sys.exit(f"{program.name}: {visible(why)}; labs/lab run {number} "
                 "comes first")


def whose(run):
    """A failed part, if the run was made for another student than LAB_STUDENT."""
    student = os.environ.get("LAB_STUDENT", "")
    lab = pathlib.Path(sys.argv[0]).resolve().parent.name
    other = student and greeting.another_students(run, student, lab)
    return [{"claim": NOT_YOURS, "result": "fail",
             "expected": f"a message made for {student}",
             "came": f"{other}, made for somebody else"}] if other else []


def judged(claim, function, run):
    """One part: pass, inconclusive, or fail with expected and actual value."""
    part = {"claim": claim, "result": "pass"}
    try:
        attempt(function, run)
    except Failed as failure:
        part.update(result="fail", expected=failure.args[0],
                    came=short(failure.args[1]))
        if failure.args[2]:
            part["steps"] = failure.args[2]
    except NoEvidence as why:
        part.update(result="inconclusive", why=short(why))
    return part


def asked(name, ask, hint, function, run):
    """One question: compare the student's answer with this run."""
    item = {"name": name, "ask": ask, "result": "fail", "given": None}
    given = run.answers().get(name)
    try:
        right = attempt(function, run)
    except NoEvidence as why:
        item.update(result="inconclusive", why=short(why))
        return item
    right = right if isinstance(right, tuple) else (right,)
    if given is not None:
        item["given"] = given
        item["hint"] = hint
        if plain(given) in [plain(value) for value in right]:
            item["result"] = "pass"
    return item


def overall(parts, questions):
    """One verdict: a failed part comes before an inconclusive one, and both
    come before a missing answer.
    """
    for result in ("fail", "inconclusive"):
        if any(part["result"] == result for part in parts):
            return result
    for result in ("inconclusive", "fail"):
        if any(item["result"] == result for item in questions):
            return result
    return "pass"
