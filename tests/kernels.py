# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Keep the README's table of kernels true: step by kernel, function, verdict.

    kernels.py check  FILE RESULTS       compare a kernel's column with its run
    kernels.py update FILE RESULTS...    make the table anew, a folder a kernel

RESULTS is what tests/vm/suite leaves: `doctor`, the output of tracer doctor,
and the verdicts in `udp.txt`, `tcp.txt` and `ipv6.txt`. A cell that is like the
one before it holds a ditto mark. A step that the kernel does not have gets a dash.
"""
import pathlib
import re
import sys

DITTO, NONE = "″", "–"
TABLE = re.compile(r"^\| step \|.*?\n(?!\|)", re.M | re.S)
VERDICTS = [("UDP connect(2)", "udp.txt", "UDP"),
            ("TCP connect(2)", "tcp.txt", "TCP"),
            ("UDP over IPv6", "ipv6.txt", "UDP"),
            ("TCP over IPv6", "ipv6.txt", "TCP")]


def column(results):
    """A kernel's name, and its cells by the name of their row."""
    folder = pathlib.Path(results)
    doctor = (folder / "doctor").read_text(encoding="utf-8")
    kernel = re.match(r"Linux (\d+\.\d+)", doctor).group(1)
    cells = {}
    for line in doctor.partition("STEP ")[2].splitlines()[1:]:
        words = line.split()
        if not words:
            break
        if line.startswith("  ") and line[2] != " ":
            cells[words[0]] = NONE if words[1] == "-" else f"`{words[1]}`"
    for row, name, proto in VERDICTS:
        text = (folder / name).read_text(encoding="utf-8")
        found = re.search(rf"^([A-Z]+)  {proto} connect", text, re.M)
        cells[row] = found.group(1) if found else NONE
    return kernel, cells


def parse(table):
    """The columns of the README's table, dittos resolved."""
    lines = [[cell.strip() for cell in line.strip("| \n").split("|")]
             for line in table.splitlines() if line.strip()]
    kernels = lines[0][1:]
    columns = {kernel: {} for kernel in kernels}
    for row in lines[2:]:
        for i, kernel in enumerate(kernels):
            cell = row[i + 1]
            if cell == DITTO:
                cell = columns[kernels[i - 1]][row[0]]
            columns[kernel][row[0]] = cell
    return columns


def render(columns):
    kernels = sorted(columns, key=lambda k: [int(n) for n in k.split(".")])
    rows = [["step", *kernels], ["---"] * (len(kernels) + 1)]
    for name in columns[kernels[0]]:
        cells = [columns[kernel].get(name, NONE) for kernel in kernels]
        rows.append([name] + [DITTO if i and cells[i] == cells[i - 1] else cell
                              for i, cell in enumerate(cells)])
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def check(text, results):
    kernel, cells = column(results)
    table = TABLE.search(text)
    promised = parse(table.group(0)).get(kernel, {}) if table else {}
    for row in {**cells, **promised}:
        if cells.get(row) != promised.get(row):
            print(f"{row} on {kernel}: README {promised.get(row)}, "
                  f"this run {cells.get(row)}; make kernels-update")
    return 0 if cells == promised else 1


def main(verb, name, *results):
    path = pathlib.Path(name)
    text = path.read_text(encoding="utf-8")
    if verb == "check":
        return check(text, *results)
    columns = dict(column(each) for each in results)
    path.write_text(TABLE.sub(lambda _: render(columns), text),
                    encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
