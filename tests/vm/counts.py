# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""counts.py BPFTRACE PROBES pid|comm WHOSE JSON: two columns; are they equal?

PROBES lists the functions that bpftrace watched: others are in one column only,
and not compared. Both watched the same processes: those of one pid, or those of
one name. What bpftrace's probe counts is on whatever context, so the tracer's
calls, softirq and hardirq are added.

The kernel runs no BPF program on top of another (trace_call_bpf), so what an
interrupt calls while one runs is missed. Where the tracer's programs missed
calls it says how many: it may be behind by so many and no more. Bpftrace does
not say; it may be behind only where TCP's own clock ticks, ten times a second,
on top of whichever process is there (tcp_orphan_update, net/ipv4/tcp.c). One
tick may come while the process ends, when only one of the two still follows it:
on a slow machine bpftrace had 17 and 1, the tracer 16 and 0.
"""
import json
import re
import sys

bpftrace, probes, by, whose, counted = sys.argv[1:]
with open(probes, encoding="utf-8") as file:
    watched = {line.strip().removeprefix("kprobe:") for line in file}
theirs = {}
with open(bpftrace, encoding="utf-8") as file:
    for line in file:
        found = re.match(r"@\[(?P<pid>\d+), (?P<comm>.*), (\S+)\]: (\d+)$", line)
        if found and found[by] == whose:
            theirs[found[3]] = theirs.get(found[3], 0) + int(found[4])
TICK = {"tcp_orphan_update", "tcp_orphan_count_sum"}
ours = {}
missed = 0
with open(counted, encoding="utf-8") as file:
    for line in file:
        record = json.loads(line)
        if record["type"] == "count":
            ours[record["function"]] = (
                record["calls"] + record["softirq"] + record["hardirq"])
        elif record["type"] == "lost" and record["cause"] == "missed":
            missed += record["count"]

different = 0
behind = 0
print(f"{'FUNCTION':34}{'bpftrace':>10}{'count':>10}")
for name in sorted(set(theirs) | set(ours)):
    a, b = theirs.get(name, 0), ours.get(name, 0)
    word = ""
    if name not in watched:
        print(f"{name:34}{'no probe':>10}{b:10}")
        continue
    if name in TICK and (a < b or a == b + 1):
        word = "  <- a tick that one of them missed"
    elif a != b:
        different += 1
        behind += max(a - b, 0)
        word = "  <- differ"
    print(f"{name:34}{a:10}{b:10}{word}")
if not theirs or not ours:
    sys.exit("one of them saw nothing")
ahead = any(ours.get(name, 0) > theirs.get(name, 0)
            for name in watched - TICK)
if different and (ahead or behind > missed):
    sys.exit(f"{different} differ, {missed} missed")
