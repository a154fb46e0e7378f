# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Print the result of a check: which assertion, after which steps, what it
expected, what it got. In: the dictionary of checking.Check.look().

The run and the answers contain text of others: visible.py makes it safe to print.
"""
from .language import label, say, wrap
from .visible import visible

MARK = {"pass": "PASS", "fail": "FAIL", "inconclusive": "INCONCLUSIVE"}


def labelled(name, words):
    """A label and its text, wrapped to the width."""
    return wrap(visible(words, keep="\n\t"), 80,
                "      " + label(name, 10), " " * 16) or ["      " + say(name)]


def part_lines(part, steps, word):
    """One assertion."""
    lines = [f"{MARK[part['result']]}  {word(part['claim'])}"]
    if part["result"] == "pass":
        return lines
    for i, step in enumerate(part.get("steps", steps)):
        lines += labelled("" if i else "after", step)
    if part["result"] == "fail":
        return lines + labelled("expected", word(part["expected"])) + \
            labelled("got", word(part["came"]))
    return lines + labelled("because", word(part["why"]))


def question_lines(item, word):
    """One question of Explain."""
    ask = word(item["ask"])
    if item["result"] == "pass":
        return [f"PASS  {item['name']}: {visible(item['given'])}"]
    if item["result"] == "inconclusive":
        return [f"INCONCLUSIVE  {item['name']}: {ask}"] + \
            labelled("because", word(item["why"]))
    if item["given"] is None:
        return [f"TODO  {item['name']}"] + labelled("asked", ask)
    lines = [f"FAIL  {item['name']}"] + labelled("asked", ask)
    lines += labelled("got", item["given"])
    hint = word(item["hint"])
    return lines + (labelled("hint", hint) if hint else [])


def only_unanswered(found):
    """Whether nothing is missing for a pass but answers."""
    left = [item for item in found["parts"] + found["questions"]
            if item["result"] != "pass"]
    return left and all(item.get("given", "") is None
                        and item["result"] == "fail" for item in left)


def text(found, word):
    """The whole result, with the verdict at the end. word: language.of_check()."""
    lines, steps = [], found["steps"]
    for part in found["parts"]:
        lines += part_lines(part, steps, word)
        if part["result"] != "pass":
            steps = []  # they are the same for all parts: once is enough
    for item in found["questions"]:
        lines += question_lines(item, word)
    mark = "TODO" if only_unanswered(found) else MARK[found["result"]]
    lines.append(f"{mark}  " + say("{score} of {of}", score=found["score"],
                                   of=found["of"]))
    return "\n".join(lines)
