# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The program behind labs/lab. It uses only Python's standard library.

A verb is a function; cli.py has the table of verbs. Data flows one way:

    catalogue (a lab's folder) ─► prediction ─► place ─► launch ─► notebook
                                                            │
                                  report ◄─ grade ◄─ check ◄┘ evidence

A lab's own `check` uses checking.py and evidence.py. Its `experiment` uses
experiment.sh.
"""
