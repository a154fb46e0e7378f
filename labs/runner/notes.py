# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Note: the student's answers to the open questions of a lab, which no check can
judge. They go into the report, for the teacher.
"""
import textwrap

from . import notebook
from .errors import USAGE, LabError
from .language import say
from .visible import visible


def verb(lab, words):
    """labs/lab note NN [TEXT...]"""
    text = " ".join(words).strip()
    if not text:
        for note in notebook.page(lab).get("notes", []):
            print("\n".join(textwrap.wrap(
                visible(note["text"]), 78, subsequent_indent="  ")))
        return 0
    if len(text) > notebook.NOTE:
        raise LabError(USAGE, f"a note has at most {notebook.NOTE} characters")
    with notebook.noting(lab) as page:
        notes = page.get("notes", [])
        if len(notes) >= notebook.NOTES:
            raise LabError(USAGE, f"lab {lab.number} has {len(notes)} notes, "
                           "which is all that fit")
        page["notes"] = notes + [{"at": notebook.now(), "text": text}]
    print(say("Noted for lab {lab}. The report has it.", lab=lab.number))
    return 0
