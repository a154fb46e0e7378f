# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Print the result of a check: which assertion, after which steps, what was
expected, what came. In: the dictionary of checking.Check.look().

What came and what was answered is text of others: visible.py.
"""
import textwrap

from .visible import visible

MARK = {"pass": "PASS", "fail": "FAIL", "inconclusive": "INCONCLUSIVE"}


def labelled(label, words):
    """A label and its text, wrapped to the width."""
    return textwrap.wrap(visible(words, keep="\n\t"), 80,
                         initial_indent=f"      {label:<10}",
                         subsequent_indent=" " * 16,
                         break_long_words=False, break_on_hyphens=False) or [f"      {label}"]


def part_lines(part, steps):
    """One assertion."""
    lines = [f"{MARK[part['result']]}  {part['claim']}"]
    if part["result"] == "pass":
        return lines
    for i, step in enumerate(part.get("steps", steps)):
        lines += labelled("" if i else "after", step)
    if part["result"] == "fail":
        return lines + labelled("expected", part["expected"]) + \
            labelled("came", part["came"])
    return lines + labelled("because", part["why"])


def question_lines(item):
    """One question of Explain."""
    if item["result"] == "pass":
        return [f"PASS  {item['name']}: {visible(item['given'])}"]
    if item["result"] == "inconclusive":
        return [f"INCONCLUSIVE  {item['name']}: {item['ask']}"] + \
            labelled("because", item["why"])
    lines = [f"FAIL  {item['name']}"] + labelled("asked", item["ask"])
    if item["given"] is None:
        return lines + labelled("came", "no answer yet")
    lines += labelled("came", item["given"])
    return lines + (labelled("hint", item["hint"]) if item["hint"] else [])


def text(found):
    """The whole result, with the verdict at the end."""
    lines, steps = [], found["steps"]
    for part in found["parts"]:
        lines += part_lines(part, steps)
        if part["result"] != "pass":
            steps = []  # they are the same for all parts: once is enough
    for item in found["questions"]:
        lines += question_lines(item)
    lines.append(f"{MARK[found['result']]}  {found['score']} of "
                 f"{found['of']}")
    return "\n".join(lines)
