"""What some readers cannot see or hear: images without alternative text, links without text, tables without header, frames without title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from octavo.diagnostics import Diagnostic
from octavo.read.lint.attributes import braces
from octavo.read.lint.divs import enclosing
from octavo.read.lint.scan import Scan, found

IMAGE = re.compile(r"!\[\]\((?:[^()\n]|\([^()\n]*\))+\)")
HTML_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
FRAME = re.compile(r"<iframe\b[^<>]*>", re.IGNORECASE)
HTML_LINK = re.compile(r"""<a\b(?![^<>]*\baria-label)(?=[^<>]*\bhref)[^<>]*>\s*</a>""", re.IGNORECASE)
LINK = re.compile(r"(?<!!)\[[ \t]*\]\((?!\ue000)(?:[^()\n]|\([^()\n]*\))+\)")
EMPTY_ROW = re.compile(r"^[ \t>]*\|(?:[ \t]*\|)+[ \t]*$")
RULE_ROW = re.compile(r"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:[|+][ \t]*:?-*:?[ \t]*)*$")
HTML_TABLE = re.compile(r"<table\b.*?</table>", re.IGNORECASE | re.DOTALL)
GRID_ROW = re.compile(r"^[ \t>]*\+(?:[-:]{2,}\+)+[ \t]*$")
GRID_HEAD = re.compile(r"^[ \t>]*\+(?:[=:]{2,}\+)+[ \t]*$")
GRID_HINT = "the line below the header is of `=` instead of `-`"
HAS_TITLE = re.compile(r"\b(?:title|aria-label|aria-labelledby|aria-hidden|hidden)\b", re.IGNORECASE)
HAS_ALT = re.compile(r"(?:fig-alt|\balt|aria-hidden|role)\s*=")
HINT = 'write `![](file){fig-alt="what it shows"}`, or `fig-alt=""` for a mere ornament'


def check(scan: Scan) -> Iterator[Diagnostic]:
    yield from _html(scan)
    around = enclosing(scan)
    for index, line in scan.lines():
        if "](" in line:
            for match in IMAGE.finditer(line):
                if not _described(scan, index, match.end(), around[index]):
                    yield scan.warning(
                        "OCT-alt-missing", "this image has no alternative text", index, match.start() + 1, HINT
                    )
            for match in LINK.finditer(line):
                message = "this link has no text"
                yield scan.warning("OCT-link-empty", message, index, match.start() + 1, "say where it leads")
        if GRID_ROW.match(line) and not (index and scan.prose[index - 1].strip()) and not _has_grid_head(scan, index):
            yield scan.warning("OCT-table-header", "this table has no header", index, 1, GRID_HINT)
        if EMPTY_ROW.match(line) and index + 1 < len(scan.prose) and RULE_ROW.match(scan.prose[index + 1]):
            if "|" in scan.prose[index + 1] and not scan.prose[index - 1].strip():
                hint = "name each column in the first row"
                yield scan.warning("OCT-table-header", "this table has no header", index, 1, hint)


def _html(scan: Scan) -> Iterator[Diagnostic]:
    """Raw images and links, which may go over several lines, and tables."""
    for index, column, tag in found(scan, HTML_IMAGE):
        if not HAS_ALT.search(tag):
            yield scan.warning("OCT-alt-missing", "this image has no alternative text", index, column, 'add `alt="…"`')
    for index, column, _ in found(scan, HTML_LINK):
        yield scan.warning("OCT-link-empty", "this link has no text", index, column, "say where it leads")
    for index, column, tag in found(scan, FRAME):
        if not HAS_TITLE.search(tag):
            hint = 'say what it shows: `title="…"`'
            yield scan.warning("OCT-frame-title", "this frame has no title", index, column, hint)
    for index, column, table in found(scan, HTML_TABLE):
        # One cell or one row is no table of data.
        many = table.lower().count("<tr") > 1 and table.lower().count("<td") > 3
        if many and "<th" not in table.lower() and "role=" not in table.partition(">")[0]:
            hint = "write the cells that name columns or rows as `<th>`"
            yield scan.warning("OCT-table-header", "this table has no header", index, column, hint)


def _has_grid_head(scan: Scan, index: int) -> bool:
    while index < len(scan.prose) and scan.prose[index].strip():
        if GRID_HEAD.match(scan.prose[index]):
            return True
        index += 1
    return False


def _described(scan: Scan, index: int, end: int, around: tuple[str, ...]) -> bool:
    """Whether an image's own attributes, or those of the figure that it stands in, describe it."""
    written = braces(scan, index, end)[0] if scan.prose[index].startswith("{", end) else ""
    if HAS_ALT.search(written) or "\ue000" in written:
        return True
    # The last paragraph of a figure div is its caption, which describes the image as well.
    return any(HAS_ALT.search(div) or "#fig-" in div for div in around)
