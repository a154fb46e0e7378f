# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The command line of labs/lab: a verb, a lab, and the verb's arguments.

Every error arrives as errors.LabError. main() prints it as one line on standard
error and returns its exit status.
"""
import argparse
import contextlib
import os
import subprocess
import sys

from . import (classroom, doctor, exchange, grade, guide, launch, notebook,
               notes, packets, prediction, program, report, verify)
from .catalogue import TOP, find, shown
from .errors import CANNOT_RUN, INPUT_OUTPUT, USAGE, LabError
from .language import say, told
from .visible import visible

USAGE_TEXT = """\
usage: labs/lab start                     the first lab in five minutes
       labs/lab next                      what to do next
       labs/lab list                      the labs, and how far you are
       labs/lab doctor                    where each can run on this machine
       labs/lab predict NN [CHOICE]       the question; note what you expect
       labs/lab run NN                    the experiment, in a new network
       labs/lab check NN                  compare your run with the claim
       labs/lab check NN --modify         the same with your last run of Modify
       labs/lab watch NN                  check again at each change
       labs/lab packets NN [--modify]     the packets that the run captured
       labs/lab answers NN NAME=ANSWER... answer the questions of Explain
       labs/lab answers NN                after a pass: the lab's own answers
       labs/lab note NN [TEXT]            answer an open question, for the report
       labs/lab hint NN                   the next of three hints
       labs/lab reset NN [--all]          begin anew, with a new start.c
       labs/lab report [--json]           everything that is in the notebook
       labs/lab send HOST [PORT]          send the report to your teacher
       labs/lab version                   the version of dialtone

  for a teacher:
       labs/lab collect [PORT]            receive the reports that students send
       labs/lab class [FILE|DIR...]       where the class stands (--csv, --html)
       labs/lab verify FILE.json FILE.tar work out the marks again

  check --json       the result as JSON, for a program
  run --no-predict   without a prediction, for scripts
  reset --all        forget the prediction and the best score, too
  run --vm           in the lab VM, whatever this kernel can do
  run --recorded     nothing runs: look at a recording, and answer from it
                     (--recorded=7.2: that of Linux 7.2)
  class --names      the names on the page of --html, too

LABS_LANG=zh, ja or ko: labs 01, 02, 03 and 07 in Chinese, Japanese or Korean.

