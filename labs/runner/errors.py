# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The error that ends the runner: one line, and an exit status."""

PASS = 0
FAIL = 1
INCONCLUSIVE = 2
USAGE = 64  # sysexits.h: EX_USAGE
DAMAGED = 65  # EX_DATAERR: a file is damaged
TOO_EARLY = 66  # EX_NOINPUT: an earlier step is missing
CANNOT_WRITE = 73  # EX_CANTCREAT: the notebook
INPUT_OUTPUT = 74  # EX_IOERR
BUSY = 75  # EX_TEMPFAIL: another labs/lab is running
CANNOT_RUN = 77  # EX_NOPERM, as in the tracer


class LabError(Exception):
    """What is wrong and what to do, in one line; status is the exit status."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
