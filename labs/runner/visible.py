# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Text that others wrote, as it may be shown on a terminal.

In: any string: an answer from a notebook, a line of a recording, a file name.
Out: the same text. Every character that is invisible, moves the cursor, breaks the
line or changes the direction of the text is written as its bytes in UTF-8: \\x1b.
The tracer does the same (tracer/record/text.c).
"""
import io
import os
import re
import sys
import unicodedata

# Control, format, surrogate, private use, unassigned; line and paragraph
# separator (Unicode 14.0.0, section 4.5, General Category).
CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))

# Default_Ignorable_Code_Point, of DerivedCoreProperties.txt, Unicode 14.0.0:
# displays do not show these where they do not support them. Python's
# unicodedata has no such property. tests/labs/invisible prints this table from
# Perl's copy of the standard's data, and compares.
IGNORABLE = (
    (0x00ad, 0x00ad), (0x034f, 0x034f), (0x061c, 0x061c), (0x115f, 0x1160),
    (0x17b4, 0x17b5), (0x180b, 0x180f), (0x200b, 0x200f), (0x202a, 0x202e),
    (0x2060, 0x206f), (0x3164, 0x3164), (0xfe00, 0xfe0f), (0xfeff, 0xfeff),
    (0xffa0, 0xffa0), (0xfff0, 0xfff8), (0x1bca0, 0x1bca3),
    (0x1d173, 0x1d17a), (0xe0000, 0xe0fff),
)


def is_hidden(char):
    """Whether a terminal must not get this character from a stranger."""
    code = ord(char)
    return unicodedata.category(char) in CATEGORIES or \
        any(first <= code <= last for first, last in IGNORABLE)


def visible(text, keep=""):
    """The text with every hidden character escaped, except those of keep."""
    text = str(text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if char in keep or not is_hidden(char) else
        "".join(f"\\x{byte:02x}"
                for byte in char.encode("utf-8", "surrogatepass"))
        for char in text)


# Where the locale has no UTF-8: the tracer's characters (process/ascii.c).
ASCII = str.maketrans("·×—’…←→⋯─│┊╮╯╰▶▷◀◁", "-x-'+<>.-|:\\/`>}<{")


# What the installed command is called: .packaging/dialtone sets the variable. In
# the tree, commands are named by their paths.
INSTALLED = bool(os.environ.get("DIALTONE_INSTALLED"))
IN_TREE = re.compile(r"(?<![\w./-])"
                     r"(labs/lab|labs/vm/run|labs/demo|labs/show|tracer/tracer|"
                     r"make (?:doctor|demo|show|vm))(?![\w/.-]*\w)")
COMMANDS = {"labs/lab": "dialtone lab", "labs/vm/run": "dialtone vm",
            "labs/demo": "dialtone demo", "labs/show": "dialtone show",
            "tracer/tracer": "dialtone", "make doctor": "dialtone doctor",
            "make demo": "dialtone demo", "make show": "dialtone show",
            "make vm": "dialtone vm"}


def as_installed(text):
    """The text with the commands as they are called when installed."""
    return IN_TREE.sub(lambda found: COMMANDS[found[1]], text)


class Guard(io.TextIOWrapper):
    """A standard stream for what is printed. Text of others is made visible()
    where it is printed, too: there a line break of theirs must not begin a
    line of ours.
    """
    renames = INSTALLED  # commands; data stays as it is: keep_names()

    def write(self, text):
        """The text, but for line breaks and tabs, as it may be shown."""
        shown = visible(text, keep="\n\t")
        if self.renames:
            shown = as_installed(shown)
        if self.encoding == "ascii":
            shown = shown.translate(ASCII)
        super().write(shown)
        return len(text)


def keep_names():
    """What follows on standard output is data: JSON, CSV, HTML."""
    if isinstance(sys.stdout, Guard):
        sys.stdout.renames = False


def guard_output():
    """From here on, what is printed goes through a Guard. A terminal that
    cannot show a character gets a question mark in its place; where the locale
    has no UTF-8 (labs/lab), an arrow becomes ">".
    """
    ascii_only = os.environ.get("DIALTONE_ASCII")
    for name in "stdout", "stderr":
        stream = getattr(sys, name)
        encoding = "ascii" if ascii_only else stream.encoding
        lines = stream.line_buffering
        setattr(sys, name, Guard(stream.detach(), encoding=encoding,
                                 errors="replace", line_buffering=lines))
