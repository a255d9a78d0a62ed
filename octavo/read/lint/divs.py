"""Fenced divs: unclosed, stray, opened where pandoc does not look for one, and callouts that do not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from octavo.diagnostics import Diagnostic, did_you_mean
from octavo.read.lint.attributes import HINT, braces, is_valid, shown
from octavo.read.lint.scan import BEGINS, COVER, Scan

DIV = re.compile(r"^(?P<indent>[ \t>]*)(?P<colons>:{3,})[ \t]*(?P<rest>.*?)[ \t]*$")
WORD = re.compile(r"^[^\s{}]+(?:[ \t]+:+)?$")
AFTER_BRACES = re.compile(r"^[ \t]*:*[ \t]*$")
NO_PARAGRAPH = re.compile(r"^[ \t>]*(?:#{1,6}\s|:{3,}|\||\+[-=:+]|<|\\|[-*_][ \t]*[-*_][ \t]*[-*_][-*_ \t]*$|$)")
CALLOUTS = ("note", "tip", "warning", "important", "caution")
CALLOUT = re.compile(r"(?:^|[\s{.])\.?callout-(?P<kind>[\w-]+)")
# What Quarto itself calls `callout-…` beside the kinds.
OTHER_CALLOUTS = ("appearance", "icon", "style-default", "style-simple", "style-minimal", "titled")


@dataclass(frozen=True)
class Opened:
    """A div's opening line: its place, its colons and its attributes as written."""

    index: int
    column: int
    colons: str
    attributes: str


def check(scan: Scan) -> Iterator[Diagnostic]:
    if _printed(scan):
        return
    stack: list[Opened] = []
    for index, column, colons, rest, wrong in _marks(scan):
        yield from wrong
        if rest is None:
            continue
        if rest:
            stack.append(Opened(index, column, colons, rest))
            yield from _callout(scan, stack[-1])
        elif stack:
            stack.pop()
        else:
            hint = "nothing is open here: take it away, or open its div"
            yield scan.error("OCT-div-stray", "this `:::` closes no div", index, column, hint)
    for opened in stack:
        message = f"the div `{opened.colons} {shown(opened.attributes)}` is never closed"
        yield scan.error("OCT-div-unclosed", message, opened.index, opened.column, f"close it with `{opened.colons}`")


def enclosing(scan: Scan) -> dict[int, tuple[str, ...]]:
    """For each line of prose, the attributes of the divs around it, the outermost first."""
    marks = {index: rest for index, _, _, rest, _ in _marks(scan) if rest is not None}
    stack: list[str] = []
    around = {}
    for index, _ in scan.lines():
        if index in marks:
            if marks[index]:
                stack.append(marks[index])
            elif stack:
                stack.pop()
        around[index] = tuple(stack)
    return around


def _marks(scan: Scan) -> Iterator[tuple[int, int, str, str | None, list[Diagnostic]]]:
    """Each `:::` line: index, column, colons, attributes ("" closes, None is no div), and what is wrong with it."""
    for index, line in scan.lines():
        if ":::" not in line:
            continue
        match = DIV.match(line)
        if not match:
            continue
        column, rest, wrong = match.start("colons") + 1, match["rest"], []
        if rest.startswith("{"):
            start = match.start("rest")
            written, closed = braces(scan, index, start)
            after = "" if "\n" in written else line[start + len(written) :]
            if not closed:
                message = "the attributes of this div are never closed"
                wrong.append(scan.error("OCT-attributes-unclosed", message, index, start + 1, "add a `}`"))
            elif not is_valid(written):
                message = f"the attributes of this div cannot be read: `{shown(written)}`"
                wrong.append(scan.error("OCT-attributes-malformed", message, index, start + 1, HINT))
            elif not AFTER_BRACES.match(after):
                message = "nothing may follow the attributes of a div"
                column_after = len(line) - len(after.lstrip()) + 1
                wrong.append(scan.error("OCT-div-malformed", message, index, column_after))
            rest = written
        elif rest.startswith(".") and WORD.match(rest):
            message = f"the class of this div is `{rest.split()[0]}`, with its dot, and means nothing"
            hint = f"write `{match['colons']} {{{rest.split()[0]}}}`"
            wrong.append(scan.warning("OCT-div-malformed", message, index, column, hint))
        elif rest and not WORD.match(rest):
            if COVER in rest:
                continue
            message = f"this does not open a div: `{shown(line)}`"
            hint = "write `::: {.class}`, or one word after the colons"
            wrong.append(scan.error("OCT-div-malformed", message, index, column, hint))
        if rest and not wrong and _glued(scan, index):
            message = "this `:::` follows a paragraph, so it is text and opens nothing"
            wrong.append(scan.error("OCT-div-glued", message, index, column, "put a blank line before it"))
        yield index, column, match["colons"], rest, wrong


def _glued(scan: Scan, index: int) -> bool:
    """Whether pandoc takes the line above for a paragraph that goes on."""
    if index == 0 or index <= scan.source.body_first or BEGINS.match(scan.source.lines[index].text):
        return False  # an item of a list or a definition begins with it
    above, written = scan.prose[index - 1], scan.source.lines[index - 1].text
    # Covered from its start, the line is a shortcode or indented code, or else it begins with math or a code span.
    hidden = above.strip().startswith(COVER) and written.startswith(("{{", "    ", "\t"))
    return bool(above.strip()) and not (NO_PARAGRAPH.match(written) or NO_PARAGRAPH.match(above) or hidden)


def _printed(scan: Scan) -> bool:
    """Whether some cell prints Markdown, which may open and close divs too."""
    return any("asis" in str(c.options.get(k)) for c in scan.source.cells for k in ("output", "results")) and any(
        ":::" in c.code for c in scan.source.cells
    )


def _callout(scan: Scan, opened: Opened) -> Iterator[Diagnostic]:
    for match in CALLOUT.finditer(opened.attributes):
        kind = match["kind"]
        if kind in CALLOUTS or kind in OTHER_CALLOUTS or "filters" in scan.source.front_matter:
            continue
        hint = did_you_mean(f"callout-{kind}", [f"callout-{known}" for known in CALLOUTS])
        message = f"there is no callout `callout-{kind}`"
        make = scan.error if hint else scan.warning
        yield make("OCT-callout-unknown", message, opened.index, opened.column, hint)
