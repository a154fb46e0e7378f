# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Predict: store a choice before the run, and compare it with the run.

In: a lab's predict.json. Students who predict first understand better what they
see (Crouch et al., Am. J. Phys. 72, 2004). So a run asks for a prediction.
"""
import sys

from . import notebook
from .catalogue import read_json, shown
from .errors import DAMAGED, TOO_EARLY, USAGE, LabError
from .language import path as translated
from .language import label, of_check, say, wrap
from .visible import visible

REVISED = 20  # later predictions that are kept, the last ones


def load(lab):
    """The question and its choices, validated."""
    path = translated(lab, "predict.json")
    question = read_json(path)
    choices = question.get("choices")
    if not isinstance(question.get("question"), str) or \
            not isinstance(choices, dict) or not 3 <= len(choices) <= 5:
        raise LabError(DAMAGED, f"{shown(path)} needs a question and three to "
                       "five choices")
    for letter, choice in choices.items():
        right = letter == question.get("right")
        wanted = {"text"} if right else {"text", "misconception", "sentence"}
        if set(choice) != wanted:
            raise LabError(DAMAGED, f"{shown(path)}: choice {letter} needs "
                           + ", ".join(sorted(wanted)))
    if question.get("right") not in choices:
        raise LabError(DAMAGED, f"{shown(path)}: right is not one of the choices")
    return question


def ask(question):
    """The question as it is printed."""
    lines = wrap(question["question"], 76) + [""]
    for letter, choice in sorted(question["choices"].items()):
        lines += wrap(choice["text"], 76, f"  {letter}  ", "     ")
    return "\n".join(lines)


def is_frozen(page):
    """Whether the lab has been run: what is predicted now was no prediction."""
    return "first_run" in page or "run" in page


def note(lab, question, choice):
    """Store a choice. The last one before the first run counts. Later ones are
    kept as revised.
    """
    choice = choice.lower()
    if choice not in question["choices"]:
        raise LabError(USAGE, say(
            "lab {lab} has no choice {choice}; one of {all}", lab=lab.number,
            choice=choice, all=", ".join(sorted(question["choices"]))))
    made = {"choice": choice, "at": notebook.now(),
            "right": choice == question["right"]}
    word, before = say("Noted"), ""
    with notebook.noting(lab) as page:
        if is_frozen(page):
            page["revised"] = (page.get("revised", []) + [made])[-REVISED:]
            word = say("Noted as revised")
            before = page.get("predicted", {}).get("choice", say("none"))
        else:
            page["predicted"] = made
    print(f"{word}: {choice}  {question['choices'][choice]['text']}")
    if before:
        print(say("Your prediction before the first run stays: {choice}",
                  choice=visible(before)))


def from_terminal(question):
    """Ask until the student types one of the letters; None at end of file."""
    letters = "/".join(sorted(question["choices"]))
    while True:
        print("\n" + say("Your prediction ({letters}): ", letters=letters),
              end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            return None
        if line.strip().lower() in question["choices"]:
            return line.strip()


def verb(lab, choice):
    """labs/lab predict NN [CHOICE]"""
    question = load(lab)
    if choice is None:
        print(ask(question))
        if not sys.stdin.isatty():
            print("\n" + say("labs/lab predict {lab} CHOICE notes it.",
                             lab=lab.number))
            return 0
        choice = from_terminal(question)
    if choice is None:
        raise LabError(TOO_EARLY, say("nothing noted"))
    note(lab, question, choice)
    return 0


def want(lab):
    """Before a run: ask the student for a prediction, unless there is one already.
    If the output goes elsewhere (`run 02 >/dev/null`), the student would not see the
    question: then the run ends, and says how to predict.
    """
    page = notebook.page(lab)
    if "predicted" in page or is_frozen(page):
        return
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise LabError(TOO_EARLY, say(
            "predict first: labs/lab predict {lab} (or run it with "
            "--no-predict)", lab=lab.number))
    verb(lab, None)


def compared(lab, observed, first):
    """After a run: the observation. In the first run that decides between the
    choices, the prediction is next to it, with what is wrong in a wrong one. Later
    runs and runs of Modify are made to differ, and decide nothing.

    observed has choice (a letter, or null if the run shows none of them) and
    sentence.
    """
    lines = [label("Observed:", 12) +
             visible(of_check(lab.folder)(observed["sentence"]))]
    predicted = notebook.page(lab).get("predicted")
    choice = predicted and \
        load(lab)["choices"].get(predicted["choice"])
    if not first or choice is None:
        return "\n".join(lines)
    letter, indent = predicted["choice"], " " * 12
    lines.insert(0, label("Predicted:", 12) + f"{letter}  {choice['text']}")
    if observed["choice"] is None:
        lines.append(indent + say("The run does not decide between the choices."))
    elif letter == observed["choice"]:
        lines.append(indent + say("As you predicted."))
    elif "sentence" in choice:
        lines += wrap(f"\"{choice['misconception']}\": {choice['sentence']}", 76,
                      indent, indent)
    else:
        lines.append(indent + say("This run went differently: find out why."))
    return "\n".join(lines)


def show(lab, observed, first):
    """Print compared(). The first run says it once. If a program or a file gets the
    output (`run 12 | grep Observed`), the student reads it at the terminal.
    """
    text = compared(lab, observed, first)
    print(text)
    if first and not sys.stdout.isatty() and sys.stderr.isatty():
        sys.stdout.flush()
        print(text, file=sys.stderr)
