# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The one way in which the runner gives up: a line, and an exit status."""

PASS = 0
FAIL = 1
INCONCLUSIVE = 2
USAGE = 64  # sysexits.h: EX_USAGE
DAMAGED = 65  # EX_DATAERR: a file is not what the runner has written
TOO_EARLY = 66  # EX_NOINPUT: what comes before has not been done
CANNOT_WRITE = 73  # EX_CANTCREAT: the notebook
INPUT_OUTPUT = 74  # EX_IOERR
CANNOT_RUN = 77  # EX_NOPERM, as the tracer


class LabError(Exception):
    """What is wrong and what to do, in one line; status is the exit status."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
