"""Raw HTML that is not balanced, which moves all that follows to the wrong place, and tags that are no elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from octavo.diagnostics import Diagnostic, did_you_mean
from octavo.read.lint.scan import Scan

TAG = re.compile(
    r"(?<!\]\()(?<!\]: )<(?P<close>/?)(?P<tag>[A-Za-z][A-Za-z0-9]*)(?=[\s/>])(?P<rest>(?:[^<>\n]|\n(?![ \t>]*\n))*)>"
)
NOT_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->|\{\{<.*?>\}\}", re.IGNORECASE | re.DOTALL)


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Elements that hold the page's structure; the others hold words.
BLOCKS = _set(
    "address article aside blockquote center details dialog div dl fieldset figure footer form header hgroup main menu"
    " nav ol pre search section table ul video audio iframe object svg math select"
)
WORDS = _set(
    "a abbr acronym b bdi bdo big button canvas cite code data datalist del dfn em figcaption font h1 h2 h3 h4 h5 h6 i"
    " ins kbd label legend map mark meter nobr noscript output picture progress q ruby s samp script slot small span"
    " strike strong style sub summary sup template textarea time title tt u var"
)
# HTML closes these by itself, or they hold nothing.
UNCLOSED = _set(
    "area base body br caption col colgroup dd dt embed head hr html img input li link meta optgroup option p param rp"
    " rt source tbody td tfoot th thead tr track wbr"
)
# These are covered, up to their end tags.
VERBATIM = frozenset(("script", "style", "pre", "textarea", "svg"))
# What stands in them has names of its own.
FOREIGN = frozenset(("svg", "math"))


class Opened(NamedTuple):
    """A start tag that waits for its end."""

    tag: str
    index: int
    column: int


def check(scan: Scan) -> Iterator[Diagnostic]:
    if any("<" in cell.code and "asis" in str(cell.options.get("output")) for cell in scan.source.cells):
        return  # a cell may print the missing tag
    stack: list[Opened] = []
    for index, column, match in _tags(scan):
        tag = match["tag"].lower()
        if any(opened.tag in FOREIGN for opened in stack) and not (match["close"] and tag in FOREIGN):
            continue
        if tag not in BLOCKS and tag not in WORDS and tag not in UNCLOSED:
            if not match["close"]:
                yield _unknown(scan, match, index, column)
        elif tag in UNCLOSED or match["rest"].endswith("/"):
            continue
        elif not match["close"]:
            stack.append(Opened(tag, index, column))
        elif any(tag == opened.tag for opened in stack):
            while stack[-1].tag != tag:
                yield _unclosed(scan, stack.pop())
            stack.pop()
        elif tag not in VERBATIM:
            make = scan.error if tag in BLOCKS else scan.warning
            yield make("OCT-html-stray", f"this `</{tag}>` closes nothing", index, column)
    for opened in stack:
        yield _unclosed(scan, opened)


def _tags(scan: Scan) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Every tag with its line and column, those that go over several lines included."""
    raw = {i: NOT_TAGS.sub(lambda match: " " * len(match[0]), line) for i, line in scan.raw_html.items()}
    lines = [raw.get(i, line) for i, line in enumerate(scan.prose)]
    text = "\n".join(lines)
    index = begin = 0
    for match in TAG.finditer(text):
        while match.start() > begin + len(lines[index]):
            begin += len(lines[index]) + 1
            index += 1
        yield index, match.start() - begin + 1, match


def _unclosed(scan: Scan, opened: Opened) -> Diagnostic:
    make = scan.error if opened.tag in BLOCKS else scan.warning
    message, hint = f"this `<{opened.tag}>` is never closed", f"close it with `</{opened.tag}>`"
    return make("OCT-html-unclosed", message, opened.index, opened.column, hint)


def _unknown(scan: Scan, match: re.Match[str], index: int, column: int) -> Diagnostic:
    tag = match["tag"]
    message = f"there is no element `<{tag}>` in HTML, and nothing of the tag is shown"
    hint = did_you_mean(tag.lower(), BLOCKS | WORDS | UNCLOSED) if len(tag) > 3 else None
    return scan.warning("OCT-html-unknown", message, index, column, hint or f"as text it is written `\\<{tag}>`")
