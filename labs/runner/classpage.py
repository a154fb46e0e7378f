# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The class as one page for the projector, without a name unless asked for.

In: the summaries of classroom.py. Out: HTML that loads nothing and runs nothing.
"""
import html

from .visible import visible

RIGHT = "right"  # in place of the name of a misconception
STYLE = """
:root { color-scheme: light dark; }
body { font: 1.1rem/1.4 system-ui, sans-serif; max-width: 60rem;
       margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .2rem .6rem; vertical-align: middle; }
td.number, th.number { text-align: right; width: 4rem; }
td.bar { width: 45%; }
td.bar div { height: 1.2rem; background: #c2410c; }
tr.right td.bar div { background: #15803d; }
h2 { margin: 2rem 0 .3rem; font-size: 1.3rem; }
caption { text-align: left; font-weight: 600; padding: .2rem .6rem; }
p.names { margin: .2rem .6rem; }
@media print { section { break-inside: avoid; } }
"""
# no script, no request: only the style above
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def shown(value):
    """Text of others as text in HTML."""
    return html.escape(visible(value))


def ranked(counter):
    """(name of a choice, students): the right one first, then by students."""
    return sorted(counter.items(),
                  key=lambda item: (item[0] != RIGHT, -item[1], item[0]))


def chart(caption, counter, most):
    """One histogram as a table; nothing if nobody made a choice."""
    if not counter:
        return ""
    rows = "".join(
        f'<tr{" class=right" if name == RIGHT else ""}><td>{shown(name)}'
        f'</td><td class=number>{count}</td><td class=bar><div '
        f'style="width:{100 * count / most:.0f}%"></div></td></tr>\n'
        for name, count in ranked(counter))
    return f"<table><caption>{caption}</caption>\n{rows}</table>\n"


def section(lab, names):
    """One lab."""
    most = max([*lab.before.values(), *lab.after.values()], default=1)
    parts = [f"<section><h2>{shown(lab.name)}: {shown(lab.title)}</h2>\n",
             chart("Expected before the run", lab.before, most),
             chart("Noted after the run", lab.after, most)]
    if lab.stuck and names:
        parts += [f"<p class=names>Stuck: {shown(student)}: {shown(what)}</p>\n"
                  for student, what in lab.stuck]
    elif lab.stuck:
        parts.append(f"<p class=names>Stuck: {len(lab.stuck)}</p>\n")
    if names:
        parts += [f"<p class=names>One run, {len(students)} reports: "
                  f"{', '.join(map(shown, students))}</p>\n"
                  for students in lab.copies]
        parts += [f"<p class=names>Comments of the lab's own solution: {shown(student)}</p>\n"
                  for student in lab.solutions]
    return "".join(parts) + "</section>\n"


def page(labs, students, names):
    """The whole page."""
    rows = "".join(
        f"<tr><td>{shown(lab.name)}</td><td class=number>{lab.run}</td>"
        f"<td class=number>{lab.passed}</td><td class=number>{lab.median}</td>"
        "</tr>\n" for lab in labs)
    return (
        "<!doctype html>\n<html lang=en><head><meta charset=utf-8>\n"
        f'<meta http-equiv=Content-Security-Policy content="{POLICY}">\n'
        '<meta name=viewport content="width=device-width">\n'
        f"<title>The class: {students} reports</title>\n"
        f"<style>{STYLE}</style></head><body>\n"
        f"<h1>The class: {students} reports</h1>\n"
        "<table><tr><th>Lab</th><th class=number>Run</th>"
        "<th class=number>Passed</th><th class=number>Minutes</th></tr>\n"
        f"{rows}</table>\n<p>Minutes: the median, from prediction to pass.</p>\n"
        + "".join(section(lab, names) for lab in labs)
        + "</body></html>\n")
