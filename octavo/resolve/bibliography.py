"""Which files a document is written with: its bibliographies, its citation style, its reference document."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from octavo.diagnostics import Diagnostic, error
from octavo.read.yaml import position_of
from octavo.resolve.document import Document, page_file


def bibliography_of(document: Document, root: Path) -> tuple[list[Path], list[Diagnostic]]:
    """The bibliography files of a document that exist; an error for each that does not."""
    return _files(document, root, "bibliography", "OCT-bibliography-missing")


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
