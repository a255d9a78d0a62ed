"""Where shortcodes stand in Markdown, found with one cursor over the text.

They are expanded before pandoc reads the text, so that what they give is Markdown like any other; what they stand in
decides whether that may be markup or must be plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    r"^(?P<indent>(?:[ \t]|>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))*)(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})(?P<info>[^\n]*)$"
    r"|^[ \t>]*(?P<div>:{3,})"
    r"|(?P<comment><!--)"
    r"|(?P<escape>\\[\\`{$])"
    r"|(?P<code>`+)"
    r"|(?P<math>\$\$(?:\\.|[^\\$]|\$(?!\$))*?\$\$|\$(?=\S)(?:\\.|[^$\\\n]|\n(?![ \t]*\n))*?(?<=\S)\$(?!\d))"
    r"|(?P<open>\{{2,}<)",
    re.MULTILINE | re.DOTALL,
)
OPEN = re.compile(r"\{{2,}<")
NEST = re.compile(r"\{\{<|>\}\}")
ESCAPE_END = re.compile(r">\}{3,}")
NAME = re.compile(r"\s*[A-Za-z_][\w./:-]*(?=\s|$)")
BLANK = re.compile(r"\n[ \t>]*\n")
OFF = re.compile(r"\bshortcodes\s*=\s*[\"']?false\b")
LEAD = re.compile(r"(?:[ \t]|>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))*")
EDGE = re.compile(r"[ \t>]*(?::{3,}.*|#{1,6}\s.*)?")
# What stands before a shortcode in its paragraph when it is part of an attribute, of a target or of an HTML tag.
ATTRIBUTE = re.compile(r"(?:^|[\])`$\s:\"'])\{\s*[#.:=\w-][^{}]*$")
TARGET = re.compile(
    r"\]\([^)\s]*$|\]\(<[^>\n]*$|<[A-Za-z][\w+.-]*:[^\s>]*$|^\s{0,3}\[[^\]\n]+\]:[ \t]*\S*$", re.MULTILINE
)
TAG = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>]*)?$")
QMD = re.compile(r"\bdata-qmd\s*=\s*(?:\"[^\"]*|'[^']*)$")
DONE = re.compile(r"\{\{+<.*?>\}\}+|`[^`\n]*`", re.DOTALL)
LIST_LIKE = re.compile(r"[ \t>]*(?:[-*+:~]|\(?(?:\d+|[A-Za-z#@])[.)]|\[\^[^\]]+\]:)\s")


@dataclass(frozen=True)
class Found:
    """A shortcode in a text: `inner` is what stands in its braces, or (for an escaped one) what it shows."""

    start: int
    end: int
    escaped: bool
    inner: str
    place: str
    lead: str = ""
    splits: bool = False


def scan(text: str) -> Iterator[Found]:
    """Every shortcode of a Markdown document that is to be expanded or unescaped, in order."""
    cursor, in_output = _after_front_matter(text), False
    while match := TOKEN.search(text, cursor):
        cursor = match.end()
        if match["fence"]:
            end = _fence_end(text, match)
            if not in_output and ".cell-code" not in match["info"] and not OFF.search(match["info"]):
                yield from within(text, match.start("info"), match.end(), "attribute")
                yield from within(text, match.end(), end, "text")
            cursor = end
        elif match["div"]:
            in_output = ".cell-output" in text[match.end() : _find(text, "\n", match.end())]
        elif match["comment"]:
            cursor = _find(text, "-->", cursor)
        elif match["code"]:
            closing = re.compile(rf"(?<!`){match['code']}(?!`)").search(text, cursor, _paragraph_end(text, cursor))
            if closing:
                cursor = closing.end()
                braces = text[cursor : _find(text, "}", cursor)] if text.startswith("{", cursor) else ""
                if not OFF.search(braces):
                    yield from within(text, match.end(), closing.start(), "text")
        elif match["math"]:
            yield from within(text, match.start(), match.end(), "text")
        elif match["open"]:
            found = _shortcode(text, match, _paragraph_end(text, cursor), None)
            if found:
                yield found
                cursor = found.end


def within(text: str, start: int, end: int, place: str) -> Iterator[Found]:
    """The shortcodes in a part of `text` all of which is one place."""
    while match := OPEN.search(text, start, end):
        here = "qmd" if place == "text" and QMD.search(text, start, match.start()) else place
        found = _shortcode(text, match, end, here)
        if found:
            yield found
        start = found.end if found else match.end()


def _shortcode(text: str, match: re.Match[str], limit: int, place: str | None) -> Found | None:
    start = match.start()
    if len(match[0]) > 3:
        closing = ESCAPE_END.search(text, match.end(), limit)
        if not closing:
            return None
        return Found(start, closing.end(), True, text[start + 1 : closing.end() - 1], place or "inline")
    depth, end = 1, match.end()
    while depth:
        nested = NEST.search(text, end, limit)
        if not nested:
            return None
        depth, end = depth + (1 if nested[0] == "{{<" else -1), nested.end()
    inner = text[match.end() : end - 3]
    if inner.startswith("/*") and inner.endswith("*/"):
        return Found(start, end, True, "{{<" + inner[2:-2] + ">}}", place or "inline")
    if not NAME.match(inner):
        return None
    if place:
        return Found(start, end, False, inner, place)
    line_start = text.rfind("\n", 0, start) + 1
    line = text[line_start:start]
    place = _place(text, start, end)
    lead = "".join(c if c in "> \t" else " " for c in LEAD.match(line)[0])
    return Found(start, end, False, inner, place, lead, place == "inline" and line.lstrip("> \t")[:1] not in ("#", "|"))


def _place(text: str, start: int, end: int) -> str:
    before = DONE.sub("x", text[_paragraph_start(text, start) : start])
    if ATTRIBUTE.search(before):
        return "attribute"
    if TARGET.search(before):
        return "target"
    if TAG.search(before):
        return "qmd" if QMD.search(before) else "tag"
    line_start = text.rfind("\n", 0, start) + 1
    line_end = _find(text, "\n", end)
    if _is_indented_code(text, line_start):
        return "text"
    lead = LEAD.fullmatch(text[line_start:start])
    if not lead or text[end:line_end].strip():
        return "inline"
    above = text[text.rfind("\n", 0, max(line_start - 1, 0)) + 1 : max(line_start - 1, 0)]
    below = text[line_end + 1 : _find(text, "\n", line_end + 1)]
    begins_item = bool(lead[0].strip("> \t"))
    ends = EDGE.fullmatch(below) or (begins_item and LIST_LIKE.match(below))
    return "block" if (begins_item or EDGE.fullmatch(above)) and ends else "inline"


def _is_indented_code(text: str, line_start: int) -> bool:
    """Whether the line is code by its four spaces: not so inside a list, a definition or a footnote."""
    if not re.compile(r" {4}|\t").match(text, line_start):
        return False
    blank, lines = line_start == 0, text[:line_start].split("\n")[:-1]
    for line in reversed(lines):
        if not line.strip():
            blank = True
        elif not line.startswith(("    ", "\t")):
            return blank and not line.startswith((" ", ">")) and not LIST_LIKE.match(line)
        else:
            blank = False
    return blank


def _find(text: str, needle: str, at: int) -> int:
    found = text.find(needle, at)
    return len(text) if found < 0 else found


def _paragraph_start(text: str, at: int) -> int:
    ends = [m.end() for m in BLANK.finditer(text, max(0, at - 5000), at)]
    return ends[-1] if ends else max(0, at - 5000)


def _paragraph_end(text: str, at: int) -> int:
    blank = BLANK.search(text, at)
    return blank.start() if blank else len(text)


def _fence_end(text: str, match: re.Match[str]) -> int:
    fence = match["fence"]
    closing = re.compile(rf"^[ \t>]*{fence[0]}{{{len(fence)},}}[ \t]*$", re.MULTILINE).search(text, match.end())
    return closing.end() if closing else len(text)


def _after_front_matter(text: str) -> int:
    match = re.compile(r"---[ \t]*\n(?![ \t]*\n).*?\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL).match(text)
    return match.end() if match else 0
