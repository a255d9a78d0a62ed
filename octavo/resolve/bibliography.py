"""Which files a document is written with: its bibliographies, its citation style, its reference document."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from octavo.diagnostics import Diagnostic, Position, error, warning
from octavo.read.yaml import position_of
from octavo.resolve.document import Document, page_file

ENTRY = re.compile(r"^\s*@(?P<type>\w+)\s*[{(]\s*(?P<key>[^\s,={}]+)\s*,")


def bibliography_of(document: Document, root: Path) -> tuple[list[Path], list[Diagnostic]]:
    """The bibliography files of a document that exist; an error for each that does not, and for each key given twice."""
    paths, told = _files(document, root, "bibliography", "OCT-bibliography-missing")
    return paths, [*told, *_twice(paths, root)]


def csl_of(document: Document, root: Path) -> tuple[Path | None, list[Diagnostic]]:
    """The citation style of a document, None for pandoc's own."""
    paths, diagnostics = _files(document, root, "csl", "OCT-csl-missing")
    return (paths[0] if paths else None), diagnostics


def reference_doc_of(document: Document, root: Path) -> tuple[Path | None, list[Diagnostic]]:
    """The Word document whose styles the author wants, None for octavo's."""
    if document.base != "docx":
        return None, []
    paths, diagnostics = _files(document, root, "reference-doc", "OCT-file-missing")
    return (paths[0] if paths else None), diagnostics


def _twice(paths: Sequence[Path], root: Path) -> list[Diagnostic]:
    """The entries whose key an earlier one has: only one of them can be cited."""
    first: dict[str, Position] = {}
    told = []
    for path in paths:
        for key, line, column in _keys(path, path.stat().st_mtime_ns) if path.suffix == ".bib" else ():
            place = Position(os.path.relpath(path, root), line, column)
            if key in first:
                hint = f"the first one is at {first[key].file}:{first[key].line}"
                told.append(warning("OCT-cite-duplicate", f"two bibliography entries are called `{key}`", place, hint))
            first.setdefault(key, place)
    return told


@lru_cache(maxsize=64)
def _keys(path: Path, _date: int) -> tuple[tuple[str, int, int], ...]:
    """The keys of a BibTeX file's entries, with their lines and columns."""
    found = []
    for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
        entry = ENTRY.match(line)
        if entry and entry["type"].lower() not in ("comment", "string", "preamble"):
            found.append((entry["key"], number, entry.start("key") + 1))
    return tuple(found)


def _files(document: Document, root: Path, key: str, code: str) -> tuple[list[Path], list[Diagnostic]]:
    value: Any = document.options.get(key)
    if isinstance(value, Mapping):  # by topic, for a filter that makes a list of each
        value = [name for names in value.values() for name in ([names] if isinstance(names, str) else names)]
    names = [value] if isinstance(value, str) else list(value or [])
    paths, diagnostics = [], []
    for i, name in enumerate(names):
        path = root / page_file(document, str(name))
        if path.is_file():
            paths.append(path)
        else:
            place = position_of(value, i) or position_of(document.options, key)
            far = "a build reads nothing from the network: save it beside the page" if "://" in str(name) else None
            diagnostics.append(error(code, f"the file `{name}` named under `{key}` does not exist", place, far))
    return paths, diagnostics
