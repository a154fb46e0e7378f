# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Keep the transcripts of a Markdown file true.

    docs.py run FILE RESULTS      run each console block, keep what it prints
    docs.py check FILE RESULTS    compare the blocks with that (TAP)
    docs.py update FILE RESULTS   put it into FILE

A console block is a fence of the kind ```console; its lines that begin with
"$ " are run by one shell for the whole file, in the checkout, as root; what
follows is the output, standard error included.

What differs from run to run is not compared. In the README that is times, pids,
ephemeral ports, offsets in functions, and the order of lines, since two
processors work at once. The labs' handouts have typed placeholders:
placeholders.py.
"""
import pathlib
import re
import subprocess
import sys

import placeholders

MARK = "@@docs@@"
BLOCK = re.compile(r"```console(| any-order)\n(.*?)```\n", re.S)


def commands(block):
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


def run(text):
    """The blocks as they come out today."""
    script = ["sudo() { \"$@\"; }", "exec 2>&1 </dev/null"]
    for _, block in BLOCK.findall(text):
        for command in commands(block):
            quoted = command.replace("'", "'\\''")
            script += [f"echo '$ {quoted}'", command]
        script.append(f"echo {MARK}")
    script.append("kill $(jobs -p) 2>/dev/null; wait")
    done = subprocess.run(["bash", "-c", "\n".join(script)], timeout=300,
                          stdout=subprocess.PIPE, text=True, check=False)
    # which tshark prints for root alone: students are not root
    told = re.sub(r'^Running as user "root" and group "root"\. This could be '
                  r"dangerous\.\n", "", done.stdout, flags=re.M)
    return told.split(MARK + "\n")[:-1]


def same(block):
    """What of a block must not change."""
    out = []
    for line in block.splitlines():
        line = re.sub(r"\b\d+\.\d{3} ms", "T ms", line)
        line = re.sub(r"^ *T ms +(softirq|[\w.-]+ +\d+)?", "T ", line)
        # tracer --diagram: the time before a row
        line = re.sub(r"^ *\d+\.\d{3}  +(?! )", "T  ", line)
        line = re.sub(r":[3-6]\d{4}\b", ":PORT", line)
        # tracer stack: PID and TID before a name, the offset in a function
        line = re.sub(r"^\d+ +\d+ +(?=[a-z])", "PID TID ", line)
        line = re.sub(r"^( {8}[\w.]+\+0x)[0-9a-f]+$", r"\1N", line)
        # tracer tree: how many functions there are on the side, and how many
        # are watched: a module that is loaded brings its own
        line = re.sub(r"\b\d+ functions?\b", "N functions", line)
        line = re.sub(r"\b\d+ networking functions", "N networking functions",
                      line)
        line = re.sub(r"^ +(functions|depth) .*\d", r"\1 N", line)
        line = re.sub(r",? \d+ in softirq|, T ms without a CPU", "", line)
        line = re.sub(r"\w+\(\d+\) (= )", r"\1", line)  # a result, resumed
        line = re.sub(r"called \d+ of these", "called N of these", line)
        line = re.sub(r"6\.1\.\d+-\d+", "6.1.X", line)
        out.append(re.sub(r"\s+", " ", line).strip())
    return sorted(out)


def loosely(_kind, expected, came, bound):
    """The README's way: equal but for what same() leaves out."""
    return bound if same(expected) == same(came) else None


def loose_differences(expected, came, _bound):
    want, have = same(expected), same(came)
    return [f"- {x}" for x in want if x not in have] + \
        [f"+ {x}" for x in have if x not in want]


def check(name, blocks, today, match, differences):
    """TAP: a test a block."""
    bad, bound = 0, {}
    print(f"1..{len(blocks)}")
    for i, (kind, block) in enumerate(blocks, 1):
        now = today[i - 1] if i <= len(today) else ""
        values = match(kind.strip(), block, now, bound)
        bad += values is None
        bound = values or bound
        print("ok" if values is not None else "not ok", i, "-", name,
              (commands(block) or ["no command"])[0])
        if values is None:
            print("".join(f"# {line}\n" for line in
                          differences(block, now, bound)), end="")
    return bad != 0


def update(blocks, today, in_handout):
    """The blocks as they are to stand."""
    out, bound, values = [], {}, {}
    for (kind, block), now in zip(blocks, today):
        if in_handout:
            now, bound = placeholders.rewrite(kind.strip(), block, now, bound,
                                              values)
        out.append(f"```console{kind}\n{now}```\n")
    return out


def main(verb, name, results):
    path, kept = pathlib.Path(name), pathlib.Path(results)
    text = path.read_text(encoding="utf-8")
    in_handout = path.parts[:1] == ("labs",)
    if verb == "run":
        kept.write_text(MARK.join(run(text)), encoding="utf-8")
        return 0
    today = kept.read_text(encoding="utf-8").split(MARK) \
        if kept.exists() else []
    blocks = BLOCK.findall(text)
    if verb == "update":
        fresh = iter(update(blocks, today, in_handout))
        path.write_text(BLOCK.sub(lambda _: next(fresh), text),
                        encoding="utf-8")
        return 0
    if in_handout:
        return check(name, blocks, today, placeholders.match,
                     placeholders.differences)
    return check(name, blocks, today, loosely, loose_differences)


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("run", "check", "update"):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
