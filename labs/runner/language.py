# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The language of handouts, predictions, hints and messages: LABS_LANG=zh, ja, ko.

    labs/NN-name/zh/        README.md, predict.json, hints, answers as in the lab's
                            folder; check.json: claims, questions and hints of the
                            check; originals: sha256sum(1) of what was translated
    labs/runner/zh.json     the runner's messages

The key of a message, a claim or a question is its English text. What is not
translated is shown in English. tests/labs/languages.py names what is missing, or older
than its original.
"""
import functools
import os
import textwrap
import unicodedata

from .catalogue import LABS, read_json
from .errors import USAGE, LabError

LANGUAGES = ("zh", "ja", "ko")
# These do not begin a line, and those do not end one (JIS X 4051, W3C clreq).
NOT_FIRST = "、。，．：；？！）」』】〉》”’…,.:;?!)%"
NOT_LAST = "（「『【〈《“‘("


def chosen():
    """The language that the student chose; "" for English."""
    language = os.environ.get("LABS_LANG", "").lower()
    if language in ("", "en", *LANGUAGES):
        return language if language in LANGUAGES else ""
    raise LabError(USAGE, f"LABS_LANG={language}: the labs speak en, "
                   + ", ".join(LANGUAGES))


def path(lab, name):
    """A file of a lab, in the language if there is a translation."""
    translated = lab.folder / chosen() / name
    return translated if translated.is_file() else lab.folder / name


@functools.lru_cache(maxsize=None)
def _table(file):
    return read_json(file) if file.is_file() else {}


def of_check(folder):
    """A function from a claim or question of a lab's check to its translation."""
    table = _table(folder / chosen() / "check.json")
    return lambda text: table.get(text, text)


def say(message, **values):
    """A message of the runner's in the language, with {values} in their places."""
    table = _table(LABS / "runner" / f"{chosen()}.json")
    return table.get(message, message).format(**values)


# ---- lines -----------------------------------------------------------------

def columns(text):
    """How many columns of a terminal a text takes."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF")
               for letter in text)


def label(word, width):
    """A word of the runner's in the language, with blanks up to so many columns."""
    text = say(word) if word else ""
    return text + " " * (width - columns(text))


def _breaks(letter):
    """Whether a line may end next to a letter: Hangul, though wide, has blanks."""
    return columns(letter) == 2 and not "\uac00" <= letter <= "\ud7a3"


def _units(text):
    """What a line is not broken within: a word, or one wide letter."""
    unit = ""
    for letter in text:
        between = letter == " " or _breaks(letter) or \
            (unit and _breaks(unit[-1]))
        if unit and between and letter not in NOT_FIRST and \
                unit[-1] not in NOT_LAST:
            yield unit
            unit = ""
        unit += letter
    yield unit


def wrap(text, width, first="", others=""):
    """Lines of at most so many columns. Chinese and Japanese have no blanks, and
    their letters take two columns.
    """
    if columns(text) == len(text):
        return textwrap.wrap(text, width, initial_indent=first,
                             subsequent_indent=others, break_long_words=False,
                             break_on_hyphens=False)
    lines, line = [], first
    for unit in _units(" ".join(text.split())):
        if columns(line + unit) > width and line not in (first, others):
            lines.append(line.rstrip())
            line = others
        line += unit.lstrip() if line == others else unit
    return [*lines, line.rstrip()]
