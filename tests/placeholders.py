# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Typed placeholders in a transcript: what differs from run to run.

    <PORT>    an ephemeral port          <PID>    a process
    <MS>      milliseconds, 1.234        <S>      seconds, 0.000012345
    <KERNEL>  uname -r                   <TIME>   12:34:56.789, with a date or not
    <N>       any number                 <TEXT>   anything, within a line

The same name must have the same value in the whole file. A number makes another
name of the same type: <PORT2>. <MS>, <S>, <TIME>, <N> and
<TEXT> without a number are anything each time, but <N1> and <N1> are equal. A
line `...` stands for any number of lines. In a block ```console any-order the
lines may come in any order. How many blanks there are does not matter.
"""
import re

TYPES = {"PORT": r"\d{4,5}", "PID": r"\d+", "MS": r"\d+\.\d+",
         "S": r"\d+\.\d+", "KERNEL": r"\d+\.\d+\.\d+\S*",
         "TIME": r"[\d:.TZ-]+", "N": r"\d+", "TEXT": r".*?"}
FREE = {"MS", "S", "TIME", "N", "TEXT"}
NAME = re.compile(r"<(PORT|PID|MS|S|KERNEL|TIME|N|TEXT)(\d*)>")


def plain(text):
    """Runs of blanks are one blank."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def pattern(text, bound, mine=None):
    """A regular expression for text; bound has the names that have values,
    mine those that this expression has already.
    """
    out, at = [], 0
    mine = set() if mine is None else mine
    for found in NAME.finditer(text):
        out.append(re.escape(text[at:found.start()]))
        at = found.end()
        kind, number = found.groups()
        name = kind + number
        if name in bound:
            out.append(re.escape(bound[name]))
        elif name in FREE:
            out.append(TYPES[kind])
        elif name in mine:
            out.append(f"(?P={name})")
        else:
            mine.add(name)
            out.append(f"(?P<{name}>{TYPES[kind]})")
    return "".join(out) + re.escape(text[at:])


def in_order(expected, came, bound):
    """The whole block, as one expression."""
    whole, mine = "", set()
    for line in plain(expected).splitlines():
        whole += r"(?:.*\n)*?" if line == "..." else \
            pattern(line, bound, mine) + r"\n"
    found = re.fullmatch(whole, plain(came) + "\n")
    return {**bound, **found.groupdict()} if found else None


def any_order(expected, came, bound):
    """The same, each line wherever it stands."""
    left = plain(came).splitlines()
    for line in plain(expected).splitlines():
        for candidate in left:
            found = re.fullmatch(pattern(line, bound), candidate)
            if found:
                bound = {**bound, **found.groupdict()}
                left.remove(candidate)
                break
        else:
            return None
    return None if left else bound


def match(kind, expected, came, bound):
    """Whether a block is true today: None, or the values of all names."""
    compare = any_order if kind == "any-order" else in_order
    return compare(expected, came, bound)


def differences(expected, came, bound):
    """Lines of either that the other has not, for a person."""
    want, have = plain(expected).splitlines(), plain(came).splitlines()
    known = {**bound}
    missing = [line for line in want if line != "..." and not any(
        re.fullmatch(pattern(line, known), other) for other in have)]
    surplus = [other for other in have if not any(
        re.fullmatch(pattern(line, known), other) for line in want)]
    return [f"- {line}" for line in missing] + [f"+ {x}" for x in surplus]


RULES = (
    ("KERNEL", re.compile(r"\b(\d+\.\d+\.\d+-\d+-amd64)\b")),
    ("MS", re.compile(r"\b(\d+\.\d{3})(?= ms\b)")),
    ("S", re.compile(r"\b(\d+\.\d{9})\b")),
    ("PORT", re.compile(r"(?<![\d.])((?:3[3-9]|[45]\d)\d{3}|60\d{3})"
                        r"(?![\d.])")),
    ("PID", re.compile(r"^ *<MS> ms +[\w.-]+ +(\d+)\b", re.M)),
    ("PID", re.compile(r"^(?:\[pid +)?(\d+)(?=\]? +[a-z_]\w+\()", re.M)),
)


def fresh(came, values):
    """What came, with placeholders in it; values collects value -> name."""
    for kind, rule in RULES:
        def put(found, kind=kind):
            whole, value = found.group(0), found.group(1)
            if kind in FREE:
                name = kind
            else:
                numbers = [n for n in values.values()
                           if re.fullmatch(kind + r"\d*", n)]
                name = values.setdefault(
                    value, kind + (str(len(numbers) + 1) if numbers else ""))
            begin = found.start(1) - found.start(0)
            return whole[:begin] + f"<{name}>" + whole[begin + len(value):]
        came = rule.sub(put, came)
    return came


def rewrite(kind, expected, came, bound, values):
    """The block as it is to stand: unchanged where it is still true."""
    now = match(kind, expected, came, bound)
    if now is not None:
        for name, value in now.items():
            values.setdefault(value, name)
        return expected, now
    return fresh(came, values), bound
