"""Identifiers: given twice on a page, and with a prefix that no cross-reference knows."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import replace

from octavo.diagnostics import Diagnostic
from octavo.read.lint.attributes import is_valid
from octavo.read.lint.divs import enclosing
from octavo.read.lint.scan import Scan
from octavo.read.yaml import position_of

ID = re.compile(r"(?<=[{\s])#(?P<id>[^\s{}\ue000]+)(?=[\s}])")
BRACES = re.compile(r"\{[^{}]*\}")
REFERENCE = re.compile(r"(?<![\w/])@(?P<id>[A-Za-z]+[-_:][\w:.-]*\w)")
MEANT = {
    "theorem": "thm", "thrm": "thm", "lemma": "lem", "corollary": "cor", "proposition": "prp", "prop": "prp",
    "conjecture": "cnj", "conj": "cnj", "definition": "def", "defn": "def", "example": "exm", "exa": "exm",
    "exercise": "exr", "solution": "sol", "remark": "rem", "rmk": "rem", "figure": "fig", "table": "tbl", "tab": "tbl",
    "equation": "eq", "eqn": "eq", "section": "sec", "listing": "lst",
}  # fmt: skip
KNOWN = frozenset(MEANT.values())
TABLE_CAPTION = re.compile(r"^[ \t>]*(?:Table|table)?:[ \t].*\{(?P<label>#fig-(?P<rest>[\w:.-]+))")
HTML_ID = re.compile(r"""<[A-Za-z][^<>]*?\sid=(?P<quote>["'])(?P<id>[^"'<>]+)(?P=quote)""")
CONDITIONAL = re.compile(r"\.content-(?:visible|hidden)")


def check(scan: Scan) -> Iterator[Diagnostic]:
    around = enclosing(scan)
    referred = {m["id"] for _, line in scan.lines() if "@" in line for m in REFERENCE.finditer(line)}
    first: dict[str, tuple[int, bool]] = {}
    for index, line in scan.lines():
        if caption := TABLE_CAPTION.match(line):
            message = f"`fig-{caption['rest']}` labels a table, and makes it a figure"
            place, hint = caption.start("label") + 1, f"call it `tbl-{caption['rest']}`"
            yield scan.warning("OCT-label-prefix", message, index, place, hint)
    for index, column, name in sorted(_identifiers(scan)):
        sometimes = any(CONDITIONAL.search(div) for div in around.get(index, ()))
        if name not in first:
            first[name] = (index, sometimes)
        elif not (sometimes or first[name][1]):
            where = scan.source.position(first[name][0])
            message = f"the identifier `{name}` is given twice"
            # Tables that tools have written as HTML repeat theirs.
            make = scan.warning if scan.prose[index][:column].rstrip("\"'").endswith("id=") else scan.error
            yield make("OCT-id-duplicate", message, index, column, f"first at {where.file}:{where.line}")
        if name in referred:
            yield from _prefix(scan, name, index, column)
    for cell in scan.source.cells:
        name = str(cell.options.get("label") or "")
        if name in referred and (place := position_of(cell.options, "label")):
            for found in _prefix(scan, name, cell.first, 1):
                yield replace(found, position=place)


def _identifiers(scan: Scan) -> Iterator[tuple[int, int, str]]:
    """Every identifier that the author gives: line, column, name."""
    for index, line in scan.lines():
        for braces in filter(_are_attributes, BRACES.finditer(line)) if "#" in line else ():
            for match in ID.finditer(braces[0]):
                yield index, braces.start() + match.start() + 1, match["id"]
        for match in HTML_ID.finditer(line) if "<" in line else ():
            yield index, match.start("id") + 1, match["id"]
    for index, column, info in scan.fences:
        for match in ID.finditer(info) if info.startswith("{") else ():
            yield index, column + match.start(), match["id"]


def _are_attributes(braces: re.Match[str]) -> bool:
    """Whether pandoc reads the braces; others are text, or the rules of a style sheet."""
    return is_valid(braces[0])


def _prefix(scan: Scan, name: str, index: int, column: int) -> Iterator[Diagnostic]:
    """A label that is referred to, but whose prefix (`theorem-`, `thm_`, `thm:`) makes it no cross-reference."""
    parts = re.fullmatch(r"([A-Za-z]+)([-_:])(.*)", name)
    if not parts:
        return
    prefix, mark, rest = parts.groups()
    meant = prefix if prefix in KNOWN and mark != "-" else MEANT.get(prefix.lower())
    if not meant and prefix not in KNOWN and "crossref" not in scan.source.front_matter:
        near = difflib.get_close_matches(prefix.lower(), [*MEANT, *sorted(KNOWN)], n=1, cutoff=0.66)
        meant = MEANT.get(near[0], near[0]) if near else None
    if meant:
        message = f"`{name}` cannot be referred to: the prefix of such a label is `{meant}-`"
        yield scan.error("OCT-label-prefix", message, index, column, f"call it `{meant}-{rest}`")
