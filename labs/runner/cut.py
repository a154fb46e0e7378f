#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Cut start.c, which a student begins with, from the solution.

    cut.py SOLUTION.c >start.c

In a solution, each part that the student has to write is between two
comments. The first says what to do, and stays. The second has the code that
start.c has in its place, or `nothing`:

    /* YOURS 1: take one datagram, and learn who sent it (recvfrom(2)). */
    n = recvfrom(fd, buffer, sizeof(buffer), 0, from, &from_len);
    /* WAS: n = read(fd, buffer, sizeof(buffer)); */

Either may have several lines, in the project's style. In the opening comment,
the paragraph that begins "The solution" becomes one on what to do.

Exit status: 0; 1 if the marks are not in order, with the line; 64 bad usage.
"""
import re
import sys

YOURS = re.compile(r"\t*/\*\s(?:\s*\* )?YOURS\b")
WAS = re.compile(r"\t*/\*\s(?:\s*\* )?WAS:")
ABOUT_SOLUTION = re.compile(r"^ \* The solution\b.*?(?=^ \*(?:/|$))",
                            re.S | re.M)
TO_DO = " * Where it says YOURS, the code below is yours to write.\n"


SOLUTION = "start.c has comments of the lab's own solution"  # what is_solution() saw


def is_solution(text):
    """Whether a student's file is a solution, or a part of one: no start.c has its
    second comments.
    """
    return bool(re.search(f"^{WAS.pattern}", text, re.M))


class Disorder(ValueError):
    """The marks of a solution are out of order; the text says where."""


def comments(text):
    """(first line, last line) of each comment that begins a line, from 0."""
    lines, first = text.splitlines(), None
    for number, line in enumerate(lines):
        if first is None and line.lstrip("\t").startswith("/*"):
            first = number
        if first is not None and "*/" in line:
            yield first, number
            first = None


def was(lines):
    """The code in a WAS comment, with the indentation of the comment."""
    indent = re.match(r"\t*", lines[0])[0]
    inside = "\n".join(lines).strip().removeprefix("/*").removesuffix("*/")
    code = re.sub(r"^\s*\* ?", "", inside.strip(), flags=re.M)
    code = code.removeprefix("WAS:").strip()
    if code == "nothing":
        return []
    return [indent + line if line else line for line in code.split("\n")]


def cut(text):
    """The text of start.c for a solution's text. Raises Disorder."""
    lines, out, done, inside = text.splitlines(), [], 0, None
    for first, last in comments(text):
        mark = "\n".join(lines[first:last + 1])
        if YOURS.match(mark):
            if inside is not None:
                raise Disorder(f"line {first + 1}: YOURS, and line {inside + 1}"
                               " still lacks its WAS")
            inside = first
            out += lines[done:last + 1]
        elif WAS.match(mark):
            if inside is None:
                raise Disorder(f"line {first + 1}: WAS without a YOURS")
            out += was(lines[first:last + 1])
            inside, done = None, last + 1
    if inside is not None:
        raise Disorder(f"line {inside + 1}: YOURS without a WAS")
    if not done:
        raise Disorder("line 1: nothing is YOURS here")
    out += lines[done:]
    start, times = ABOUT_SOLUTION.subn(TO_DO, "\n".join(out) + "\n")
    if times != 1:
        raise Disorder("line 2: the opening comment needs one paragraph that "
                       'begins "The solution"')
    return start


def main(arguments):
    """Prints a start.c."""
    if len(arguments) != 1:
        print("usage: cut.py SOLUTION.c >start.c", file=sys.stderr)
        return 64
    try:
        with open(arguments[0], encoding="utf-8") as solution:
            sys.stdout.write(cut(solution.read()))
    except (OSError, Disorder) as error:
        print(f"cut.py: {arguments[0]}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
