# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Compare what the tracer saw of tests/vm/sends.c with what that printed.

    sends.py RECORDING OUTPUT

Prints a line for each sending call: what the program says, and what the
tracer's three witnesses say (the call's own arguments, the functions beneath
that get a length, the packets on the wire before the call returned).
Exit status 0 if all agree, 1 if not.
"""
import json
import sys


def sending_calls(path):
    """One dictionary for each call that sends, in order."""
    calls, current = [], None
    for line in open(path, encoding="utf-8"):
        r = json.loads(line)
        mine = r.get("comm") == "sends"
        if r["type"] == "enter" and mine and "len" in r["args"] and \
                "peer" in r["args"]:
            current = {"said": f"{r['name']} {r['args']['len']} "
                               f"{r['args']['peer']}",
                       "len": r["args"]["len"], "peer": r["args"]["peer"],
                       "functions": [], "wire": [], "ret": None}
            calls.append(current)
        elif r["type"] == "exit" and mine:
            if current and r["name"] == current["said"].split()[0]:
                current["ret"] = r["ret"]
            current = None
        elif current and r["type"] == "call" and mine and \
                r["context"] == "task" and \
                r["step"].endswith(("_sendmsg", "_sendpage")):
            current["functions"].append((r["function"], r["len"],
                                         r.get("peer", "")))
        elif current and r["type"] == "packet" and r["witness"] == "wire":
            if r["len"]:
                current["wire"].append((r["len"], r["dst"]))
    return calls


def agrees(call):
    """The functions may be two: udp_sendpage() calls udp_sendmsg(), in 5.10
    with none of the bytes, in later 6.1 with all of them."""
    told = [f for f in call["functions"] if f[1]]
    return (call["ret"] == call["len"] and told and
            all(f[1:] == (call["len"], call["peer"]) for f in told) and
            call["wire"] == [(call["len"], call["peer"])])


def main(recording, output):
    expected = open(output, encoding="utf-8").read().splitlines()
    calls = sending_calls(recording)
    good = bool(expected) and len(calls) == len(expected)
    for want, call in zip(expected, calls):
        equal = call["said"] == want and agrees(call)
        good = good and equal
        functions = ", ".join(f"{name} {n}" for name, n, _ in
                              call["functions"])
        print(f"{' ' if equal else '!'} {want:28} {call['said']:28} "
              f"= {call['ret']}  {functions}  wire {call['wire']}")
    if len(calls) != len(expected):
        print(f"! {len(expected)} calls were made, {len(calls)} were seen")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
