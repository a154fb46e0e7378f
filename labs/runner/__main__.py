# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The entry point, which labs/lab starts."""
import pathlib
import sys

# Python looks for modules in this folder first; its parent has the package.
sys.path[0] = str(pathlib.Path(__file__).resolve().parent.parent)

from runner.cli import main  # noqa: E402  pylint: disable=wrong-import-position
from runner.errors import INPUT_OUTPUT  # noqa: E402  pylint: disable=wrong-import-position
from runner.visible import guard_output  # noqa: E402  pylint: disable=wrong-import-position

if sys.stdout is None or sys.stderr is None:
    print("lab: standard output or standard error is closed", file=sys.stderr)
    sys.exit(INPUT_OUTPUT)
guard_output()

sys.exit(main(sys.argv[1:]))
