"""Attributes in braces as pandoc reads them, and the ones it does not read and prints as text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from octavo.diagnostics import Diagnostic
from octavo.read.lint.scan import COVER, Scan
from octavo.read.source import CELL

NAME = r"[^\W\d_][\w:-]*"
VALUE = r"""(?:"(?>[^"\\]|\\[\s\S])*"|'(?>[^'\\]|\\[\s\S])*'|[^\s"'{}][^\s{}]*|(?=[\s}]))"""
# As pandoc reads them; only a quote that is never closed, which it takes for a value, is a mistake here.
# Nothing is given back (`(?>…)`, `*+`), so that long attributes cannot take long.
ITEM = rf"(?>\#[\w:.-]+|\.{NAME}|[^\W\d_][\w:.-]*={VALUE}|-)"
ATTRIBUTES = re.compile(rf"\{{\s*(?:=[\w+-]+|(?:{ITEM}\s*+)*+)\s*\}}")
AFTER_LINK = re.compile(r"\]\((?:[^()\n]|\([^()\n]*\))*\)(?=\{)")
IN_HEADING = re.compile(r"^[ \t>]*#{1,6}[ \t].*?(?=\{[#.=])")
# What a brace behind a span, a piece of code or a language is meant for; another one is text.
MEANT = re.compile(r"\{\s*(?:[.#][^\W\d_]|[^\W\d_][\w-]*=|[^\W\d_][\w-]*\}|=[a-z])")
AFTER_SPAN = re.compile(rf"[\]{COVER}](?=\{{)")
COMMAND = re.compile(rf"{COVER}[A-Za-z]+\*?\[[^\[\]]*\]$")
HINT = "attributes are `#id`, `.class` and `key=value`, set apart by blanks"


def check(scan: Scan) -> Iterator[Diagnostic]:
    for index, line in scan.lines():
        if "{" not in line:
            continue
        heading = IN_HEADING.match(line)
        if heading:
            yield from _braces(scan, index, heading.end(), "this heading's")
            continue
        for match in AFTER_LINK.finditer(line):
            yield from _braces(scan, index, match.end(), "these")
        for match in AFTER_SPAN.finditer(line):
            is_command = match[0] == "]" and COMMAND.search(line[max(match.end() - 200, 0) : match.end()])  # of TeX
            if MEANT.match(line, match.end()) and not is_command:
                wrong = list(_braces(scan, index, match.end(), "these"))
                yield from wrong
                if wrong:
                    break  # what follows is within them
    yield from _of_code(scan)


def _of_code(scan: Scan) -> Iterator[Diagnostic]:
    """Code blocks whose attributes pandoc does not read: it takes the fence for text."""
    for index, column, info in scan.fences:
        start = info.find("{")
        if start < 0 or info.startswith("{{") or CELL.match(info) or is_valid(info[start:]):
            continue
        message = f"the attributes of this code block cannot be read: `{shown(info[start:])}`"
        yield scan.error("OCT-attributes-malformed", message, index, column + start, HINT)


def _braces(scan: Scan, index: int, start: int, whose: str) -> Iterator[Diagnostic]:
    written, closed = braces(scan, index, start)
    if not closed:
        yield scan.error(
            "OCT-attributes-unclosed", f"{whose} attributes are never closed", index, start + 1, "add a `}`"
        )
    elif not is_valid(written):
        yield scan.error(
            "OCT-attributes-malformed", f"{whose} attributes cannot be read: `{shown(written)}`", index, start + 1, HINT
        )


def braces(scan: Scan, index: int, start: int) -> tuple[str, bool]:
    """What stands from the brace at column `start` (0-based) to its end, which may be on a later line."""
    text = scan.prose[index][start:]
    while not _ends(text):
        index += 1
        if index >= len(scan.prose) or not scan.prose[index].strip():
            return text, False
        text += "\n" + scan.prose[index]
    return text[: _ends(text)], True


def is_valid(written: str) -> bool:
    """Whether pandoc reads these braces; a covered value (a shortcode) may be anything."""
    return COVER in written or bool(ATTRIBUTES.fullmatch(written))


def shown(written: str) -> str:
    return " ".join(written.replace(COVER, "…").split())


def _ends(text: str) -> int:
    """The place after the closing brace of `text`, or 0; braces in quotes do not count."""
    quote, escaped = "", False
    for i, c in enumerate(text):
        if quote:
            quote = "" if c == quote and not escaped else quote
            escaped = c == "\\" and not escaped
        elif c in "\"'" and text[i - 1] == "=":
            quote = c
        elif c == "}":
            return i + 1
    return 0
