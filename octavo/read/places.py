"""Where an author's own words stand on a page, so that what is wrong with them can be said at their line."""

from __future__ import annotations

import re

from octavo.diagnostics import Position
from octavo.read.lint.scan import scan
from octavo.read.source import Source


def places(source: Source, words: str, code: bool = False) -> list[Position]:
    """Every place where `words` stand for themselves: in prose, or if they stand nowhere there, in all of the text.

    A word that goes on (`@fig-a` in `@fig-ab`) is another one. `code`: the words are math, which stand between dollars
    if they stand there anywhere, or a cell's.
    """
    if not words.strip():
        return []
    pattern = _pattern(words)
    lines = [line.text for line in source.lines]
    if code:
        formula = re.compile(rf"(?<=\$){re.escape(words)}(?=\$)")
        return _found(source, lines, formula) or _found(source, lines, pattern)
    return _found(source, list(scan(source).prose), pattern) or _found(source, lines, pattern)


def _pattern(words: str) -> re.Pattern[str]:
    body = r"\s+".join(map(re.escape, words.split())) if "\n" not in words else re.escape(words)
    before = r"(?<![\w@])" if words[0].isalnum() or words[0] in "@#_" else ""
    after = r"(?![\w-]|[.:]\w)" if words[-1].isalnum() else r"(?!\w)" if words[-1] == "/" else ""
    return re.compile(before + body + after)


def _found(source: Source, lines: list[str], pattern: re.Pattern[str]) -> list[Position]:
    text = "\n".join(lines)
    found = []
    for match in pattern.finditer(text):
        before = text[: match.start()]
        found.append(source.position(before.count("\n"), match.start() - (before.rfind("\n") + 1) + 1))
    return found
