# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What a person does with the page, and what must come of it: for a browser and
for node alike. A page is what devtools.py opens."""
import html.parser
import json
import os
import pathlib
import re
import subprocess
import traceback
import xml.etree.ElementTree

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
GOLDEN = TOP / "tests" / "golden"
TRACER = os.environ.get("TRACER", str(TOP / "tracer" / "tracer"))

# All that can be read, or is read out, now: what is hidden is left out. A closed
# <details> shows its summary.
PRELUDE = """
globalThis.readable = () => {
    const found = [];
    const walk = (node) => {
        if (node.nodeType === 3) {
            if (getComputedStyle(node.parentNode).visibility !== "hidden")
                found.push(node.data || node.textContent);
            return;
        }
        if (node.nodeType !== 1 && node !== document)
            return;
        if (/^(script|style|noscript|title)$/i.test(node.tagName || ""))
            return;
        if (node.nodeType === 1) {
            const style = getComputedStyle(node);
            if (style.display === "none")
                return;
            if (style.visibility !== "hidden")
                for (const name of ["aria-label", "title", "alt"])
                    if (node.getAttribute(name))
                        found.push(node.getAttribute(name));
        }
        for (const child of node.childNodes)
            if (!/^details$/i.test(node.tagName || "") || node.open ||
                /^summary$/i.test(child.tagName || ""))
                walk(child);
    };
    walk(document.body);
    return found.join("\\n");
};
globalThis.rowOf = (what) => Array.from(document.querySelectorAll(".row"))
    .find((row) => (row.textContent || "").includes(what));
"""

# What a viewer has not predicted yet: the count, the verdict, what crosses.
ANSWERS = re.compile(r"\d+ packets?\b|nothing|PASS|FAIL|SYN\b|\bACK\b|"
                     r"handshake|silent|sends nothing", re.I)


class Suite:
    """Cases, as TAP."""

    def __init__(self):
        self.count = self.failed = 0

    def case(self, name, function, *arguments):
        self.count += 1
        try:
            function(*arguments)
        except Exception:  # pylint: disable=broad-except
            self.failed += 1
            print(f"not ok {self.count} - {name}")
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
        else:
            print(f"ok {self.count} - {name}")

    def end(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0


def equal(got, expected):
    assert got == expected, f"{got!r} is not {expected!r}"


def make_page(recording, path):
    """Writes the page of a recording to a path, which must not exist."""
    done = subprocess.run([TRACER, "replay", "-q", "--html", str(path),
                           str(recording)], stdout=subprocess.DEVNULL,
                          check=False)
    assert path.exists(), f"no page; exit status {done.returncode}"


def hostile_recording(path):
    """A run whose names are markup, and would be scripts."""
    text = (GOLDEN / "vm-both-6.1.jsonl").read_text(encoding="utf-8")
    for old, new in [
            ('"comm":"echo-client"', '"comm":"</script><b>x"'),
            ('"function":"udp_v4_get_port"',
             '"function":"<img src=x onerror=document.title=1>"'),
            ('"function":"tcp_connect"',
             '"function":"</script><script>document.title=2//"'),
            ('"iface":"eth0"', '"iface":"<!--<script>"'),
            ('"kernel":"6.1.0-56-amd64"',
             '"kernel":"\\u2028<svg onload=document.title=3>&lt;"')]:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def prepare(page):
    page.evaluate(PRELUDE + "0")
    return page


def readable(page):
    return page.evaluate("readable()")


def detail(page):
    return " ".join(page.evaluate(
        "document.getElementById('detail').textContent").split())


def shows_both(page):
    text = readable(page)
    for fact in ["0 packets", "3 packets", "PASS", "nothing", "SYN-ACK",
                 "udp_v4_get_port", "Linux 6.1.0-56-amd64"]:
        assert fact in text, fact
    assert "tcp_close" not in text, "what comes after connect is shown"


def click(page, expression):
    """A click without a mouse; the browser's suite has one."""
    page.evaluate(f"{{ const at = {expression}; at.click ? at.click() : "
                  "at.dispatchEvent(new MouseEvent('click', "
                  "{bubbles: true})); } 0")


def explains(page, name):
    """The same words as tracer explain has."""
    said = subprocess.run([TRACER, "explain", name], capture_output=True,
                          text=True, check=True).stdout
    kind, rest = said.split("\n", 1)
    rest, source = " ".join(rest.split()).rsplit(" In the kernel's source: ", 1)
    click(page, f"rowOf({json.dumps(name)})")
    text = detail(page)
    assert f"{name} ({kind.split(': ')[1]}): {rest}" in text, text
    assert f"In the kernel’s source: {source.rstrip('.')}" in text, text


