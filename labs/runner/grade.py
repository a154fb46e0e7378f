# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Check, hint and answers.

In: the result of the lab's own `check` on the evidence of the last run. Out:
that result as text, a score in the notebook, and after a pass the lab's answers
and its solution.
"""
import json
import os
import subprocess

from . import notebook, recorded, render, report, rights
from .catalogue import read_text, shown
from .checking import STATUS, overall
from .errors import DAMAGED, TOO_EARLY, USAGE, LabError
from .evidence import ANSWER
from .language import of_check, path, say
from .visible import keep_names
from .workplace import keep_best


def last_run(lab, name="run"):
    """The folder of the last run, or of the last one of Modify, held open."""
    evidence = notebook.open_evidence(lab, name)
    if evidence is None and name == "modify":
        raise LabError(TOO_EARLY, f"lab {lab.number} has no run of Modify: that "
                       "is a run with a variable LAB_WITH_...")
    if evidence is None:
        raise LabError(TOO_EARLY, say(
            "lab {lab} has not been run: labs/lab run {lab}", lab=lab.number))
    return evidence


def examine(lab, name="run", student=None):
    """The result of the lab's check on the last run, or on the last one of
    Modify: checking.Check.look(). student: the run has to be this one's; without,
    the notebook's owner's, unless it is a recording.
    """
    evidence = last_run(lab, name)
    if student is None and not is_recorded(notebook.page(lab), name):
        student = report.student()
    with evidence, rights.root():  # to read the check; it follows no link
        done = subprocess.run([lab.folder / "check", "--json", evidence.here],
                              pass_fds=(evidence.descriptor,),
                              stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False,
                              env={**os.environ, "LAB_STUDENT": student or ""})
    last = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
    if done.returncode == DAMAGED:
        raise LabError(DAMAGED, f"{shown(evidence.path)}: "
                       + last.removeprefix("check: "))
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise LabError(DAMAGED, f"{shown(lab.folder)}/check is broken: "
                       f"{last}") from None


def is_recorded(page, name):
    """Whether a run that the notebook has is a recording."""
    return page.get(name, {}).get("where") == recorded.WHERE


def merit(checked):
    """What makes one check better than another: a pass, then the points."""
    return checked["result"] == "pass", checked["score"]


def left(found):
    """What is missing for a pass: claims of parts, and names of questions."""
    return [item.get("claim") or item["name"]
            for item in found["parts"] + found["questions"]
            if item["result"] != "pass"]


def note(lab, found, sheet):
    """Store the score in the notebook, with the time, and keep the best one and
    its evidence: the next run may be one that fails on purpose.
    """
    with notebook.noting(lab) as page:
        best = notebook.best(page)
        checked = {"at": notebook.now(), "result": found["result"],
                   "score": found["score"], "of": found["of"],
                   "where": page.get("run", {}).get("where", "")}
        page["checked"], page["left"] = checked, left(found)[:notebook.LEFT]
        is_best = best is None or merit(checked) > merit(best)
        page["best"] = checked if is_best else best
        if found["result"] == "pass":
            page.setdefault("passed", checked["at"])
    if is_best:
        keep_best(sheet)


def show(lab, found, as_json):
    """A result, as text or as JSON."""
    if as_json:
        keep_names()
        print(json.dumps(found, indent=1))
    else:
        print(render.text(found, of_check(lab.folder)))


def check_modify(lab, as_json=False):
    """labs/lab check NN --modify: no questions, and no points in the notebook."""
    found = examine(lab, "modify")
    parts, found["questions"] = found["parts"], []
    found["score"] = sum(part["result"] == "pass" for part in parts)
    found["of"], found["result"] = len(parts), overall(parts, [])
    show(lab, found, as_json)
    return STATUS[found["result"]]


def check(lab, as_json=False):
    """labs/lab check NN [--json]"""
    with last_run(lab):  # no folder is made for a lab that was not run
        pass
    with notebook.running(lab) as sheet:  # no run may replace what is kept
        found = examine(lab)
        note(lab, found, sheet)
    show(lab, found, as_json)
    if as_json:
        return STATUS[found["result"]]
    if any(item["given"] is None for item in found["questions"]):
        print(say("Answer with: labs/lab answers {lab} NAME=ANSWER",
                  lab=lab.number))
    elif found["result"] == "pass":
        print(say("The lab's own answers: labs/lab answers {lab}",
                  lab=lab.number))
    return STATUS[found["result"]]


def hint(lab):
    """labs/lab hint NN: the next of three; after the third, the third again."""
    hints = read_text(path(lab, "hints"))
    steps = [step.strip() for step in hints.split("\n---\n")]
    with notebook.noting(lab) as page:
        seen = min(page.get("hints", 0) + 1, len(steps))
        page["hints"] = seen
    print(say("Hint {seen} of {of}:", seen=seen, of=len(steps)))
    print(steps[seen - 1])
    return 0


def answers(lab, given):
    """labs/lab answers NN [NAME=ANSWER...]"""
    if given:
        return answer(lab, given)
    if "passed" not in notebook.page(lab):
        raise LabError(TOO_EARLY, say(
            "the answers come after a pass: labs/lab check {lab} (labs/lab "
            "hint {lab} helps)", lab=lab.number))
    print(read_text(path(lab, "answers")).strip())
    if lab.solution:
        print(f"\n{shown(lab.folder / lab.solution)}:\n")
        print(read_text(lab.folder / lab.solution).strip())
    return 0


def answer(lab, given):
    """Store the answers, and print for each whether it is right."""
    with notebook.running(lab):  # no run may replace what is answered
        names = keep(lab, examine(lab)["questions"], given)
    answered = [item for item in examine(lab)["questions"]
                if item["name"] in names]
    for item in answered:
        print("\n".join(render.question_lines(item, of_check(lab.folder))))
    with notebook.noting(lab) as page:
        made = [{"at": notebook.now(), "question": item["name"],
                 "right": item["result"] == "pass"} for item in answered]
        page["attempts"] = (page.get("attempts", []) +
                            made)[-notebook.ATTEMPTS:]
    return int(any(item["result"] != "pass" for item in answered))


def keep(lab, questions, given):
    """Add NAME=ANSWER to the answers. Returns the names that were given."""
    names = [item["name"] for item in questions]
    kept = {item["name"]: item["given"] for item in questions
            if item["given"] is not None}
    answered = set()
    for word in given:
        name, equals, value = word.partition("=")
        if not equals or name not in names:
            known = ", ".join(names) or "none"
            raise LabError(USAGE, f"'{word}' is not NAME=ANSWER with a "
                           f"question of lab {lab.number} ({known})")
        if len(value) > ANSWER:
            raise LabError(USAGE, f"the answer to '{name}' is longer than "
                           f"{ANSWER} characters")
        kept[name] = value.strip()
        answered.add(name)
    with notebook.open_evidence(lab) as run:
        notebook.write(run, "answers.json", json.dumps(kept))
    return answered
