# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""counts.py BPFTRACE PROBES pid|comm WHOSE JSON: two columns; are they equal?

PROBES lists the functions that bpftrace watched: others are in one column only,
and not compared. Both watched the same processes: those of one pid, or those of one name. What
bpftrace's probe counts is on whatever context, so the tracer's calls, softirq
and hardirq are added.
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
ours = {}
with open(counted, encoding="utf-8") as file:
    for line in file:
        record = json.loads(line)
        if record["type"] == "count":
            ours[record["function"]] = (
                record["calls"] + record["softirq"] + record["hardirq"])

different = 0
print(f"{'FUNCTION':34}{'bpftrace':>10}{'count':>10}")
for name in sorted(set(theirs) | set(ours)):
    a, b = theirs.get(name, 0), ours.get(name, 0)
    if name not in watched:
        print(f"{name:34}{'no probe':>10}{b:10}")
        continue
    different += a != b
    print(f"{name:34}{a:10}{b:10}{'' if a == b else '  <- differ'}")
if not theirs or not ours:
    sys.exit("one of them saw nothing")
sys.exit(f"{different} differ" if different else 0)
