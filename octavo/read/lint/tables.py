"""Pipe tables that pandoc takes for text, and rows with more cells than columns, of which it leaves the rest out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from octavo.diagnostics import Diagnostic
from octavo.read.lint.scan import Scan

RULE = re.compile(r"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:[|+][ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")

ROW = re.compile(r"^[ \t]*\|[^|]*\|.*\|[ \t]*$")
TEXT = re.compile(r"^[^\s#:|<>+*\\=\-`~{]")


def check(scan: Scan) -> Iterator[Diagnostic]:
    for index, line in scan.lines():
        if "|" not in line or index == 0 or not RULE.match(line) or "|" not in scan.prose[index - 1]:
            if _is_row(line) and not _is_row(scan.prose[index - 1]) and _no_rule(scan, index):
                hint = "the line below the names of the columns is `|---|---|`"
                yield scan.warning("OCT-table-malformed", "this is no table: it has no line of dashes", index, 1, hint)
            continue
        if index > 1 and _is_row(scan.prose[index - 1]) and TEXT.match(scan.prose[index - 2]):
            message = "this table follows a paragraph, so it is printed as part of it"
            hint = "put a blank line before it"
            yield scan.warning("OCT-table-malformed", message, index - 1, 1, hint)
        columns = len(_cells(line.replace("+", "|")))
        for row in _rows(scan, index):
            cells = _cells(scan.prose[row])
            if len(cells) > columns:
                message = f"this row has {len(cells)} cells, and the table {columns}: the others are left out"
                hint = "the line of dashes says how many columns there are; a bar in a cell is written `\\|`"
                yield scan.error("OCT-table-cells", message, row, cells[columns], hint)


def _is_row(line: str) -> bool:
    return bool(ROW.match(line))


def _no_rule(scan: Scan, index: int) -> bool:
    """Whether the paragraph that begins here is of rows alone, two at least."""
    lines = []
    while index < len(scan.prose) and scan.prose[index].strip():
        lines.append(scan.prose[index])
        index += 1
    return len(lines) > 1 and all(map(_is_row, lines)) and not any(map(RULE.match, lines))


def _rows(scan: Scan, rule: int) -> Iterator[int]:
    yield rule - 1
    for index in range(rule + 1, len(scan.prose)):
        if "|" not in scan.prose[index]:
            return
        yield index


def _cells(line: str) -> list[int]:
    """The column (1-based) at which each cell of a row begins."""
    end = len(line.rstrip(" \t|")) if line.rstrip().endswith("|") else len(line)
    start = len(line) - len(line.lstrip(" \t>"))
    start += line[start : start + 1] == "|"
    inner = line[start : max(end, start)]
    return [start + 1, *(start + m.end() + 1 for m in re.finditer(r"\|", inner))]
