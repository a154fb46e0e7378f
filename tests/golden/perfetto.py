# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Hold a file of --perfetto against Chrome's trace-event format, as far as the
tracer uses it ("Trace Event Format", Google, 2016): what each phase must have;
an arrow begins inside a slice, and ends where one begins.

    perfetto.py FILE
"""
import json
import pathlib
import sys

KEYS = {"M": {"name", "args"}, "X": {"name", "cat", "ts", "dur", "args"},
        **dict.fromkeys("stf", {"name", "cat", "id", "ts", "bp"})}


def is_in(event, piece):
    """Whether an event of an arrow is in a slice of the same track."""
    return (event["pid"], event["tid"]) == (piece["pid"], piece["tid"]) and \
        piece["ts"] - 1e-3 <= event["ts"] <= piece["ts"] + piece["dur"] + 1e-3


def check(trace):
    """Raises AssertionError where the trace is wrong."""
    assert set(trace) == {"displayTimeUnit", "traceEvents"}, set(trace)
    events = trace["traceEvents"]
    tracks = {(event["pid"], event["tid"]) for event in events
              if event["ph"] == "M" and event["name"] == "thread_name"}
    pieces = [event for event in events if event["ph"] == "X"]
    arrows = {}
    for event in events:
        assert set(event) == KEYS[event["ph"]] | {"ph", "pid", "tid"}, event
        if event["ph"] == "M":
            continue
        assert (event["pid"], event["tid"]) in tracks, event
        assert isinstance(event["ts"], (int, float)), event
        if event["ph"] == "X":
            assert event["dur"] > 0, event
        else:
            assert any(is_in(event, piece) for piece in pieces), event
            arrows.setdefault(event["id"], []).append(event["ph"])
    for number, phases in arrows.items():
        assert phases in (["s", "f"], ["s", "t", "f"]), (number, phases)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    check(json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")))
