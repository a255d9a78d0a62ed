"""Headings that skip a level, which breaks the outline for readers who navigate by it, and headings that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from octavo.diagnostics import Diagnostic
from octavo.read.lint.divs import enclosing
from octavo.read.lint.scan import Scan

HEADING = re.compile(r"^(#{1,6})[ \t]+\S")
GLUED = re.compile(r"^#{1,6}(?=[^\W\d_])")
TOO_DEEP = re.compile(r"^#{7,}[ \t]")
UNDERLINE = re.compile(r"^(=+|-+)[ \t]*$")


def check(scan: Scan) -> Iterator[Diagnostic]:
    around = enclosing(scan)
    level = 0
    for index, line in scan.lines():
        if line[0] == "#":
            yield from _none(scan, index, line)
        match = HEADING.match(line)
        if match and around[index]:
            continue  # the title of a callout, a theorem or a tab
        if match:
            found = len(match[1])
            if level and found > level + 1:
                message = f"this heading jumps from level {level} to level {found}"
                yield scan.warning("OCT-heading-jump", message, index, 1, f"use `{'#' * (level + 1)}`")
            level = found
        elif UNDERLINE.match(line) and _underlines(scan, index):
            level = 1 if line[0] == "=" else 2


def _underlines(scan: Scan, index: int) -> bool:
    above = scan.prose[index - 1].strip() if index else ""
    before = scan.prose[index - 2].strip() if index > 1 else ""
    return bool(above) and not before and not above.startswith(("|", ":::", "#", "-", "<"))


def _none(scan: Scan, index: int, line: str) -> Iterator[Diagnostic]:
    """What looks like a heading and is printed as text, or as one of a level that no format has."""
    if TOO_DEEP.match(line):
        yield scan.warning("OCT-heading-malformed", "there are six levels of headings", index, 1, "use `######`")
    glued = GLUED.match(line)
    alone = not any(scan.prose[i].strip() for i in (index - 1, index + 1) if 0 <= i < len(scan.prose))
    # One mark before a word may be a tag; several tags stand in a row.
    if glued and alone and (len(glued[0]) > 1 or (line[1].isupper() and " #" not in line)):
        hint = f"put a blank behind the `{glued[0]}`"
        yield scan.warning("OCT-heading-malformed", "this is text, and no heading", index, 1, hint)
