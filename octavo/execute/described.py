"""What cells put out and readers do not get: pictures that nobody describes, objects that no format shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from octavo.diagnostics import Diagnostic, warning
from octavo.execute.options import cell_options, wanted
from octavo.execute.outputs import SUFFIXES, WIDGETS, chosen, is_display
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
        shown = _shows(asked, execute) and wanted(asked, execute, "output") != "asis"
        pictures = any(is_display(output) and any(mime in SUFFIXES for mime in output["data"]) for output in given)
        if pictures and shown and not any(asked.get(key) is not None for key in DESCRIBING):
            message = "the figure that this cell draws has no alternative text"
            found.append(warning("OCT-alt-missing", message, source.position(cell.first, len(cell.indent) + 1), HINT))
    return found


def unshown(
    source: Source, outputs: Sequence[Sequence[Mapping[str, Any]]], execute: Mapping[str, Any]
) -> list[Diagnostic]:
    """A warning for each cell with an object in whose place a page has only a remark."""
    found = []
    for cell, given in zip(source.cells, outputs, strict=False):
        displays = [
            output["data"] for output in given if is_display(output) and chosen(output, "html") in (None, *WIDGETS)
        ]
        if displays and _shows(cell_options(cell), execute):
            kinds = ", ".join(f"`{mime}`" for mime in displays[0] if mime != "text/plain")
            message = f"a page cannot show this cell's output ({kinds}): a remark stands in its place"
            hint = "show a picture, HTML or Markdown of it, or take it out with `#| output: false`"
            place = source.position(cell.first, len(cell.indent) + 1)
            found.append(warning("OCT-output-unshown", message, place, hint))
    return found


def _shows(asked: Mapping[str, Any], execute: Mapping[str, Any]) -> bool:
    return wanted(asked, execute, "include") is not False and wanted(asked, execute, "output") is not False
