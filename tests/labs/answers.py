#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Answers (TAP): a right answer is right in each form in which a student may
write it, and a wrong one in none.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "labs"))
# pylint: disable=wrong-import-position
from runner.checking import plain  # noqa: E402

FORMS = {
    "42032": (":42032", "42032.", " 42032 ", "port 42032", "042032"),
    "13": ("13 bytes", "13 octets", "13 B", "13bytes", "+13"),
    "4": ("4 ms", "4 packets", "four", "4 functions", "Four"),
    "0": ("zero", "0 bytes", "Zero", "0."),
    "SYN-ACK": ("SYN, ACK", "[SYN, ACK]", "syn ack", "SYN+ACK", "SYN/ACK"),
    "poll": ("poll(2)", "poll()", "Poll", "poll(2)."),
    "__sys_connect": ("__sys_connect()", "__SYS_CONNECT"),
    "ENETUNREACH": ("enetunreach", "ENETUNREACH."),
    "127.0.0.1": ("127.0.0.1.",),
}
OTHERS = (("13", "14 bytes"), ("13", "13 5"), ("13", "thirteen bytes of 20"),
          ("0", ""), ("0", "o"), ("SYN-ACK", "SYN"), ("SYN-ACK", "ACK"),
          ("poll", "ppoll"), ("poll", "poll(2) and read"), ("1", "-x1"),
          ("42032", "42033"), ("127.0.0.1", "127001"), ("4", "4 4"),
          ("__sys_connect", "sys_connect"))
count = failed = 0


def ok(name, holds, came=""):
    """A line of TAP."""
    global count, failed  # pylint: disable=global-statement
    count += 1
    failed += not holds
    print("ok" if holds else "not ok", count, "-", name)
    if not holds:
        print("#", came)


def judged(lab, files, **answers):
    """The questions of a lab's check, by name, on evidence that is made up."""
    with tempfile.TemporaryDirectory() as folder:
        for name, records in files.items():
            pathlib.Path(folder, name).write_text("".join(
                json.dumps(record) + "\n" for record in records),
                encoding="utf-8")
        pathlib.Path(folder, "answers.json").write_text(json.dumps(answers),
                                                        encoding="utf-8")
        check = next(TOP.glob(f"labs/{lab}-*/check"))
        done = subprocess.run([check, "--json", folder], stdout=subprocess.PIPE,
                              check=False)
        questions = json.loads(done.stdout)["questions"]
        for item in questions:
            ok(f"{lab}, {item['name']}: check --json does not print the answer",
               set(item) <= {"name", "ask", "result", "given", "hint", "why"},
               item)
        return {item["name"]: item["result"] for item in questions}


for right, forms in FORMS.items():
    for form in forms:
        ok(f"'{form}' is {right}", plain(form) == plain(right), plain(form))
for right, other in OTHERS:
    ok(f"'{other}' is not {right}", plain(other) != plain(right))

COUNTED = [{"type": "count", "function": name, "calls": 1, "softirq": 0,
            "globs": ["udp_*"]} for name in (
                "udp_lib_get_port", "udp_lib_rehash", "udp_v4_get_port")] + \
    [{"type": "verdict", "result": "COUNTED"}]
for answer, result in (("udp_v4_get_port", "pass"), ("udp_lib_get_port()", "pass"),
                       ("udp_lib_rehash", "fail")):
    ok(f"05, port: {answer}", judged("05", {"udp.jsonl": COUNTED},
                                     port=answer)["port"] == result)

SYN = ["entry", "__sys_connect", "inet_stream_connect", "__inet_stream_connect",
       "tcp_v4_connect", "tcp_connect", "__tcp_transmit_skb"]
ACK = SYN[:3] + ["release_sock", "__release_sock", "tcp_v4_do_rcv",
                 "tcp_rcv_state_process", "__tcp_send_ack",
                 "__tcp_transmit_skb"]
WRITE = ["entry", "ksys_write", "tcp_sendmsg", "__tcp_transmit_skb"]
STACKS = [{"type": "stack", "context": "task", "function": "__tcp_transmit_skb",
           "kernel": list(reversed(stack))} for stack in (SYN, ACK, WRITE)] + \
    [{"type": "result", "result": "complete"}]
for answer, result in (("4", "pass"), ("6", "pass"), ("6 frames", "pass"),
                       ("2", "fail"), ("5", "fail")):
    ok(f"06, frames: {answer}", judged("06", {"tcp.jsonl": STACKS},
                                       frames=answer)["frames"] == result)
print(f"1..{count}")
sys.exit(failed > 0)