def keys_choose_a_protocol(page):
    page.key("t")
    text = readable(page)
    assert "3 packets" in text and "0 packets" not in text
    page.key("u")
    text = readable(page)
    assert "0 packets" in text and "3 packets" not in text
    page.key("b")
    shows_both(page)


def keys_walk_along_the_rows(page):
    page.key("Escape")
    page.key("ArrowRight")
    first = detail(page)
    assert "socket(AF_INET, SOCK_DGRAM" in first, first
    page.key("ArrowRight")
    assert "connect(3, 10.0.0.2:7007)" in detail(page)
    page.key("ArrowLeft")
    equal(detail(page), first)


def leaks(page, allowed=()):
    """What the viewer could read and has not been shown."""
    text = readable(page)
    for part in allowed:
        text = text.replace(part, "")
    return ANSWERS.findall(text)


QUESTION = ("Predict: how many packets cross the wire before this %s "
            "connect(2) returns?")


def steps_leak_nothing(page):
    """Through UDP row by row: nothing of it before its return, and nothing of
    TCP at all."""
    page.key("s")
    equal(leaks(page), [])
    told = "document.getElementById('udp').classList.contains('told')"
    asked = False
    for count in range(30):
        if page.evaluate(told):
            break
        page.key("ArrowRight" if count % 2 else " ")
        if QUESTION % "UDP" in readable(page):
            asked = True
            page.key("1")
            assert "You say 1." in detail(page), detail(page)
        if not page.evaluate(told):
            equal(leaks(page, ["You say 1."]), [])
    assert asked, "no question was asked"
    assert "You said 1. It was 0 packets." in detail(page), detail(page)
    text = readable(page)
    assert "0 packets" in text and "nothing" in text
    assert "3 packets" not in text and "SYN" not in text


def steps_keep_their_place(page):
    """A teacher steps through UDP alone, then shows TCP, then both."""
    page.key("t")
    equal(leaks(page), [])
    page.key("ArrowRight")
    page.key("b")
    text = readable(page)
    assert "0 packets" in text and "3 packets" not in text, text
    assert "SOCK_STREAM" in text, text
    page.key("t")
    page.key("ArrowLeft")
    page.key("b")
    text = readable(page)
    assert "0 packets" in text and "SOCK_STREAM" not in text, text


def steps_go_back(page):
    page.key("ArrowLeft")
    equal(leaks(page, ["You say 1."]), [])
    page.key("ArrowRight")
    assert "nothing" in readable(page)


def steps_reach_tcp(page):
    for _ in range(40):
        if QUESTION % "TCP" in readable(page):
            break
        page.key("PageDown")
    text = detail(page)
    assert QUESTION % "TCP" in text, text
    click(page, "document.querySelectorAll('#detail button').item ? "
          "document.querySelectorAll('#detail button').item(3) : "
          "document.querySelectorAll('#detail button')[3]")
    for _ in range(40):
        page.key("ArrowRight")
        if "You said" in detail(page):
            break
    assert "You said 3. It was 3 packets." in detail(page), detail(page)
    page.key("Escape")
    shows_both(page)


def hides_the_heights(page):
    """While one steps, both pictures are equally high."""
    heights = ("Array.from(document.querySelectorAll('svg')).map((svg) => "
               "svg.getAttribute('viewBox').split(' ')[3])")
    own = page.evaluate(heights)
    page.key("s")
    stepping = page.evaluate(heights)
    page.key("s")
    assert own[0] != own[1], own
    assert stepping[0] == stepping[1], stepping
    equal(page.evaluate(heights), own)


def shows_the_whole_run(page):
    page.key("w")
    text = readable(page)
    assert "tcp_close" in text and "FIN-ACK" in text
    page.key("w")
    assert "tcp_close" not in readable(page)


def has_a_table(page, recording):
    click(page, "document.querySelector('summary')")
    page.evaluate("new Promise((done) => setTimeout.length ? "
                  "setTimeout(done, 0) : done())")
    rows = page.evaluate(
        "Array.from(document.querySelectorAll('table tr')).map((tr) => "
        "Array.from(tr.childNodes).map((cell) => cell.textContent))")
    assert ["0.13", "client’s kernel", "udp_v4_get_port", "takes a local port",
            "echo-client 253"] in rows, rows
    shown = sum(1 for line in recording.read_text().splitlines()
                if json.loads(line)["type"] == "state")
    equal(sum(1 for row in rows if " → " in row[2] and "of " in row[3] or
              re.fullmatch(r"[A-Z_0-9]+ → [A-Z_0-9]+", row[2])), shown)
    equal(page.evaluate("Array.from(document.querySelectorAll('table th'))"
                        ".every((th) => th.scope === 'col')"), True)
    click(page, "document.querySelector('summary')")


