#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A wrong program is the right one with something else in one place.

    replace.py FILE OLD NEW [OLD NEW...] >WRONG

Each OLD has to be there exactly once: a wrong world that is no longer wrong
ends the test. Exit status: 0; 1 if an OLD is not there once; 64 bad usage.
"""
import sys


def main(words):
    """Prints the file with all replaced."""
    if len(words) < 3 or len(words) % 2 == 0:
        print(__doc__, file=sys.stderr)
        return 64
    with open(words[0], encoding="utf-8") as file:
        text = file.read()
    for old, new in zip(words[1::2], words[2::2]):
        if text.count(old) != 1:
            print(f"{words[0]} has {text.count(old)} times: {old}",
                  file=sys.stderr)
            return 1
        text = text.replace(old, new)
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
