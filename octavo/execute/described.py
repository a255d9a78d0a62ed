"""Figures that cells draw and nobody describes: who cannot see them learns nothing of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from octavo.diagnostics import Diagnostic, warning
from octavo.execute.options import cell_options, wanted
from octavo.execute.outputs import SUFFIXES, is_display
from octavo.read.source import Source

DESCRIBING = ("fig-alt", "fig-cap", "fig-subcap", "lst-cap", "tbl-cap")
HINT = "`#| fig-alt: …` says what it shows, `#| fig-cap: …` does for all readers"


def undescribed(
    source: Source, outputs: Sequence[Sequence[Mapping[str, Any]]], execute: Mapping[str, Any]
) -> list[Diagnostic]:
    """A warning for each cell that shows a picture without caption or alternative text."""
    found = []
    for cell, given in zip(source.cells, outputs, strict=False):
        asked = cell_options(cell)
        shown = wanted(asked, execute, "include") is not False and wanted(asked, execute, "output") not in (
            False,
            "asis",
        )
        pictures = any(is_display(output) and any(mime in SUFFIXES for mime in output["data"]) for output in given)
        if pictures and shown and not any(asked.get(key) is not None for key in DESCRIBING):
            message = "the figure that this cell draws has no alternative text"
            found.append(warning("OCT-alt-missing", message, source.position(cell.first, len(cell.indent) + 1), HINT))
    return found