def check_svg(text):
    """A file of its own: well-formed, no style from outside, no script."""
    svg = xml.etree.ElementTree.fromstring(text)
    equal(svg.tag, "{http://www.w3.org/2000/svg}svg")
    for bad in ["var(", "<script", "tabindex", "tcp_close", "http-equiv"]:
        assert bad not in text, bad
    words = "".join(svg.itertext())
    assert "udp_v4_get_port" in words or "tcp_connect" in words
    fills = {node.get("fill") for node in svg.iter()}
    assert "#0072b2" in fills and "#b04500" in fills, fills


def names_are_no_markup(page):
    page.key("w")
    equal(page.evaluate("document.querySelectorAll('script').length"), 4)
    equal(page.evaluate("document.querySelectorAll('img').length"), 0)
    equal(page.evaluate("document.querySelectorAll('svg').length"), 2)
    equal(page.evaluate("document.querySelectorAll('b').length"), 2)
    text = readable(page)
    assert "<img src=x onerror=docum" in text, text
    assert "\\xe2\\x80\\xa8<svg onload=document.title=3>&lt;" in text or \
        "<svg onload=document.title=3>&lt;" in text, text
    for what in ["<img", "</script><script>docu"]:
        click(page, f"rowOf({json.dumps(what)})")
        assert what in detail(page), detail(page)
    equal(page.evaluate("document.querySelectorAll('script').length"), 4)
    equal(page.evaluate("document.querySelectorAll('img').length"), 0)


class Markup(html.parser.HTMLParser):
    """The elements of a file, read by another program than a browser."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def has_no_outside(path):
    """Nothing is fetched: the policy forbids it, and nothing asks for it."""
    text = path.read_text(encoding="utf-8")
    tags = Markup(text).tags
    policy = [attributes["content"] for tag, attributes in tags
              if attributes.get("http-equiv") == "Content-Security-Policy"]
    equal(len(policy), 1)
    assert policy[0].startswith("default-src 'none'; "), policy
    assert "unsafe" not in policy[0] and "http" not in policy[0], policy
    for tag, attributes in tags:
        for name, value in attributes.items():
            assert name not in ("src", "href", "srcset", "action", "style") \
                and not name.startswith("on"), (tag, name, value)


def data_is_safe(path):
    """Between the data's tags there is no "<", and no U+2028."""
    text = path.read_text(encoding="utf-8")
    data = text.split('id="data">')[1].split("</script>")[0]
    assert "<" not in data and "\u2028" not in data and data.isascii()
    json.loads(data)


def both(suite, page, recording):
    """Everything that a person does with the page of `both`."""
    suite.case("both panels, and what they come to", shows_both, page)
    for name in "udp_v4_get_port", "tcp_connect", "SYN-ACK":
        suite.case(f"a click on {name} explains it", explains, page, name)
    suite.case("u, t, b: one protocol or both", keys_choose_a_protocol, page)
    suite.case("→ and ←: along the rows", keys_walk_along_the_rows, page)
    suite.case("steps leak nothing", steps_leak_nothing, page)
    suite.case("steps keep their place", steps_keep_their_place, page)
    suite.case("steps go back", steps_go_back, page)
    suite.case("steps reach TCP, with a click", steps_reach_tcp, page)
    suite.case("steps hide the heights", hides_the_heights, page)
    suite.case("w: the whole run", shows_the_whole_run, page)
    suite.case("a table of all rows", has_a_table, page, recording)


def long_recording(path, events, equal_rounds):
    """A client's run, over and over: the rounds are equal, or each differs in
    how much it sends."""
    lines = [json.loads(line) for line in
             (GOLDEN / "vm-pair-6.1.jsonl").read_text().splitlines()]
    middle = [line for line in lines if line["type"] in
              ("enter", "exit", "call", "packet", "state")]
    ends = [line for line in lines[1:] if line not in middle]
    span = middle[-1]["ts_ns"] - middle[0]["ts_ns"] + 1000000
    with path.open("w", encoding="utf-8") as out:
        out.write(json.dumps(lines[0]) + "\n")
        for number in range(events // len(middle)):
            for line in middle:
                copy = json.loads(json.dumps(line).replace(
                    ":48733", f":{20000 + number}"))
                copy["ts_ns"] += number * span
                if "sock" in copy and copy["sock"] == 1:
                    copy["sock"] = 10 + number
                if not equal_rounds and "len" in copy:
                    copy["len"] += number
                out.write(json.dumps(copy) + "\n")
        for line in ends:
            out.write(json.dumps(line) + "\n")
