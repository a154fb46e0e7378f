# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The language of handouts, predictions, hints and messages: LABS_LANG=zh, ja, ko.

    labs/NN-name/zh/        README.md, predict.json, hints, answers as in the lab's
                            folder; check.json: what the check says; originals:
                            sha256sum(1) of what was translated
    labs/runner/zh.json     the runner's messages, and the titles of all labs
    labs/handouts/zh/       student.md, term.md, teacher.md of the book

The key of a message is its English text. It may have places for what differs:
"{0} packets on the cable" translates "2 packets on the cable" (told()). What is not
translated is shown in English. tests/labs/languages.py names what is missing, or older
than its original.
"""
import functools
import os
import re
import string
import textwrap
import unicodedata

from .catalogue import LABS, read_json
from .errors import USAGE, LabError

LANGUAGES = ("zh", "ja", "ko")
JOINT = "; "
LONG = 400  # characters of a text in which places are looked for
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


def in_language(folder, name):
    """A file of a folder, in the language if there is a translation."""
    translated = folder / chosen() / name
    return translated if translated.is_file() else folder / name


def path(lab, name):
    """The same of a lab."""
    return in_language(lab.folder, name)


@functools.lru_cache(maxsize=None)
def _table(file):
    return read_json(file) if file.is_file() else {}


def _messages():
    """The runner's messages."""
    return _table(LABS / "runner" / f"{chosen()}.json")


def is_message(template):
    """Whether it has a word to translate, besides what stands in its places."""
    literals = "".join(part for part, *_ in string.Formatter().parse(template))
    return bool(re.search(r"(?<![\w./-])[a-z]{3,}(?![\w./-])", literals))


@functools.lru_cache(maxsize=None)
def _pattern(template):
    """What a message with places looks like when it has been made; None: it has no
    place, or hardly anything else.
    """
    parts = list(string.Formatter().parse(template))
    if not is_message(template) or all(part[1] is None for part in parts):
        return None
    return re.compile("".join(
        re.escape(text) + ("(.*?)" if place is not None else "")
        for text, place, _, _ in parts), re.S)


def _translated(text, *tables):
    """A text by the first table that has it, as it is or with places. Several with
    "; " in between are translated one by one, unless a message has that, too.
    """
    for table in tables:
        if text in table:
            return table[text]
    if len(text) > LONG:
        return text
    for table in tables:
        for key in sorted(table, key=len, reverse=True):
            pattern = _pattern(key) if JOINT in key or JOINT not in text else None
            made = pattern and pattern.fullmatch(text)
            if made:
                places = [part[1] for part in string.Formatter().parse(key)
                          if part[1] is not None]
                within = [_translated(part, *tables) for part in made.groups()]
                return table[key].format(*within, **{
                    name: value for name, value in zip(places, within)
                    if not name.isdigit()})
    return JOINT.join(_translated(part, *tables) for part in text.split(JOINT)) \
        if JOINT in text else text


def of_check(folder):
    """A function from what a lab's check says to its translation."""
    if not chosen():
        return lambda text: text
    table = _table(folder / chosen() / "check.json")
    return lambda text: _translated(text, table, _messages())


def told(text):
    """A message of the runner's in the language: values already stand in their
    places.
    """
    return _translated(str(text), _messages())


def say(message, **values):
    """A message of the runner's in the language, with {values} in their places."""
    return _messages().get(message, message).format(**values)


# ---- lines -----------------------------------------------------------------

def columns(text):
    """How many columns of a terminal a text takes."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF")
               for letter in text)


def padded(text, width):
    """A text with blanks up to so many columns."""
    return text + " " * (width - columns(text))


def label(word, width):
    """A word of the runner's in the language, with blanks up to so many columns."""
    return padded(say(word) if word else "", width)


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
