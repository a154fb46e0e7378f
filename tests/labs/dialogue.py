#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A command at a terminal of its own, and a person who answers.

    dialogue.py PROMPT ANSWER [PROMPT ANSWER...] -- COMMAND [ARGUMENT...]

Types each ANSWER when its PROMPT is shown; "" is Ctrl-D. Prints what the terminal
shows. Exit status: the command's; 124 if it has not ended within a minute.
"""
import os
import pty
import select
import signal
import sys
import time

LIMIT = 60  # seconds


def converse(terminal, reply):
    """Until the command has closed the terminal: whether it came to that.
    reply(shown) gives the bytes to type after what was shown since the last time;
    None: nothing yet.
    """
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
        typed = reply(shown)
        if typed is not None:
            os.write(terminal, typed)
            shown = b""
    return False


def line(answer):
    """What a person types to give an answer; Ctrl-D if it is empty."""
    return answer.encode() + b"\n" if answer else b"\x04"


def execute(command, reply):
    """The exit status of a command at a terminal of its own; 124 if it had to be
    killed.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    ended = converse(terminal, reply)
    if not ended:
        os.kill(pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return status if ended else 124


def main(words):
    """The exit status."""
    at = words.index("--")
    script = list(zip(words[:at:2], words[1:at:2]))

    def reply(shown):
        if script and shown.endswith(script[0][0].encode()):
            return line(script.pop(0)[1])
        return None
    return execute(words[at + 1:], reply)


if __name__ == "__main__":
    if "--" not in sys.argv:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