Your notebook is labs/notebook/ (DIALTONE_NOTEBOOK=DIR: another folder).
Exit status: 0 done, pass; 1 fail; 2 inconclusive; 64 bad usage; 65 a file is
damaged; 66 another step comes first (the message names it); 73 the notebook
cannot be used; 74 the output cannot be written; 75 a run of the lab is in
progress; 77 the lab cannot run here.
"""


class Parser(argparse.ArgumentParser):
    """argparse, but an error is one line and our exit status."""

    def error(self, message):
        raise LabError(USAGE, f"{message}; see labs/lab --help")


def parser():
    """The parser of the verbs and their arguments, and the names of the verbs."""
    top = Parser(prog="labs/lab", add_help=False, usage=USAGE_TEXT)
    verbs = top.add_subparsers(dest="verb", parser_class=Parser)

    def verb(name, *words):
        made = verbs.add_parser(name, prog=f"labs/lab {name}", add_help=False)
        for word, options in words:
            made.add_argument(word, **options)

    lab = ("lab", {"metavar": "NN"})
    verb("list")
    verb("doctor")
    verb("predict", lab, ("choice", {"nargs": "?", "metavar": "CHOICE"}))
    verb("run", lab, ("--no-predict", {"action": "store_true"}),
         ("--vm", {"action": "store_true"}),
         ("--recorded", {"nargs": "?", "const": "", "metavar": "KERNEL"}))
    verb("check", lab, ("--modify", {"action": "store_true"}),
         ("--json", {"action": "store_true"}))
    verb("packets", lab, ("--modify", {"action": "store_true"}))
    verb("note", lab, ("text", {"nargs": "*", "metavar": "TEXT"}))
    verb("hint", lab)
    verb("answers", lab, ("given", {"nargs": "*", "metavar": "NAME=ANSWER"}))
    verb("reset", lab, ("--all", {"action": "store_true"}))
    verb("report", ("--json", {"action": "store_true"}))
    verb("start")
    verb("next")
    verb("watch", lab)
    port = ("port", {"nargs": "?", "metavar": "PORT"})
    verb("send", ("host", {"metavar": "HOST"}), port)
    verb("collect", port)
    verb("class", ("files", {"nargs": "*", "metavar": "FILE|DIR"}),
         *((option, {"action": "store_true"})
           for option in ("--csv", "--html", "--names")))
    verb("verify", ("report", {"metavar": "FILE.json"}),
         ("archive", {"metavar": "FILE.tar"}))
    return top, list(verbs.choices)


def check_verb(word, verbs):
    """A LabError if a word is not a verb. It names the verb that is most like it."""
    # pylint: disable=import-outside-toplevel
    if word in verbs:
        return
    import difflib  # here, because only a wrong verb needs it
    near = difflib.get_close_matches(word, [*verbs, "version", "help"], 1)
    if near:
        raise LabError(USAGE, f"no verb named '{word}'; did you mean {near[0]}?")
    raise LabError(USAGE, f"no verb named '{word}'; labs/lab --help lists them")


def version():
    """labs/lab version: the tracer prints it, because all parts have one version."""
    sys.stdout.flush()
    try:
        return subprocess.run([TOP / "tracer/tracer", "--version"],
                              check=False).returncode
    except OSError:
        raise LabError(CANNOT_RUN, "tracer/tracer is not built; fix: make") from None


def reset(lab, everything):
    """labs/lab reset NN [--all]"""
    stays = notebook.forget(lab, everything)
    if lab.solution:
        path, kept = program.reset(lab)
        print(say("{path} is as at first; the one before is {kept}.",
                  path=shown(path), kept=kept.name) if kept else
              say("{path} is as at first.", path=shown(path)))
    else:
        print(say("Lab {lab} begins anew.", lab=lab.number))
    if stays:
        print(say("Your prediction and your best score stay; --all forgets them, "
                  "too."))
    return 0


def check(lab, modify, as_json=False):
    """labs/lab check NN; if start.c has changed, run the lab first."""
    if modify:
        return grade.check_modify(lab, as_json)
    if lab.solution and program.changed(lab):
        with contextlib.redirect_stdout(sys.stderr if as_json else sys.stdout):
            launch.verb(lab, no_predict=True)
            print()
    return grade.check(lab, as_json)


def dispatch(words):
    """Execute one verb."""
    top, verbs = parser()
    if words and not words[0].startswith("-"):
        check_verb(words[0], verbs)
    asked = top.parse_args(words)
    if asked.verb is None:
        raise LabError(USAGE, "a verb is missing; see labs/lab --help")
    lab = find(asked.lab) if "lab" in asked else None
    return {
        "list": report.listing,
        "doctor": doctor.verb,
        "predict": lambda: prediction.verb(lab, asked.choice),
        "run": lambda: launch.verb(lab, asked.no_predict, asked.vm,
                                   asked.recorded),
        "check": lambda: check(lab, asked.modify, asked.json),
        "packets": lambda: packets.verb(lab, asked.modify),
        "note": lambda: notes.verb(lab, asked.text),
        "hint": lambda: grade.hint(lab),
        "answers": lambda: grade.answers(lab, asked.given),
        "reset": lambda: reset(lab, asked.all),
        "report": lambda: report.report(asked.json),
        "start": guide.start,
        "next": guide.next_step,
        "watch": lambda: guide.watch(lab, check),
        "send": lambda: exchange.send(asked.host, asked.port),
        "collect": lambda: exchange.collect(asked.port),
        "class": lambda: classroom.verb(asked.files, asked.csv, asked.html,
                                        asked.names),
        "verify": lambda: verify.verb(asked.report, asked.archive),
    }[asked.verb]()


def output_goes_nowhere():
    """Flush now: at exit Python would flush again, and repeat the errors."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def main(words):
    """Run labs/lab; returns its exit status."""
    try:
        if words[:1] in (["-h"], ["--help"], ["help"]):
            print(say(USAGE_TEXT), end="")
            status = 0
        elif words[:1] in (["-V"], ["--version"], ["version"]):
            status = version()
        else:
            status = dispatch(words)
        sys.stdout.flush()
        return status
    except LabError as error:
        sys.stdout.flush()
        print(f"lab: {visible(told(error))}", file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `labs/lab list | head`
        output_goes_nowhere()
        return 0
    except OSError as error:
        output_goes_nowhere()
        print(f"lab: {visible(error.filename or 'standard output')}: "
              f"{error.strerror}", file=sys.stderr)
        return INPUT_OUTPUT
