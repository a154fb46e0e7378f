# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What is behind labs/lab: Python's standard library and nothing else.

A verb is a function; cli.py has the table of them. Data flows one way:

    catalogue (a lab's folder) ─► prediction ─► place ─► launch ─► notebook
                                                            │
                                  report ◄─ grade ◄─ check ◄┘ evidence

What a lab's own `check` is written with is checking.py and evidence.py; what
its `experiment` is written with is experiment.sh.
"""
