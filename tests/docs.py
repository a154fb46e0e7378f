# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Keep the transcripts of a Markdown file true.

    docs.py run FILE RESULTS      run each console block, keep what it prints
    docs.py check FILE RESULTS    hold the blocks against that (TAP)
    docs.py update FILE RESULTS   put it into FILE

A console block is a fence of the kind ```console; its lines that begin with
"$ " are run by one shell for the whole file, in the checkout, as root; what
follows is the output, standard error included. What differs from run to run is
not compared: times, pids, ephemeral ports, offsets in functions, and the order
of lines, since two processors work at once.
"""
import pathlib
import re
import subprocess
import sys

MARK = "@@docs@@"
BLOCK = re.compile(r"```console\n(.*?)```\n", re.S)


def commands(block):
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


def run(text):
    """The blocks as they come out today."""
    script = ["sudo() { \"$@\"; }", "exec 2>&1 </dev/null"]
    for block in BLOCK.findall(text):
        for command in commands(block):
            quoted = command.replace("'", "'\\''")
            script += [f"echo '$ {quoted}'", command]
        script.append(f"echo {MARK}")
    script.append("kill $(jobs -p) 2>/dev/null; wait")
    done = subprocess.run(["bash", "-c", "\n".join(script)], timeout=300,
                          stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout.split(MARK + "\n")[:-1]


def same(block):
    """What of a block must not change."""
    out = []
    for line in block.splitlines():
        line = re.sub(r"\b\d+\.\d{3} ms", "T ms", line)
        line = re.sub(r"^ *T ms +(softirq|[\w.-]+ +\d+)?", "T ", line)
        line = re.sub(r":[3-6]\d{4}\b", ":PORT", line)
        # tracer stack: PID and TID before a name, the offset in a function
        line = re.sub(r"^\d+ +\d+ +(?=[a-z])", "PID TID ", line)
        line = re.sub(r"^( {8}[\w.]+\+0x)[0-9a-f]+$", r"\1N", line)
        line = re.sub(r"\w+\(\d+\) (= )", r"\1", line)  # a result, resumed
        line = re.sub(r"6\.1\.\d+-\d+", "6.1.X", line)
        out.append(re.sub(r"\s+", " ", line).strip())
    return sorted(out)


def main(verb, name, results):
    path, kept = pathlib.Path(name), pathlib.Path(results)
    text = path.read_text(encoding="utf-8")
    if verb == "run":
        kept.write_text(MARK.join(run(text)), encoding="utf-8")
        return 0
    today = kept.read_text(encoding="utf-8").split(MARK)
    blocks = BLOCK.findall(text)
    if verb == "update":
        fresh = iter(today)
        path.write_text(BLOCK.sub(
            lambda _: "```console\n" + next(fresh) + "```\n", text),
            encoding="utf-8")
        return 0
    bad = 0
    print(f"1..{len(blocks)}")
    for i, block in enumerate(blocks, 1):
        now = today[i - 1] if i <= len(today) else ""
        equal = same(block) == same(now)
        bad += not equal
        print("ok" if equal else "not ok", i, "-", name, commands(block)[0])
        if not equal:
            print("".join(f"# {line}\n" for line in
                          [f"- {x}" for x in same(block) if x not in same(now)]
                          + [f"+ {x}" for x in same(now)
                             if x not in same(block)]), end="")
    return bad != 0


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("run", "check", "update"):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
