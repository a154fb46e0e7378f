#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A command at a terminal of its own, and a person who is asked for a password.

    terminal.py PASSWORD COMMAND [ARGUMENT...]

Prints what the terminal shows. Types PASSWORD at each prompt that ends in
"password for NAME: " (Ctrl-D if it is empty). Exit status: the command's; 124
if it has not ended within a minute.
"""
import os
import pty
import re
import select
import signal
import sys
import time

PROMPT = re.compile(rb"password for \S+: $")
CTRL_D = b"\x04"
LIMIT = 60  # seconds


def converse(terminal, answer):
    """Until the command has closed the terminal: whether it came to that."""
    shown, limit = b"", time.monotonic() + LIMIT
    while time.monotonic() < limit:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            data = os.read(terminal, 4096)
        except OSError:  # EIO: nobody has the other end any more
            return True
        if not data:
            return True
        os.write(1, data.replace(b"\r", b""))
        shown += data
        if PROMPT.search(shown):
            os.write(terminal, answer + b"\n" if answer else CTRL_D)
            shown = b""
    return False


def main(password, *command):
    """The exit status."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    ended = converse(terminal, password.encode())
    if not ended:
        os.kill(pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return status if ended else 124


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
