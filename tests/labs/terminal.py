#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A command at a terminal of its own, and a person who is asked for a password.

    terminal.py PASSWORD COMMAND [ARGUMENT...]

Prints what the terminal shows. Types PASSWORD at each prompt that ends in
"password for NAME: " (Ctrl-D if it is empty). Exit status: the command's; 124
if it has not ended within a minute.
"""
import re
import sys

import dialogue

PROMPT = re.compile(rb"password for \S+: $")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(dialogue.execute(sys.argv[2:], lambda shown: (
        dialogue.line(sys.argv[1]) if PROMPT.search(shown) else None)))
