#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""nested.py FILE: every element of the page ends inside the one that it began in."""
import html.parser
import pathlib
import sys

VOID = {"meta"}


class Nested(html.parser.HTMLParser):
    """Fails at an end tag that is not the open element's."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            sys.exit(f"line {self.getpos()[0]}: </{tag}> ends another element")


page = Nested()
page.feed(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
page.close()
if page.open:
    sys.exit(f"open at the end: {page.open}")
