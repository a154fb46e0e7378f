# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""List and report: all labs, and the state of this notebook.

The report in JSON is for a teacher with many students: an object with the
notebook's owner and one entry for each lab. `jq` can join thirty of them.
"""
import hashlib
import json
import pwd
from collections import Counter

from . import cut, notebook, recorded
from .catalogue import all_labs
from .evidence import TEXT
from .language import label, padded, say
from .visible import keep_names, visible


def state(page):
    """The state of a lab in one word or two."""
    best = notebook.best(page)
    if best:
        score = say("{score} of {of}", score=best["score"], of=best["of"])
        return {"pass": say("passed"), "fail": say("not yet"),
                "inconclusive": say("inconclusive")}[best["result"]] + \
            f", {score}"
    if "run" in page:
        return say("run")
    return say("predicted") if "predicted" in page else ""


def listing():
    """labs/lab list"""
    pages = notebook.progress()
    for lab in all_labs():
        done = state(pages.get(lab.number, {}))
        print(f"{lab.number}  {padded(say(lab.title), 58)} {done}".rstrip())
    return 0


def digest(folder):
    """SHA-256 of the evidence in an open folder: names, lengths and contents.
    Without the answers, so that a copy with other answers is still a copy; and
    without what is larger than evidence may be, such as the program.
    """
    made = hashlib.sha256()
    for name in folder.names():
        if name in ("answers.json", "program"):
            continue
        try:
            data = folder.read(name, TEXT)
        except OSError:
            continue
        made.update(f"{len(name.encode())} {name} {len(data)}\n".encode())
        made.update(data)
    return made.hexdigest()


def is_solution(lab, folder):
    """Whether the program of a run has comments of the lab's own solution; None: not
    known.
    """
    if not lab.solution:
        return None
    try:
        text = folder.read(lab.start, notebook.SMALL)
    except OSError:
        return None
    return cut.is_solution(text.decode(errors="replace"))


def judged_run(lab):
    """Which run the marks come from, its digest(), and is_solution(): ("best", ...).
    Older notebooks have only "run". (None, None, None) for a lab that was not run.
    """
    for name in ("best", "run"):
        folder = notebook.open_evidence(lab, name)
        if folder is not None:
            with folder, notebook.keeping(folder.path):
                return name, digest(folder), is_solution(lab, folder)
    return None, None, None


def entry(lab, page):
    """The entry of one lab in the report; null means: not done."""
    predicted = page.get("predicted", {})
    run, best = page.get("run", {}), notebook.best(page) or {}
    return {"lab": lab.name, "predicted": predicted.get("choice"),
            "predicted_at": predicted.get("at"),
            "right": predicted.get("right"),
            "revised": [item["choice"] for item in page.get("revised", [])],
            "first_run_at": page.get("first_run"), "run_at": run.get("at"),
            "where": run.get("where"), "tier": run.get("tier"),
            "checked_at": best.get("at"), "result": best.get("result"),
            "score": best.get("score"), "of": best.get("of"),
            "recorded": best.get("where") == recorded.WHERE,
            "left": page.get("left", []),
            "passed_at": page.get("passed"), "hints": page.get("hints", 0),
            "attempts": dict(Counter(attempt["question"] for attempt in
                                     page.get("attempts", []))),
            "notes": [note["text"] for note in page.get("notes", [])]}


def student():
    """The owner of the notebook: the login name, or the number without one."""
    uid = notebook.owner()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def made():
    """The report as an object for JSON, with what each lab's evidence says."""
    pages, entries = notebook.progress(), []
    for lab in all_labs():
        _, evidence, solution = judged_run(lab)
        entries.append({**entry(lab, pages.get(lab.number, {})),
                        "evidence": evidence, "solution": solution})
    return {"student": student(), "at": notebook.now(), "labs": entries}


def report(as_json):
    """labs/lab report [--json]"""
    if as_json:
        keep_names()
        print(json.dumps(made(), indent=1))
        return 0
    pages = notebook.progress()
    entries = [entry(lab, pages.get(lab.number, {})) for lab in all_labs()]
    print(label("LAB", 31) + label("PREDICTED", 11) + label("RUN", 12)
          + label("CHECK", 14) + say("SCORE"))
    for item in entries:
        right = {True: say("right"), False: say("wrong"),
                 None: "-"}[item["right"]]
        run = say("recorded") if item["where"] == recorded.WHERE else \
            (item["run_at"] or "-")[:10]
        result = {"pass": say("pass"), "fail": say("fail"),
                  "inconclusive": say("inconclusive")}.get(
                      item["result"], item["result"] or "-")
        score = "-" if item["of"] is None else f"{item['score']}/{item['of']}"
        print(visible(padded(item["lab"], 31) + padded(right, 11)
                      + padded(run, 12) + padded(result, 14) + score))
    return 0
